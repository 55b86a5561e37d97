"""Whether a time can be believed, story by story. Limit: 1.0 s (GA/T 832); a quartz is taken to drift by 10 ppm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.evidence import CLOCK_OFF_MAX_MS
from contract.words import ClockReference, ClockStatus
from edge.clock import NO_REFERENCE, Clock, Instant, Measurement

NOON = 1_800_000_000_000
SECOND, HOUR = 1000, 3_600_000
SNTP = ClockReference.SNTP


def measured(*, at_ms: float = 0, offset_ms: float = 0.0, doubt_ms: float = 5.0, set_ms: int = 0, leap_ms: int = 0):
    """Return a measurement so long after noon, of a wall clock that had been set by so much until then."""
    at = Instant(NOON + round(at_ms) + set_ms, at_ms)
    return Measurement(SNTP, at, offset_ms, doubt_ms, leap_ms)


def seen(at_ms: float, set_ms: int = 0) -> Instant:
    return Instant(NOON + round(at_ms) + set_ms, at_ms)


def clock(*measurements: Measurement, drift_ppm: float = 10.0) -> Clock:
    return Clock(SNTP, drift_ppm, measurements)


@pytest.mark.parametrize(
    ("story", "measurements", "at", "why"),
    [
        ("a second after it was measured", [measured()], seen(SECOND), None),
        ("0.9 s off is within the limit", [measured(offset_ms=900)], seen(SECOND), None),
        ("behind counts as ahead does", [measured(offset_ms=-900)], seen(SECOND), None),
        ("1.5 s off", [measured(offset_ms=1500)], seen(SECOND), "was +1.500 s off its reference"),
        ("1.5 s behind", [measured(offset_ms=-1500)], seen(SECOND), "was -1.500 s off its reference"),
        ("a reference that doubts itself", [measured(doubt_ms=1200)], seen(SECOND), "give or take 1.200 s"),
        ("seen before the first measurement", [measured(at_ms=SECOND)], seen(500), "never synchronised"),
        ("never measured", [], seen(SECOND), "never synchronised since the machine was started"),
        ("set an hour forward", [measured()], seen(SECOND, HOUR), "was set by +3600.000 s since"),
        ("set an hour back", [measured()], seen(SECOND, -HOUR), "was set by -3600.000 s since"),
        ("measured again after that", [measured(), measured(at_ms=2000, set_ms=HOUR)], seen(3000, HOUR), None),
        ("seen before it was set", [measured(), measured(at_ms=2000, set_ms=HOUR)], seen(1000), None),
        (
            "measured after it was set: what was seen between is not proved by it",
            [measured(), measured(at_ms=2000, set_ms=HOUR)],
            seen(1500, HOUR),
            "was set by",
        ),
        ("set by what it was off: held until it is measured", [measured(offset_ms=1500)], seen(9, -1500), "was +1.5"),
        ("nudged by 0.3 s: still within a second", [measured()], seen(SECOND, 300), None),
        ("nudged by 0.3 s when it was 0.8 s off", [measured(offset_ms=800)], seen(SECOND, 300), "was set by +0.300"),
        ("the last one counts, not the best", [measured(), measured(at_ms=9, offset_ms=2e3)], seen(20), "was +2.000"),
    ],
)
def test_stories_of_a_clock(story, measurements, at, why):
    proof = clock(*measurements).proof_at(at)
    assert (proof.status is ClockStatus.VALID) == (why is None)
    if why is not None:
        assert why in proof.reason


@pytest.mark.parametrize(
    ("hours", "drift_ppm", "valid"),
    [
        (1, 10.0, True),
        (27, 10.0, True),
        (28, 10.0, False),  # 10 ppm are 0.864 s a day, and 5 ms were in doubt
        (24 * 7, 10.0, False),
        (24 * 7, 1.6, True),  # a temperature-corrected clock (TCXO) keeps a week
        (24 * 7, 1.7, False),
        (2, 100.0, True),
        (3, 100.0, False),  # a bare quartz in a box that stands in the sun
    ],
)
def test_offline(hours, drift_ppm, valid):
    proof = clock(measured(), drift_ppm=drift_ppm).proof_at(seen(hours * HOUR))
    assert (proof.status is ClockStatus.VALID) == valid
    assert proof.uncertainty_ms == pytest.approx(5 + hours * 3.6 * drift_ppm)
    assert valid or f"not synchronised for {hours}.0 h" in proof.reason


MIDNIGHT = 1_798_761_600_000  # 2027-01-01T00:00:00Z, 08:00 in Beijing


@pytest.mark.parametrize(
    ("story", "announced_ms", "after_ms", "set_ms", "valid"),
    [
        ("put in, the second before", -1000, -500, 0, True),
        ("put in, and the clock goes back: within 23:59:60", -1000, 500, -1000, True),
        ("put in, and the clock goes back: a minute later", -1000, 60_000, -1000, True),
        ("put in, and the clock goes on: a second off until it is measured", -1000, 500, 0, False),
        ("put in, not announced, and the clock goes back: held until it is measured", 0, 500, -1000, False),
        ("smeared by the reference: nothing is announced, and both go on", 0, 500, 0, True),
        ("taken out, the second before", 1000, -1500, 0, True),
        ("taken out, and the clock leaps", 1000, 500, 1000, True),
        ("taken out, and the clock does not", 1000, 500, 0, False),
        ("announced, but the clock is set at another hour", -1000, -HOUR, -1000, False),
    ],
)
def test_a_leap_second(story, announced_ms, after_ms, set_ms, valid):
    at = Instant(MIDNIGHT - 2 * HOUR, 0)
    before = Measurement(SNTP, at, 0.0, 5.0, announced_ms)
    proof = clock(before).proof_at(Instant(MIDNIGHT + after_ms + set_ms, 2.0 * HOUR + after_ms))
    assert (proof.status is ClockStatus.VALID) == valid, proof


@pytest.mark.parametrize(
    ("story", "offset_ms", "camera_offset_ms", "valid"),
    [
        ("a camera's clock that agrees", 0, -80, True),
        ("0.9 s behind, its way included", 0, -900, True),
        ("1.4 s ahead", 0, 1400, False),
        ("each is within a second, together they are not", 600, 600, False),
        ("the camera is right where the box is not: still within a second", 900, -900, True),
        ("the box is too far off, whatever the camera says", 1500, -1500, False),
        ("a year off", 0, 3e10, False),
    ],
)
def test_a_cameras_own_clock(story, offset_ms, camera_offset_ms, valid):
    proof = clock(measured(offset_ms=offset_ms)).proof_at(seen(SECOND), camera_offset_ms)
    assert (proof.status is ClockStatus.VALID) == valid, proof
    assert proof.camera_offset_ms == camera_offset_ms


def test_what_a_proof_tells():
    proof = clock(measured(offset_ms=-300.25, doubt_ms=4)).proof_at(seen(100 * SECOND, 50))
    assert proof.offset_ms == -300.25
    assert proof.uncertainty_ms == 300.25 - 50 + 4 + 1  # what it was off, less what it was set, doubt, drift
    assert proof.synchronised_at_ms == NOON
    assert proof.camera_offset_ms is None


def test_a_clock_that_fell_back_to_1970_is_told_too():
    born = Measurement(SNTP, Instant(1000, 0), -1.8e12, 5.0)
    proof = clock(born).proof_at(Instant(2000, 1000))
    assert proof.status is ClockStatus.INVALID
    assert proof.offset_ms == -1e12


def test_without_a_reference_nothing_is_proved_whatever_was_measured_by_another():
    assert Clock(ClockReference.NONE, measurements=(measured(),)).proof_at(seen(1)) == NO_REFERENCE
    proof = Clock(ClockReference.CHRONY, measurements=(measured(),), problem="x" * 500).proof_at(seen(1))
    assert proof.status is ClockStatus.INVALID
    assert proof.reason.startswith("never synchronised")


@given(
    offset_ms=st.floats(-2e12, 2e12),
    doubt_ms=st.floats(0, 2e12),
    set_ms=st.integers(-(10**12), 10**12),
    age_ms=st.floats(0, 1e11),
    camera_offset_ms=st.none() | st.floats(-2e12, 2e12),
)
def test_whatever_happens_a_proof_can_be_told_and_is_valid_only_within_the_limit(
    offset_ms, doubt_ms, set_ms, age_ms, camera_offset_ms
):
    proof = clock(measured(offset_ms=offset_ms, doubt_ms=doubt_ms)).proof_at(seen(age_ms, set_ms), camera_offset_ms)
    if proof.status is ClockStatus.VALID:
        assert proof.uncertainty_ms <= CLOCK_OFF_MAX_MS
        assert abs(offset_ms + set_ms) <= CLOCK_OFF_MAX_MS + 1
        assert abs(offset_ms) + doubt_ms <= CLOCK_OFF_MAX_MS


@given(age_ms=st.floats(0, 1e10), later_ms=st.floats(0, 1e10))
def test_time_alone_never_makes_a_clock_better(age_ms, later_ms):
    known = clock(measured(offset_ms=200))
    assert known.proof_at(seen(age_ms)).uncertainty_ms <= known.proof_at(seen(age_ms + later_ms)).uncertainty_ms + 1
