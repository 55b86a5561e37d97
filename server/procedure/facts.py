"""What the procedure looks at before an act is done: values that somebody else has gathered. Pure.

Money is integer fen; times are ms since the Unix epoch. A fact that does not concern an act stays at its default.
"""

from dataclasses import dataclass, field

from server.procedure.words import AgeBand, Basis, CaseState


@dataclass(frozen=True, slots=True)
class Review:
    """How a case is looked at before it is believed.

    ``earlier_by`` are those who did what the actor is now asked to do independently: whoever has given a verdict in a
    second review or a dispute, the proposer where a decision is approved. ``first_confirmed``: the first verdict;
    ``second_due``: the case is of the share that is looked at twice, or fining is on for its code;
    ``seen_ms`` is for how long the actor has had the case before them, ``seen_min_ms`` the floor.
    """

    actor: str = ""
    earlier_by: frozenset[str] = frozenset()
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

    ``held`` says why the centre does not believe the event (server.cases.holding), None where it does;
    ``site_suspended`` why nothing of its site is believed for now (server.suspensions). ``came_from`` is
    where the case stood when a remedy began. ``hearing_over``: the party has been heard, or the time for it is over.
    ``remedies_over``: no objection, reconsideration or suit can begin any more. ``statement_kept``: what the party said
    lies under seal, or that they waive it. ``until_ms`` is the last instant of more time that is granted.
    """

    evidence_complete: bool = False
    demonstration: bool = False
    held: str | None = None
    site_suspended: str | None = None
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
    statement_kept: bool = False
    until_ms: int | None = None
    until_range_ms: tuple[int, int] = (0, 0)
    came_from: CaseState | None = None
