"""What a tracker gives of the traces: exact, and with its faults in the shares that were asked for."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junction import trace

from contract.words import RoadUserKind
from datasets.simulation.seen import Faults, rows_of, torn_pieces, whole_pieces

FAR_M = 200.0


def crowd(people=40, *, kind=RoadUserKind.PEDESTRIAN):
    """People who walk side by side, a metre apart, in both directions."""
    return [
        trace((i % 7, (-1) ** i * 20.0, i % 9), (i % 7 + 30, (-1) ** i * -20.0, i % 9), kind=kind)
        for i in range(people)
    ]


def seen(traces, faults, seed=1):
    random = np.random.default_rng(seed)
    pieces = torn_pieces(whole_pieces(traces), traces, faults, random)
    return pieces, rows_of(pieces, traces, faults, random)


def test_exact_tracks_are_the_traces():
    traces = [trace((3, 0, 0), (5, 2, 0)), trace((1, 5, 5), (4, 5, 8))]
    pieces = whole_pieces(traces)
    assert [(piece.number, piece.trace) for piece in pieces] == [(1, 1), (2, 0)]
    rows = rows_of(pieces, traces, None, np.random.default_rng(1))
    assert rows.times_ms.tolist() == sorted(rows.times_ms)
    assert np.array_equal(rows.places[rows.numbers == 2], traces[0].places)


def test_who_is_out_of_view_has_no_rows():
    traces = [trace((0, FAR_M, 0), (5, FAR_M, 9)), trace((0, FAR_M, 0), (20, 0, 0))]
    (piece,) = whole_pieces(traces)
    assert (piece.trace, piece.first > 100) == (1, True)


def test_noise_and_missing_rows_are_as_asked():
    traces = crowd()
    faults = Faults(noise_m=0.3, missing=0.1, lost=0, swapped=0)
    _, rows = seen(traces, faults)
    all_rows = sum(len(t.places) for t in traces)
    assert len(rows.times_ms) / all_rows == pytest.approx(0.9, abs=0.01)
    exact = {
        (number, t): trace_.places[i] for number, trace_ in _numbered(traces) for i, t in enumerate(trace_.times_ms)
    }
    off = rows.places - [exact[n, t] for n, t in zip(rows.numbers, rows.times_ms, strict=True)]
    assert off.std(axis=0) == pytest.approx([0.3, 0.3], rel=0.03)
    assert off.mean(axis=0) == pytest.approx([0, 0], abs=0.01)


def _numbered(traces):
    return [(piece.number, traces[piece.trace]) for piece in whole_pieces(traces)]


def test_lost_numbers_go_on_as_new_ones_after_a_gap():
    traces = crowd(200)
    pieces, _ = seen(traces, Faults(lost=0.5, swapped=0))
    counted = Counter(piece.trace for piece in pieces)
    assert sum(count == 2 for count in counted.values()) / len(traces) == pytest.approx(0.5, abs=0.1)
    assert len({piece.number for piece in pieces}) == len(pieces)


def test_swapped_numbers_pass_between_neighbours_of_one_kind():
    traces = crowd(60)
    pieces, _ = seen(traces, Faults(lost=0, swapped=0.3))
    bearers = defaultdict(list)
    for piece in sorted(pieces, key=lambda p: (p.number, traces[p.trace].start_ms + p.first)):
        bearers[piece.number].append(piece)
    swapped = [two for two in bearers.values() if len(two) == 2]
    assert len(swapped) >= 10
    for two in swapped:
        before, after = sorted(two, key=lambda p: traces[p.trace].start_ms + 100 * p.first)
        gave, took = traces[before.trace].places[before.end - 1], traces[after.trace].places[after.first]
        assert np.hypot(*(gave - took)) < 2.3
    pedestrian, rider = crowd(1), crowd(1, kind=RoadUserKind.RIDER)
    assert len(seen([*pedestrian, *rider], Faults(lost=0, swapped=1))[0]) == 2


@settings(max_examples=30)
@given(st.integers(0, 1000), st.floats(0, 1), st.floats(0, 1))
def test_no_number_is_in_two_places_at_once_and_nobody_is_doubled(seed, lost, swapped):
    traces = crowd(25)
    _, rows = seen(traces, Faults(noise_m=0, missing=0, lost=lost, swapped=swapped), seed)
    at = list(zip(rows.times_ms.tolist(), rows.numbers.tolist(), strict=True))
    assert len(at) == len(set(at))
    bodies = list(zip(rows.times_ms.tolist(), rows.traces.tolist(), strict=True))
    assert len(bodies) == len(set(bodies))
