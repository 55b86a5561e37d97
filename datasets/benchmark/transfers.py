"""Tracks that pass from one person to another, and whether the tracker says so: what an accusation hangs on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import linear_sum_assignment

from datasets.benchmark.sequences import Truth
from edge.observations import TrackedBox
from edge.tracking.association import overlaps

IOU_MIN = 0.5
STAYS_FRAMES = 5
"""A match that lasts fewer frames is two boxes over each other, not another person."""
SURE_MIN = 0.9


@dataclass(frozen=True, slots=True)
class Transfers:
    """How often a track went from one person to another, and how often its identity did not fall when it did."""

    all: int
    unsaid: int


def transfers(truth: Truth, said: Mapping[int, Sequence[TrackedBox]]) -> Transfers:
    """Count them over the frames that have a truth."""
    whose: dict[int, list[tuple[int, float]]] = {}
    for frame, people in sorted(truth.items()):
        for person, box in _matched(people, said.get(frame, ())):
            whose.setdefault(box.track_id, []).append((person, box.identity))
    found = [fell for matches in whose.values() for fell in _passed_on(matches)]
    return Transfers(len(found), sum(not fell for fell in found))


def _matched(
    people: Sequence[tuple[int, tuple[float, float, float, float]]], boxes: Sequence[TrackedBox]
) -> list[tuple[int, TrackedBox]]:
    if not people or not boxes:
        return []
    fits = overlaps(np.array([box for _, box in people]), np.array([box.box_xyxy_px for box in boxes]))
    rows, columns = linear_sum_assignment(-np.where(fits >= IOU_MIN, fits, 0))
    return [(people[r][0], boxes[c]) for r, c in zip(rows, columns, strict=True) if fits[r, c] >= IOU_MIN]


def _passed_on(matches: Sequence[tuple[int, float]]) -> list[bool]:
    """Return for each transfer of one track whether its identity had fallen by then."""
    stays: list[tuple[int, float, float]] = []  # person, identity at the first and at the last of the stay
    begin = 0
    for index in range(1, len(matches) + 1):
        if index == len(matches) or matches[index][0] != matches[begin][0]:
            if index - begin >= STAYS_FRAMES and (not stays or stays[-1][0] != matches[begin][0]):
                stays.append((matches[begin][0], matches[begin][1], matches[index - 1][1]))
            elif index - begin >= STAYS_FRAMES:
                stays[-1] = (stays[-1][0], stays[-1][1], matches[index - 1][1])
            begin = index
    return [after[2] < SURE_MIN * before[1] for before, after in pairwise(stays)]
