"""What is true in each phase of the run of clocks, and that box and time server repeat the same second."""

import time

import pytest

from contract.words import ClockStatus
from datasets.demo.reference_clock import ReferenceClock
from datasets.faults import later_start
from datasets.faults.clock_phases import DRIFTING, SET, leap_second
from datasets.faults.clock_verdicts import beside_the_leap, is_bounded, ordered_wrongly, steps_back
from datasets.faults.shifted_box import ShiftedClock
from edge.both_clocks import looking
from edge.clock_sources.sntp import SntpServer

NOW_MS = 1_800_000_000_000
TRUE = {
    "right": (0, "valid"),
    "an hour ahead": (3_600_000, "invalid"),
    "an hour behind": (-3_600_000, "invalid"),
    "right again": (0, "valid"),
    "a week ahead and offline": (604_800_000, "invalid"),
    "a leap second": (0, "valid"),
    "right, a week ago": (0, "valid"),
    "ten hours without a time server": (720, "valid"),
    "a week without a time server, and offline": (12_096, "invalid"),
    "right at last": (0, "valid"),
}


@pytest.mark.parametrize("phase", [*SET, leap_second(NOW_MS), *DRIFTING], ids=lambda phase: phase.name)
def test_by_how_much_the_clock_is_off_and_what_it_then_proves(phase):
    assert (phase.off_ms, phase.status) == (TRUE[phase.name][0], ClockStatus(TRUE[phase.name][1]))


def test_at_a_leap_second_box_and_time_server_both_go_back(tmp_path):
    clock, now_ms = ShiftedClock(tmp_path), time.time_ns() // 1_000_000
    assert abs(clock() - now_ms) < 5000
    leap_ms = now_ms + 600
    clock.shift(0, leap_ms)
    with ReferenceClock() as reference:
        reference.become(leap=1, leaps_at_ms=leap_ms)
        server = SntpServer("127.0.0.1", reference.port, looking(clock))
        before = server.measure()
        told = [clock()]
        while time.time_ns() // 1_000_000 < leap_ms + 100:
            told.append(clock())
            time.sleep(0.01)
        after = server.measure()
    assert max(told) < leap_ms
    assert told[-1] < max(told) - 800
    assert (before.leap_ms, after.leap_ms) == (-1000, 0)
    assert abs(after.offset_ms) < 100 + after.doubt_ms


def test_a_later_start_is_the_machines_own_where_nothing_is_to_pass():
    assert later_start.later(0) == ()


LEAP_MS = 1000
STORIES = [
    ("in their order, on both sides of the second", [(1, 400), (2, 900), (3, 300), (4, 1200)], (0, 0, 1)),
    ("a number lower than the one before", [(1, 400), (3, 900), (2, 1200)], (1, 0, 0)),
    ("a number twice", [(1, 400), (1, 1200)], (1, 0, 0)),
    ("all before", [(1, 400), (2, 900)], (0, 1, 0)),
    ("all after", [(1, 1400), (2, 1900)], (0, 1, 0)),
    ("none", [], (0, 1, 0)),
]


@pytest.mark.parametrize(("story", "acts", "found"), STORIES, ids=[row[0] for row in STORIES])
def test_how_acts_lie_around_a_leap_second(story, acts, found):
    made = [{"sequence": number, "seen_at_ms": seen_ms} for number, seen_ms in acts]
    wrong = len(list(ordered_wrongly(made))), len(list(beside_the_leap(made, LEAP_MS)))
    assert (*wrong, steps_back(made)) == found


@pytest.mark.parametrize(
    ("story", "clock", "off_ms", "bounds"),
    [
        ("right", {"uncertainty_ms": 3.0}, 0, True),
        ("off by less than it says", {"uncertainty_ms": 12_099.1}, 12_096, True),
        ("off by more than it says", {"uncertainty_ms": 6050.0}, 12_096, False),
        ("behind by more than it says", {"uncertainty_ms": 6050.0}, -12_096, False),
        ("it says nothing", {"uncertainty_ms": None}, 720, False),
        ("there is no package", None, 0, False),
    ],
)
def test_what_is_said_of_a_clock_must_bound_what_is_true(story, clock, off_ms, bounds):
    assert is_bounded(clock, off_ms) is bounds
