"""What chrony's line says. The lines are of chronyd 4.3, which followed a server that was right, or 0.2 s ahead."""

import pytest

from contract.words import ClockReference
from edge.clock import Instant, NotMeasuredError
from edge.clock_sources.chrony import Chrony, measured_by

RIGHT = (
    "7F000001,127.0.0.1,2,1795570345.444208696,0.000022584,-0.000000480,0.000010035,0.517,-0.022,4.883,"
    "0.001085324,0.001021555,1.0,Normal\n"
)
BEHIND = (
    "7F000001,127.0.0.1,2,1795570335.471080824,0.200021088,0.000004390,0.000003720,0.842,0.327,2.797,"
    "0.001072728,0.001016913,1.0,Normal\n"
)
NOW = Instant(1_795_570_346_864, 50_000.0)


def without(line: str, field: int, word: str) -> str:
    fields = line.split(",")
    fields[field] = word
    return ",".join(fields)


@pytest.mark.parametrize(
    ("story", "line", "offset_ms", "heard_before_ms"),
    [
        ("it keeps time", RIGHT, -0.023, 1420),
        ("`0.200021088 seconds slow of NTP time`: the box is behind", BEHIND, -200.021, 11_593),
        ("fast: the box is ahead", without(RIGHT, 4, "-0.3"), 300, 1120),
        ("its last word is two days old", without(RIGHT, 3, "1795397545.444"), -0.023, 172_801_420),
        ("its last word is of this moment", without(RIGHT, 3, "1795570346.9"), -0.023, 0),
    ],
)
def test_how_far_the_clock_is_off_and_since_when_that_is_known(story, line, offset_ms, heard_before_ms):
    measured = measured_by(line, NOW)
    assert measured.source is ClockReference.CHRONY
    assert measured.offset_ms == pytest.approx(offset_ms, abs=0.001)
    assert NOW.wall_ms - measured.at.wall_ms == pytest.approx(heard_before_ms, abs=1)
    assert NOW.monotonic_ms - measured.at.monotonic_ms == pytest.approx(heard_before_ms, abs=1)
    assert measured.doubt_ms == pytest.approx(1.56, abs=0.02)


@pytest.mark.parametrize(("said", "leap_ms"), [("Normal", 0), ("Insert second", -1000), ("Delete second", 1000)])
def test_a_leap_second_that_is_announced(said, leap_ms):
    assert measured_by(without(RIGHT, 13, said), NOW).leap_ms == leap_ms


@pytest.mark.parametrize(
    ("story", "line", "says"),
    [
        ("it follows nobody", without(RIGHT, 13, "Not synchronised"), "it is not synchronised"),
        ("it follows its own clock", without(RIGHT, 0, "7F7F0101"), "it is not synchronised"),
        ("it has just begun", without(RIGHT, 0, "00000000"), "it is not synchronised"),
        ("the clock was set back an hour", without(RIGHT, 3, "1795573945.4"), "its last word is of the future"),
        ("another version", RIGHT + ",more", "expected 14 fields of `chronyc -c tracking`, found 15"),
        ("nothing", "", "expected 14 fields of `chronyc -c tracking`, found 1"),
        ("no figure", without(RIGHT, 4, "slow"), "expected figures in its line"),
        ("no finite figure", without(RIGHT, 11, "nan"), "expected figures in its line"),
    ],
)
def test_what_is_not_believed(story, line, says):
    with pytest.raises(NotMeasuredError, match=f"chrony: {says}"):
        Chrony(lambda: NOW, ask=lambda: line).measure()


def test_only_a_new_word_of_its_source_is_a_measurement():
    """Between two, whoever sets the clock would else have it measured by what chrony knew before."""
    lines = [BEHIND, BEHIND, RIGHT, without(RIGHT, 10, "0.5")]
    chrony = Chrony(lambda: NOW, ask=lambda: lines.pop(0))
    assert [m and round(m.offset_ms) for m in (chrony.measure() for _ in range(4))] == [-200, None, 0, None]
