"""The controller's feed: what its words mean, and that nothing which is not one is taken for one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.words import LampSource, LampState
from edge.signals.feed import AHEAD_MAX_MS, BYTES_MAX, FedSignal, FeedReader, Refused
from edge.signals.movements import OF_LAMP_GROUP, OF_MOVEMENT, LampGroupState, MovementState, of_movement
from edge.signals.reading import Reading

START_MS = 1_800_000_000_000
NOW_MS = START_MS + 10_000
RED, GREEN, YELLOW, DARK, UNKNOWN = (
    LampState.RED,
    LampState.GREEN,
    LampState.YELLOW,
    LampState.DARK,
    LampState.UNKNOWN,
)


def reader() -> FeedReader:
    ours = {
        "12": (FedSignal("ped-n", "pedestrian"), FedSignal("ped-s", "pedestrian")),
        "3": (FedSignal("v", "vehicle"),),
    }
    return FeedReader(ours, START_MS)


def spat(state: str, signal: str = "12", at_ms: int = NOW_MS, **more) -> bytes:
    movement = {"signal": signal, "state": state} | ({"since_ms": more.pop("since_ms")} if "since_ms" in more else {})
    return json.dumps({"spat": {"timestamp_ms": at_ms, "movements": [movement], **more}}).encode()


def phases(state: str, mode: str = "fixed_time", signal: str = "12", at_ms: int = NOW_MS) -> bytes:
    group = {"signal": signal, "state": state}
    return json.dumps({"phases": {"timestamp_ms": at_ms, "mode": mode, "lamp_groups": [group]}}).encode()


@pytest.mark.parametrize(
    ("state", "pedestrian", "vehicle"),
    [
        ("unavailable", UNKNOWN, UNKNOWN),
        ("dark", DARK, DARK),
        ("stop-Then-Proceed", UNKNOWN, UNKNOWN),
        ("stop-And-Remain", RED, RED),
        ("pre-Movement", UNKNOWN, UNKNOWN),
        ("permissive-Movement-Allowed", GREEN, GREEN),
        ("protected-Movement-Allowed", GREEN, GREEN),
        ("permissive-clearance", LampState.FLASHING_GREEN, YELLOW),
        ("protected-clearance", LampState.FLASHING_GREEN, YELLOW),
        ("caution-Conflicting-Traffic", LampState.FLASHING_YELLOW, LampState.FLASHING_YELLOW),
    ],
)
def test_what_a_movement_shows(state, pedestrian, vehicle):
    assert {r.state for r in reader().read(spat(state), NOW_MS)} == {pedestrian}
    assert [r.state for r in reader().read(spat(state, "3"), NOW_MS)] == [vehicle]


@pytest.mark.parametrize(
    ("state", "mode", "shows"),
    [
        ("red", "fixed_time", RED),
        ("red", "actuated", RED),
        ("green", "adaptive", GREEN),
        ("yellow", "coordinated", YELLOW),
        ("off", "fixed_time", DARK),
        ("flashing_green", "fixed_time", LampState.FLASHING_GREEN),
        ("flashing_yellow", "fixed_time", LampState.FLASHING_YELLOW),
        ("flashing_red", "fixed_time", UNKNOWN),
        ("red_yellow", "fixed_time", UNKNOWN),
        ("red", "manual", UNKNOWN),  # an officer has it in his hand
        ("red", "all_red", UNKNOWN),
        ("red", "flash", UNKNOWN),
        ("red", "off", UNKNOWN),
        ("red", "fault", UNKNOWN),
        ("red", "other", UNKNOWN),
    ],
)
def test_what_a_lamp_group_shows(state, mode, shows):
    assert {r.state for r in reader().read(phases(state, mode), NOW_MS)} == {shows}


def test_every_word_of_the_standards_has_a_meaning_and_only_one_is_red():
    assert set(OF_MOVEMENT) == set(MovementState)
    assert set(OF_LAMP_GROUP) == set(LampGroupState)
    assert [s for s in MovementState if of_movement(s, "pedestrian") is RED] == [MovementState.STOP_AND_REMAIN]
    assert [s for s in LampGroupState if OF_LAMP_GROUP[s] is RED] == [LampGroupState.RED]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ([], RED),
        (["fixedTimeOperation"], RED),
        (["manualControlIsEnabled"], UNKNOWN),
        (["fixedTimeOperation", "failureFlash"], UNKNOWN),
        (["off"], UNKNOWN),
    ],
)
def test_of_a_junction_under_somebodys_hand_nothing_is_known(status, state):
    assert {r.state for r in reader().read(spat("stop-And-Remain", status=status), NOW_MS)} == {state}


def test_a_reading_stands_on_the_watchs_own_axis_and_is_as_old_as_the_controller_says():
    read = reader().read(spat("stop-And-Remain", "3", at_ms=NOW_MS - 100, since_ms=NOW_MS - 4000), NOW_MS)
    assert read == (Reading(LampSource.FEED, "v", 6000, 9900, RED),)


NOT_ONE = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"\xff\xfe",
    b'{"spat": {}}',
    spat("red"),
    spat("stop-And-Remain", signal=""),
    spat("stop-And-Remain", at_ms=-1),
    spat("stop-And-Remain", surprise=1),
    phases("red", mode="sometimes"),
    phases("stop-And-Remain"),
    json.dumps({**json.loads(spat("dark")), **json.loads(phases("off"))}).encode(),
    json.dumps({"spat": {"timestamp_ms": NOW_MS, "movements": []}}).encode(),
    json.dumps({"spat": {"timestamp_ms": NOW_MS, "movements": [{"signal": "a", "state": "dark"}] * 300}}).encode(),
    b"[" * 10_000,
]


@pytest.mark.parametrize("payload", NOT_ONE)
def test_what_is_no_message_says_nothing_and_is_counted(payload):
    feed = reader()
    assert feed.read(payload, NOW_MS) == ()
    assert (feed.refused[Refused.MALFORMED], feed.taken) == (1, 0)


@pytest.mark.parametrize(
    ("story", "payload", "why"),
    [
        ("too long", b" " * (BYTES_MAX + 1), Refused.TOO_LONG),
        ("from the future", spat("stop-And-Remain", at_ms=NOW_MS + AHEAD_MAX_MS + 1), Refused.FUTURE),
        ("older than the last", spat("stop-And-Remain", at_ms=NOW_MS - 1), Refused.BACKWARDS),
    ],
)
def test_what_comes_at_the_wrong_time_is_refused_and_counted(story, payload, why):
    feed = reader()
    feed.read(spat("stop-And-Remain"), NOW_MS)
    assert feed.read(payload, NOW_MS) == ()
    assert dict(feed.refused) == {why: 1}


def test_a_message_of_other_signals_is_taken_and_says_nothing_of_ours():
    feed = reader()
    assert feed.read(spat("stop-And-Remain", signal="99"), NOW_MS) == ()
    assert (feed.taken, dict(feed.refused)) == (1, {})


@given(st.binary(max_size=300))
def test_no_bytes_bring_it_down(payload):
    feed = reader()
    feed.read(payload, NOW_MS)
    assert feed.taken + sum(feed.refused.values()) == 1
