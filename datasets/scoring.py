"""`lukou score`: what was found against what happened: capture rate (捕获率) and valid rate (有效率), per kind.

DB4403/T 150-2021 (Shenzhen) names both: of what happened, how much was captured; of what was captured, how much is
valid. An act and a finding are paired at most once, and only where kind, zone, person and time agree. Intervals are
Wilson's (1927), 95 %.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.stats import binomtest

from contract.words import ViolationKind

TOLERANCE_MS: Final = 2000
CONFIDENCE: Final = 0.95
NO_PAIR: Final = 1e9


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of truth.jsonl or violations.jsonl.

    ``intent`` is what a simulation told this road user to do, ``lamp_since_ms`` when the lamp turned red.
    """

    kind: ViolationKind
    track_id: int
    zone_id: str
    entered_ms: int
    confirmed_ms: int
    intent: str | None = None
    lamp_since_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of ``of`` and its interval; None where there is nothing to have a share of."""

    right: int
    of: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """One kind: how much happened, how much was found, and how many of both are the same."""

    happened: int
    found: int
    right: int

    def __add__(self, other: "Score") -> "Score":
        return Score(self.happened + other.happened, self.found + other.found, self.right + other.right)

    @property
    def capture(self) -> Rate:
        """Return the share of what happened that was found."""
        return rate(self.right, self.happened)

    @property
    def valid(self) -> Rate:
        """Return the share of what was found that happened."""
        return rate(self.right, self.found)


@dataclass(frozen=True, slots=True)
class Compared:
    """Every kind's score, what was missed and who was accused wrongly."""

    scores: dict[ViolationKind, Score]
    missed: tuple[Claim, ...]
    false: tuple[Claim, ...]


def rate(right: int, of: int) -> Rate:
    """Return a share with its interval."""
    if of == 0:
        return Rate(right, of, None, None, None)
    interval = binomtest(right, of).proportion_ci(CONFIDENCE, method="wilson")
    return Rate(right, of, right / of, float(interval.low), float(interval.high))


Who = Callable[[int, int], int | None]
"""The truth's number of whoever had a number of tracks.csv at a time (ms); None where nobody did."""
Whose = Callable[[Claim], int | None]
"""The person behind a finding, by the truth's numbers; None where it mixes two."""


def by_track(claim: Claim) -> int | None:
    """Take it that found and truth number road users alike."""
    return claim.track_id


def compare(
    truth: Sequence[Claim],
    found: Sequence[Claim],
    whose: Whose | None = by_track,
    tolerance_ms: int = TOLERANCE_MS,
) -> Compared:
    """Pair what happened with what was found.

    Args:
        truth: what happened.
        found: what was found.
        whose: who a finding accuses; None where the two number road users apart, and zone and time must do.
        tolerance_ms: so far may the two's times from entry to confirmation lie apart.
    """
    pairs = [pair for kind in ViolationKind for pair in _pairs(kind, truth, found, (whose, tolerance_ms))]
    met, right = {i for i, _ in pairs}, {j for _, j in pairs}
    scores = {
        kind: Score(
            sum(claim.kind is kind for claim in truth),
            sum(claim.kind is kind for claim in found),
            sum(truth[i].kind is kind for i in met),
        )
        for kind in ViolationKind
    }
    missed = tuple(claim for i, claim in enumerate(truth) if i not in met)
    return Compared(scores, missed, tuple(claim for j, claim in enumerate(found) if j not in right))


def _pairs(
    kind: ViolationKind, truth: Sequence[Claim], found: Sequence[Claim], by: tuple[Whose | None, int]
) -> list[tuple[int, int]]:
    """Return the pairs of one kind: as many as there can be, and of those the nearest in time."""
    whose, tolerance_ms = by
    rows = [i for i, claim in enumerate(truth) if claim.kind is kind]
    columns = [j for j, claim in enumerate(found) if claim.kind is kind]
    persons = {j: None if whose is None else whose(found[j]) for j in columns}
    costs = np.full((len(rows), len(columns)), NO_PAIR)
    for row, i in enumerate(rows):
        for column, j in enumerate(columns):
            same_person = whose is None or persons[j] == truth[i].track_id
            if same_person and truth[i].zone_id == found[j].zone_id and _meet(truth[i], found[j], tolerance_ms):
                costs[row, column] = abs(truth[i].entered_ms - found[j].entered_ms)
    chosen = zip(*linear_sum_assignment(costs), strict=True)
    return [(rows[row], columns[column]) for row, column in chosen if costs[row, column] < NO_PAIR]


def _meet(one: Claim, other: Claim, tolerance_ms: int) -> bool:
    if one.lamp_since_ms is not None and one.lamp_since_ms == other.lamp_since_ms:
        return True  # once a zone and red phase: who goes in twice may be told by either entry
    begins = max(one.entered_ms, other.entered_ms)
    return begins - tolerance_ms <= min(one.confirmed_ms, other.confirmed_ms)


def together(compared: Iterable[Compared]) -> dict[ViolationKind, Score]:
    """Return the scores of several comparisons as one."""
    total = dict.fromkeys(ViolationKind, Score(0, 0, 0))
    for one in compared:
        total = {kind: total[kind] + one.scores[kind] for kind in ViolationKind}
    return total
