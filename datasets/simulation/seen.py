"""What a tracker gives of the traces: rows of places under numbers; exact, or with a tracker's faults.

The faults: places are off (``noise_m``), rows are missing, a track goes on under a new number after a gap, and two
road users of one kind who come near each other exchange their numbers. Who stood behind a number when is kept.
"""

from dataclasses import dataclass, replace
from itertools import count
from typing import Final

import numpy as np

from datasets.simulation.states import STEP_MS, Trace

VIEW_M: Final = 65.0
SWAP_M: Final = 2.0
GAP_S: Final = (0.3, 1.5)


@dataclass(frozen=True, slots=True)
class Faults:
    """How often a tracker fails. ``lost`` and ``swapped`` are shares of all tracks."""

    noise_m: float = 0.3
    missing: float = 0.1
    lost: float = 0.02
    swapped: float = 0.02


@dataclass(frozen=True, slots=True)
class Piece:
    """A number's stretch on one road user: the trace's index and its steps ``first`` until before ``end``."""

    number: int
    trace: int
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of tracks.csv, in time order: (N,) times and numbers, (N,) trace indices, (N, 2) metres."""

    times_ms: np.ndarray
    numbers: np.ndarray
    traces: np.ndarray
    places: np.ndarray


def whole_pieces(traces: list[Trace]) -> list[Piece]:
    """Return everybody within the camera's view under one number each, the earliest first."""
    pieces = []
    for index, trace in enumerate(traces):
        steps = np.flatnonzero(np.hypot(*trace.places.T) <= VIEW_M)
        if len(steps) > 1:
            pieces.append(Piece(0, index, int(steps[0]), int(steps[-1]) + 1))
    pieces.sort(key=lambda piece: (traces[piece.trace].start_ms + piece.first * STEP_MS, piece.trace))
    return [replace(piece, number=number) for number, piece in enumerate(pieces, start=1)]


def torn_pieces(pieces: list[Piece], traces: list[Trace], faults: Faults, random: np.random.Generator) -> list[Piece]:
    """Return the pieces as a tracker would have numbered them."""
    fresh = count(max((piece.number for piece in pieces), default=0) + 1)
    torn: list[Piece] = []
    for piece in pieces:
        if random.random() >= faults.lost or piece.end - piece.first < 40:
            torn.append(piece)
            continue
        at = int(random.integers(piece.first + 10, piece.end - 25))
        again = at + round(float(random.uniform(*GAP_S)) * 1000 / STEP_MS)
        torn += [replace(piece, end=at), replace(piece, number=next(fresh), first=again)]
    mixed: set[int] = set()
    for index in np.flatnonzero(random.random(len(torn)) < faults.swapped):
        _swap(int(index), (torn, mixed), traces, random)
    return torn


def _swap(index: int, of: tuple[list[Piece], set[int]], traces: list[Trace], random: np.random.Generator) -> None:
    """Let a piece exchange its number with one that comes near, from then on, if there is any; nobody twice."""
    pieces, mixed = of
    one = pieces[index]
    free = [other for other, piece in enumerate(pieces) if not mixed & {one.number, piece.number}]
    meetings = [(other, t_ms) for other in free if (t_ms := _meeting(one, pieces[other], traces)) is not None]
    if not meetings:
        return
    other, t_ms = meetings[int(random.integers(len(meetings)))]
    two = pieces[other]
    mixed |= {one.number, two.number}
    pieces[index], pieces[other] = _until(one, t_ms, traces), _until(two, t_ms, traces)
    pieces.append(replace(_since(one, t_ms, traces), number=two.number))
    pieces.append(replace(_since(two, t_ms, traces), number=one.number))


def _meeting(one: Piece, two: Piece, traces: list[Trace]) -> int | None:
    """Return when two pieces of one kind are nearest, if that is near enough."""
    a, b = traces[one.trace], traces[two.trace]
    if one.number == two.number or one.trace == two.trace or a.kind is not b.kind:
        return None
    from_ms = max(a.start_ms + one.first * STEP_MS, b.start_ms + two.first * STEP_MS) + STEP_MS
    until_ms = min(a.start_ms + one.end * STEP_MS, b.start_ms + two.end * STEP_MS) - STEP_MS
    if until_ms <= from_ms:
        return None
    steps = (until_ms - from_ms) // STEP_MS
    here = a.places[(from_ms - a.start_ms) // STEP_MS :][:steps]
    there = b.places[(from_ms - b.start_ms) // STEP_MS :][:steps]
    apart_m = np.hypot(*(here - there).T)
    nearest = int(np.argmin(apart_m))
    return from_ms + nearest * STEP_MS if apart_m[nearest] <= SWAP_M else None


def _until(piece: Piece, t_ms: int, traces: list[Trace]) -> Piece:
    return replace(piece, end=(t_ms - traces[piece.trace].start_ms) // STEP_MS)


def _since(piece: Piece, t_ms: int, traces: list[Trace]) -> Piece:
    return replace(piece, first=(t_ms - traces[piece.trace].start_ms) // STEP_MS)


def rows_of(pieces: list[Piece], traces: list[Trace], faults: Faults | None, random: np.random.Generator) -> Rows:
    """Return the rows of all pieces."""
    times = [traces[p.trace].times_ms[p.first : p.end] for p in pieces]
    places = np.vstack([traces[p.trace].places[p.first : p.end] for p in pieces])
    numbers = np.repeat([p.number for p in pieces], [len(t) for t in times])
    whose = np.repeat([p.trace for p in pieces], [len(t) for t in times])
    all_ms = np.concatenate(times)
    order = np.lexsort((numbers, all_ms))
    if faults is not None:
        places = places + random.normal(0, faults.noise_m, places.shape)
        order = order[random.random(len(order)) >= faults.missing]
    return Rows(all_ms[order], numbers[order], whose[order], places[order])
