"""A detector's lines: which circuits are on, what that shows, and flashing, which on a wire is on and off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.words import LampState
from edge.signals.feed import Refused
from edge.signals.wire import FLASH_MS, LINE_BYTES_MAX, WiredSignal, WireReader, parse_line

RED, GREEN, YELLOW, DARK, UNKNOWN = (
    LampState.RED,
    LampState.GREEN,
    LampState.YELLOW,
    LampState.DARK,
    LampState.UNKNOWN,
)
FLASHING = LampState.FLASHING_GREEN
START_MS = 1_800_000_000_000
VEHICLE = WiredSignal("v", red="R1", green="G1", yellow="Y1")
PEDESTRIAN = WiredSignal("p", red="4", green="5")


def wire(*signals: WiredSignal, lit: bool = True) -> WireReader:
    return WireReader(signals or (VEHICLE,), START_MS, lit)


@pytest.mark.parametrize(
    ("line", "channels"),
    [
        (b"R1=1 Y1=0 G1=0", {"R1": True, "Y1": False, "G1": False}),
        (b"R1=1,Y1=0;G1=0\r", {"R1": True, "Y1": False, "G1": False}),
        (b"0101", {"1": False, "2": True, "3": False, "4": True}),
        (b"", None),
        (b"R1", None),
        (b"R1=2", None),
        (b"R1=1 R1=0", None),
        (b"R1=1 what", None),
        (b"1", None),
        (b"0" * 65, None),
        ("红=1".encode(), None),
        (b"\x00\xff", None),
    ],
)
def test_a_line_is_channels_or_nothing(line, channels):
    assert parse_line(line, lit=True) == channels


def test_some_detectors_say_0_for_a_lamp_that_is_lit():
    assert parse_line(b"0110", lit=False) == {"1": True, "2": False, "3": False, "4": True}


@pytest.mark.parametrize(
    ("line", "state"),
    [
        (b"R1=1 Y1=0 G1=0", RED),
        (b"R1=0 Y1=1 G1=0", YELLOW),
        (b"R1=0 Y1=0 G1=1", GREEN),
        (b"R1=1 Y1=1 G1=0", UNKNOWN),
        (b"R1=1 Y1=0 G1=1", UNKNOWN),
        (b"R1=0 Y1=0 G1=0", UNKNOWN),  # just gone off, or never on
    ],
)
def test_what_the_circuits_show(line, state):
    assert [r.state for r in wire().read(line, START_MS)] == [state]


def test_sixteen_channels_in_a_row_serve_several_signals():
    read = wire(PEDESTRIAN, WiredSignal("q", "1", "2"), lit=False).read(b"1011011111111111", START_MS + 40)
    assert [(r.signal_id, r.state, r.t_ms, r.heard_ms) for r in read] == [("p", GREEN, 40, 40), ("q", GREEN, 40, 40)]
    assert wire(PEDESTRIAN, lit=False).read(b"1110111111111111", START_MS)[0].state is RED


def test_a_signal_whose_channel_is_not_in_the_line_is_not_spoken_of():
    assert wire(VEHICLE, PEDESTRIAN).read(b"R1=1 Y1=0", START_MS) == ()


def shown(story: str, step_ms: int = 250) -> list[LampState]:
    """Play a story, a letter a line: R, Y, G is lit, - none."""
    reader, said = wire(), []
    for number, letter in enumerate(story):
        line = " ".join(f"{name}1={int(name == letter)}" for name in "RYG").encode()
        said += [r.state for r in reader.read(line, START_MS + number * step_ms)]
    return said


@pytest.mark.parametrize(
    ("story", "states"),
    [
        ("GGYYRR", [GREEN, GREEN, YELLOW, YELLOW, RED, RED]),
        ("GG--G-", [GREEN, GREEN, UNKNOWN, UNKNOWN, FLASHING, FLASHING]),
        ("G-GGR", [GREEN, UNKNOWN, FLASHING, FLASHING, RED]),
        ("RR-RR", [RED, RED, UNKNOWN, UNKNOWN, UNKNOWN]),  # a flashing red, or a bad contact
        ("G-RR", [GREEN, UNKNOWN, RED, RED]),  # a moment between two lamps
        ("G" + "-" * 9, [GREEN, *[UNKNOWN] * 7, DARK, DARK]),
        ("G-G" + "G" * 8, [GREEN, UNKNOWN, *[FLASHING] * 7, GREEN, GREEN]),
    ],
)
def test_what_goes_off_and_on_flashes_and_what_stays_off_is_dark(story, states):
    assert shown(story) == states


def test_a_flashing_red_is_red_for_no_longer_than_its_first_light():
    assert shown("R--R--R--R--R", 200).count(RED) == 1


def test_when_the_line_is_cut_nobody_knows():
    reader = wire(VEHICLE, PEDESTRIAN)
    assert {(r.signal_id, r.state, r.t_ms) for r in reader.lost(START_MS + 5)} == {("v", UNKNOWN, 5), ("p", UNKNOWN, 5)}


@pytest.mark.parametrize(("line", "why"), [(b"R1=9", Refused.MALFORMED), (b"R1=1 " * LINE_BYTES_MAX, Refused.TOO_LONG)])
def test_a_line_that_is_none_is_counted(line, why):
    reader = wire()
    assert reader.read(line, START_MS) == ()
    assert dict(reader.refused) == {why: 1}


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_no_bytes_bring_it_down(lines):
    reader = wire(VEHICLE, PEDESTRIAN)
    for number, line in enumerate(lines):
        reader.read(line, START_MS + number)
    assert reader.taken + sum(reader.refused.values()) == len(lines)


@given(st.text("RYG-", min_size=1, max_size=40), st.integers(20, FLASH_MS))
def test_red_is_said_only_where_the_red_circuit_alone_is_on(story, step_ms):
    for letter, state in zip(story, shown(story, step_ms), strict=True):
        assert state is not RED or letter == "R"
