"""What the procedure looks at before an act is done: values that somebody else has gathered. Pure.

Money is integer fen; times are ms since the Unix epoch. A fact that does not concern an act stays at its default.
"""

from dataclasses import dataclass, field

from server.procedure.words import AgeBand, Basis, CaseState


@dataclass(frozen=True, slots=True)
class Review:
    """How a case is looked at before it is believed.

    ``first_by`` is who did what the actor is now asked to do independently: the first reviewer's name in a second
    review, the proposer's where a decision is approved; None where nothing is repeated. ``first_confirmed`` is the
    first reviewer's verdict;
    ``second_due``: the case is of the share that is looked at twice, or fining is on for its code;
    ``seen_ms`` is for how long the actor has had the case before them, ``seen_min_ms`` the floor.
    """

    actor: str = ""
    first_by: str | None = None
    first_confirmed: bool | None = None
    reviewed_twice: bool = False
    second_due: bool = False
    seen_ms: int = 0
    seen_min_ms: int = 0


@dataclass(frozen=True, slots=True)
class Money:
    """What a decision may cost. ``announced_fen`` is the notice's amount; ``owed_fen`` what is still to be paid."""

    amount_fen: int | None = None
    range_fen: tuple[int, int] = (0, 0)
    announced_fen: int | None = None
    simple_max_fen: int = 0
    fining_on: bool = False
    decided_fen: int | None = None
    owed_fen: int = 0
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that conditions and guards look at.

    ``held`` says why the centre does not believe the event (server.cases.holding), None where it does. ``came_from`` is
    where the case stood when a remedy began. ``hearing_over``: the party has been heard, or the time for it is over.
    ``remedies_over``: no objection, reconsideration or suit can begin any more.
    """

    evidence_complete: bool = False
    demonstration: bool = False
    held: str | None = None
    reason: str = ""
    reason_on_list: bool = False
    review: Review = field(default_factory=Review)
    money: Money = field(default_factory=Money)
    basis: Basis | None = None
    age_band: AgeBand | None = None
    identity_known: bool = False
    contact_confirmed: bool = False
    hearing_over: bool = False
    two_years_over: bool = False
    remedies_over: bool = False
    came_from: CaseState | None = None
