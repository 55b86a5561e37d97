"""How well yielding (礼让斑马线) is measured: the meetings that were found held against those that happened. Pure.

A meeting is one vehicle at one crosswalk. It is found where crosswalk, vehicle and time agree; whether the vehicle
yielded is asked of the meetings that both sides know, and so is with whom it met. In a simulation the drivers do not
see those who are played: a meeting that the finding tells of one of them is nobody's merit or fault, and is set aside.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from datasets.scoring import NO_PAIR, Rate, Who, rate

TOLERANCE_MS: Final = 2000
"""So far apart may the two times lie at which the vehicle came onto the crosswalk."""
NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Met:
    """One line of yields.jsonl, by the numbers of tracks.csv; ``intent`` is what the driver was told to do."""

    track_id: int
    zone_id: str
    pedestrian_id: int
    entered_ms: int
    yielded: bool
    intent: str | None = None


@dataclass(frozen=True, slots=True)
class YieldScore:
    """How many meetings happened, were found, are the same, agree on who went first, and name the same person.

    ``happened_yielded`` and ``found_yielded`` are those in which the vehicle came second; ``aside`` were found with
    somebody whom the driver could not see, and are in none of the other counts.
    """

    happened: int = 0
    found: int = 0
    same: int = 0
    agree: int = 0
    same_person: int = 0
    happened_yielded: int = 0
    found_yielded: int = 0
    aside: int = 0

    def __add__(self, other: "YieldScore") -> "YieldScore":
        return YieldScore(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def rates(self) -> dict[str, Rate]:
        """Return the shares by their names, in the order in which they are told."""
        return {
            "capture": rate(self.same, self.happened),
            "valid": rate(self.same, self.found),
            "agreement": rate(self.agree, self.same),
            "same_person": rate(self.same_person, self.same),
            "yield_rate_true": rate(self.happened_yielded, self.happened),
            "yield_rate_found": rate(self.found_yielded, self.found),
        }


@dataclass(frozen=True, slots=True)
class YieldsCompared:
    """A score, and the meetings that are wrong: missed, found though there was none, or found the other way round."""

    score: YieldScore
    missed: tuple[Met, ...] = ()
    false: tuple[Met, ...] = ()
    turned: tuple[Met, ...] = ()


def compare_yields(
    truth: Sequence[Met], found: Sequence[Met], who: Who, played: Container[int] = frozenset()
) -> YieldsCompared:
    """Hold the meetings that were found against those that happened.

    Args:
        truth: what happened, by the truth's numbers.
        found: what was found, by the numbers of tracks.csv.
        who: who was behind a number at a time.
        played: whom the drivers could not see, by the truth's numbers.
    """
    named = [_named(one, who) for one in found]
    pairs = _pairs(truth, named)
    aside = [j for j, one in enumerate(named) if one.pedestrian_id in played]
    hidden = {i for i, j in pairs if j in aside}
    pairs = [(i, j) for i, j in pairs if j not in aside]
    met, right = dict(pairs), {j for _, j in pairs}
    happened = [one for i, one in enumerate(truth) if i not in hidden]
    kept = [j for j in range(len(named)) if j not in aside]
    turned = [j for i, j in pairs if truth[i].yielded != named[j].yielded]
    score = YieldScore(
        happened=len(happened),
        found=len(kept),
        same=len(pairs),
        agree=len(pairs) - len(turned),
        same_person=sum(truth[i].pedestrian_id == named[j].pedestrian_id for i, j in pairs),
        happened_yielded=sum(one.yielded for one in happened),
        found_yielded=sum(named[j].yielded for j in kept),
        aside=len(aside),
    )
    missed = tuple(one for i, one in enumerate(truth) if i not in met and i not in hidden)
    return YieldsCompared(
        score, missed, tuple(found[j] for j in kept if j not in right), tuple(found[j] for j in turned)
    )


def _named(one: Met, who: Who) -> Met:
    """Return a finding by the truth's numbers; a number that nobody had fits nobody."""
    numbers = (who(number, one.entered_ms) for number in (one.track_id, one.pedestrian_id))
    vehicle, person = (NOBODY if number is None else number for number in numbers)
    return replace(one, track_id=vehicle, pedestrian_id=person)


def _pairs(truth: Sequence[Met], found: Sequence[Met]) -> list[tuple[int, int]]:
    """Return as many pairs of one vehicle at one crosswalk as there can be, and of those the nearest in time."""
    costs = np.full((len(truth), len(found)), NO_PAIR)
    for i, one in enumerate(truth):
        for j, other in enumerate(found):
            apart_ms = abs(one.entered_ms - other.entered_ms)
            if (one.track_id, one.zone_id) == (other.track_id, other.zone_id) and apart_ms <= TOLERANCE_MS:
                costs[i, j] = apart_ms
    chosen = zip(*linear_sum_assignment(costs), strict=True)
    return [(int(i), int(j)) for i, j in chosen if costs[i, j] < NO_PAIR]


def together(compared: Iterable[YieldsCompared]) -> YieldScore:
    """Return the scores of several comparisons as one."""
    return sum((one.score for one in compared), YieldScore())


def yield_misses(compared: YieldsCompared) -> list[dict[str, Any]]:
    """Return the meetings that are wrong, in time order: missed, false, or turned (found the other way round)."""
    lists = {"missed": compared.missed, "false": compared.false, "turned": compared.turned}
    lines = [{"what": what, **_plain(one)} for what, listed in lists.items() for one in listed]
    return sorted(lines, key=lambda line: (line["entered_ms"], line["track_id"]))


def _plain(one: Met) -> dict[str, Any]:
    return {f.name: getattr(one, f.name) for f in fields(one)}
