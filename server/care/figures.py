"""The figures of one reviewer's care: values in, values out.

Each is a share with its interval, and is told only above a number of cases, below which it says nothing of a person.
What is counted says nothing of how many were confirmed or fined (行政处罚法 art. 74), and nobody is ranked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from server.procedure.words import Act, CaseState
from server.statistics import wilson

REMOVED = frozenset({CaseState.REJECTED, CaseState.REVOKED})


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    right: int
    of: int

    @property
    def share(self) -> float:
        """Return the share; ``of`` is at least 1."""
        return self.right / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """Return Wilson's 95 % interval; ``of`` is at least 1."""
        return wilson(self.right, self.of)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict of the reviewer on a case. ``act_id`` orders what was done; ``seen_ms`` None: not measured."""

    act_id: int
    case_id: int
    before: CaseState
    after: CaseState
    seen_ms: int | None


@dataclass(frozen=True, slots=True)
class Later:
    """Something that was done to a case, by whoever."""

    act_id: int
    act: Act
    before: CaseState
    after: CaseState


@dataclass(frozen=True, slots=True)
class Care:
    """One reviewer. A figure is None where too little was counted.

    ``agreed`` is of the blind second reviews in which they were first or second, ``overturned`` of the cases that they
    judged.
    """

    reviewer: str
    known: Share | None
    agreed: Share | None
    overturned: Share | None
    seen_median_ms: int | None


def care(
    reviewer: str, known: Share, verdicts: Sequence[Verdict], later: Mapping[int, Sequence[Later]], least: int
) -> Care:
    """Reckon a reviewer's figures.

    ``later`` is what was done to each case, in its order; ``least`` how many are counted before a figure is told.
    """
    agreements = [
        agreed for verdict in verdicts if (agreed := _agreed(verdict, later.get(verdict.case_id, ()))) is not None
    ]
    cases = {verdict.case_id: verdict for verdict in reversed(verdicts)}
    overturned = sum(_overturned(verdict, later.get(case_id, ())) for case_id, verdict in cases.items())
    seen = [verdict.seen_ms for verdict in verdicts if verdict.seen_ms is not None]
    return Care(
        reviewer=reviewer,
        known=_told(known, least),
        agreed=_told(Share(sum(agreements), len(agreements)), least),
        overturned=_told(Share(overturned, len(cases)), least),
        seen_median_ms=round(median(seen)) if len(seen) >= max(least, 1) else None,
    )


def _told(share: Share, least: int) -> Share | None:
    return share if share.of >= max(least, 1) else None


def _agreed(verdict: Verdict, later: Iterable[Later]) -> bool | None:
    """Tell whether two who did not know of each other agreed; None where this was not looked at twice, or not yet."""
    if verdict.before is CaseState.SECOND_REVIEW:
        return verdict.after is not CaseState.DISPUTED
    if verdict.after is not CaseState.SECOND_REVIEW:
        return None
    for done in later:
        if done.act_id > verdict.act_id and done.before is CaseState.SECOND_REVIEW:
            return None if done.act not in {Act.CONFIRM, Act.REJECT} else done.after is not CaseState.DISPUTED
    return None


def _overturned(verdict: Verdict, later: Iterable[Later]) -> bool:
    """Tell whether an objection, a reconsideration, a court or the office itself took back what was decided on it."""
    taken_back = {Act.UPHOLD, Act.ANNUL, Act.REVOKE}
    return any(done.act_id > verdict.act_id and done.act in taken_back and done.after in REMOVED for done in later)
