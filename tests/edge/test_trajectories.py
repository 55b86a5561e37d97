"""tracks.csv and signals.csv: what is written is read the same, and every fault is told with its line."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.words import LampState, PassageVerdict, RoadUserKind, ViolationKind, ZoneKind
from edge.errors import InputProblemError
from edge.observations import Observation, Passage, RoadUser, Violation, as_written
from edge.rows import csv_writer
from edge.signals.timeline import LampChange
from edge.trajectories import (
    OPTIONAL_COLUMNS,
    TRACK_COLUMNS,
    json_line,
    read_hand_off,
    read_signals,
    read_tracks,
    signals_csv,
    track_rows,
    tracks_csv,
)

TRACKS = "t_ms,track_id,kind,x_m,y_m"
BOXES = f"{TRACKS},x1_px,y1_px,x2_px,y2_px,score"
SIGNALS = "t_ms,signal_id,state"


def metres() -> st.SearchStrategy[float]:
    return st.integers(-(10**6), 10**6).map(lambda mm: mm / 1000)


def edges() -> st.SearchStrategy[float]:
    return st.integers(-(10**4), 10**4).map(lambda tenths: tenths / 10)


USERS = st.builds(
    RoadUser,
    st.integers(0, 10**6),
    st.sampled_from(list(RoadUserKind)),
    metres(),
    metres(),
    st.one_of(st.none(), st.tuples(edges(), edges(), edges(), edges())),
    st.one_of(st.none(), st.integers(0, 1000).map(lambda score: score / 1000)),
)
SEEN = st.lists(st.tuples(st.integers(0, 10**6), st.lists(USERS, min_size=1, max_size=4)), max_size=6)


def written(columns, rows) -> str:
    file = io.StringIO()
    row = csv_writer(file, columns)
    for values in rows:
        row(values)
    return file.getvalue()


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("rows") / "rows.csv"


def anywhere() -> st.SearchStrategy[float]:
    return st.floats(-1e4, 1e4)


@given(
    st.builds(
        RoadUser,
        st.just(1),
        st.just(RoadUserKind.CAR),
        anywhere(),
        anywhere(),
        st.tuples(anywhere(), anywhere(), anywhere(), anywhere()),
        st.floats(0, 1),
        identity=st.floats(0, 1),
    )
)
def test_what_the_rules_are_shown_is_what_the_file_holds(path, user):
    shown = as_written(Observation(5, (user,)))
    path.write_text(tracks_csv([shown]), encoding="utf-8")
    assert read_tracks(path) == [shown] == [as_written(shown)]


def test_an_instant_at_which_nobody_was_seen_is_kept(path):
    observations = [Observation(0, (RoadUser(1, RoadUserKind.CAR, 0.0, 0.0),)), Observation(5, ()), Observation(9, ())]
    path.write_text(tracks_csv(observations), encoding="utf-8")
    assert read_tracks(path) == observations


@given(SEEN)
def test_tracks_that_are_written_are_read_the_same(path, seen):
    observations = [Observation(t_ms, tuple(users)) for t_ms, users in sorted(dict(seen).items())]
    rows = [row for observation in observations for row in track_rows(observation)]
    path.write_text(written((*TRACK_COLUMNS, *OPTIONAL_COLUMNS), rows), encoding="utf-8")
    assert read_tracks(path) == observations


@given(st.dictionaries(st.integers(0, 1000), st.sampled_from(list(LampState))), st.integers(0, 1100))
def test_signals_that_are_written_are_read_the_same(path, states, t_ms):
    changes = [LampChange(at_ms, "ped", state) for at_ms, state in states.items()]
    path.write_text(signals_csv(changes), encoding="utf-8")
    said = [state for at_ms, state in sorted(states.items()) if at_ms <= t_ms]
    assert read_signals(path, {"ped"}).shown("ped", t_ms).state is (said[-1] if said else LampState.UNKNOWN)


@pytest.mark.parametrize(
    ("story", "text"),
    [
        ("as a spreadsheet saves it", "\ufeff" + TRACKS + "\r\n5,1,pedestrian,1.5,2\r\n"),
        ("columns in another order", "y_m,x_m,kind,track_id,t_ms\n2,1.5,pedestrian,1,5\n"),
        ("box and score left empty", BOXES + "\n5,1,pedestrian,1.5,2,,,,,\n"),
        ("an empty line at the end", TRACKS + "\n5,1,pedestrian,1.5,2\n\n"),
    ],
)
def test_harmless_forms_are_read(path, story, text):
    path.write_bytes(text.encode())
    assert read_tracks(path) == [Observation(5, (RoadUser(1, RoadUserKind.PEDESTRIAN, 1.5, 2.0),))]


def test_rows_of_one_time_are_one_observation_and_no_row_is_none(path):
    path.write_text(f"{TRACKS}\n5,1,car,0,0\n5,2,bus,1,1\n9,1,car,2,2\n")
    assert [(o.t_ms, len(o.road_users)) for o in read_tracks(path)] == [(5, 2), (9, 1)]
    path.write_text(TRACKS + "\n")
    assert read_tracks(path) == []


@pytest.mark.parametrize(
    ("story", "text", "says"),
    [
        ("a time that is none, first", "x,1,car,0,0", [":2: t_ms: 'x', needs a whole number from 0"]),
        ("a time that is none, then one", "5,1,car,0,0\nx,1,car,0,0\n6,1,car,0,0", [":3: t_ms: 'x', needs a whole nu"]),
        ("back in time", "5,1,car,0,0\n4,1,car,0,0\n5,1,car,0,0", [":3: t_ms: 4 after 5, needs rows in time order"]),
        ("a fraction of a ms", "5.5,1,car,0,0", [":2: t_ms: '5.5'"]),
        ("a track that is none", "5,-1,car,0,0", [":2: track_id: '-1'"]),
        ("several in one row", "5,1,dog,inf,", [":2: kind: 'dog'", ":2: x_m: 'inf'", ":2: y_m: ''"]),
        ("too few, too many", "5,1,car,0\n5,1,car,0,0,0", [":2: needs 5 values", ":3: needs 5 values"]),
    ],
)
def test_faults_of_tracks(path, story, text, says):
    path.write_text(f"{TRACKS}\n{text}\n")
    assert_told(path, says, lambda: read_tracks(path))


@pytest.mark.parametrize(
    ("story", "text", "says"),
    [
        ("half a box", "5,1,car,0,0,7,,9,,", [":2: x1_px, y1_px, x2_px, y2_px: found x1_px, x2_px alone"]),
        ("a box that is none", "5,1,car,0,0,a,1,2,3,", [":2: x1_px: 'a'"]),
        ("a score that is none", "5,1,car,0,0,,,,,nan", [":2: score: 'nan'"]),
    ],
)
def test_faults_of_boxes(path, story, text, says):
    path.write_text(f"{BOXES}\n{text}\n")
    assert_told(path, says, lambda: read_tracks(path))


@pytest.mark.parametrize(
    ("story", "text", "says"),
    [
        ("a time that is none, first", "x,ped,red", [":2: t_ms: 'x', needs a whole number from 0"]),
        (
            "below zero, then back",
            "-1,ped,red\n5,ped,red\n3,ped,red",
            [":2: t_ms: '-1'", ":4: t_ms: 3 after 5 for 'ped'"],
        ),
        ("a state that is none", "0,ped,RED", [":2: state: 'RED', needs one of dark, flashing_green,"]),
        ("a signal that is none", "0,far,red", [":2: signal_id: 'far', needs one of ped, veh"]),
    ],
)
def test_faults_of_signals(path, story, text, says):
    path.write_text(f"{SIGNALS}\n{text}\n")
    assert_told(path, says, lambda: read_signals(path, {"ped", "veh"}))


@pytest.mark.parametrize(
    ("story", "text", "says"),
    [
        ("after the row", "0,ped,red,5", [":2: since_ms: 5, needs a time up to the row's t_ms 0"]),
        ("not the first row", "0,ped,red,\n9,ped,green,3", [":3: since_ms: 3, is for a signal's first row"]),
        ("no time", "0,ped,red,x", [":2: since_ms: 'x', needs a whole number from -"]),
    ],
)
def test_faults_of_since_when_a_state_held(path, story, text, says):
    path.write_text(f"{SIGNALS},since_ms\n{text}\n")
    assert_told(path, says, lambda: read_signals(path, {"ped", "veh"}))


def test_a_state_may_have_begun_before_its_signals_first_row(path):
    path.write_text(f"{SIGNALS},since_ms\n500,ped,red,-2000\n900,ped,green,\n")
    shown = read_signals(path, {"ped"}).shown("ped", 700)
    assert (shown.state, shown.since_ms, shown.until_ms) == (LampState.RED, -2000, 900)


@pytest.mark.parametrize(
    ("story", "text", "says"),
    [
        ("neither set nor released", "5,yes", [":2: set: 'yes', needs one of 0, 1"]),
        ("back in time", "5,1\n4,0\nx,1", [":3: t_ms: 4 after 5", ":4: t_ms: 'x'"]),
        ("a row cut off", "5", [":2: needs 2 values"]),
    ],
)
def test_faults_of_the_hand_off(path, story, text, says):
    path.write_text(f"t_ms,set\n{text}\n")
    assert_told(path, says, lambda: read_hand_off(path))


def test_each_signal_has_a_time_order_of_its_own(path):
    path.write_text(f"{SIGNALS}\n5,ped,red\n0,veh,green\n6,ped,green\n")
    assert read_signals(path, {"ped", "veh"}).shown("veh", 3).state is LampState.GREEN


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("t_ms,track_id,kind,x_m", [":1: column y_m is missing"]),
        ("t_ms,track_id,kind,x,y_m", [":1: column x_m is missing", ":1: no such column 'x', needs t_ms, track_id"]),
        (TRACKS + ",x_m", [":1: column x_m is given twice"]),
    ],
)
def test_faults_of_the_head(path, head, says):
    path.write_text(head + "\n")
    assert_told(path, says, lambda: read_tracks(path))


@pytest.mark.parametrize(
    ("story", "data"), [("UTF-16", TRACKS.encode("utf-16")), ("an open quote", f'{TRACKS}\n5,1,"car,0,0'.encode())]
)
def test_what_is_no_csv_is_one_line(path, story, data):
    path.write_bytes(data)
    assert_told(path, [": expected a CSV file: "], lambda: read_tracks(path))


def assert_told(path, says, read):
    with pytest.raises(InputProblemError) as caught:
        read()
    assert caught.value.exit_status == 2
    told = caught.value.problems
    assert len(told) == len(says)
    for line, start in zip(told, says, strict=True):
        assert line.startswith(f"{path}{start}")


def test_a_line_of_violations_and_of_passages_has_the_documented_fields():
    violation = Violation(ViolationKind.WRONG_WAY, 5, "bike-n", None, 1, 2, 8.12345, RoadUserKind.RIDER)
    assert json.loads(json_line(violation)) == {
        "kind": "wrong_way",
        "track_id": 5,
        "zone_id": "bike-n",
        "signal_id": None,
        "entered_ms": 1,
        "confirmed_ms": 2,
        "measure": 8.123,
        "user": "rider",
        "lamp": None,
        "lamp_since_ms": None,
        "entered_at_m": None,
    }
    walker, zone, verdict = RoadUserKind.PEDESTRIAN, ZoneKind.CROSSWALK, PassageVerdict.ABSTAINED
    passage = Passage(5, walker, zone, "n", "p", None, 9, LampState.DARK, 1.0, verdict, "first_seen_inside")
    assert json.loads(json_line(passage)) == {
        "track_id": 5,
        "user": "pedestrian",
        "zone_kind": "crosswalk",
        "zone_id": "n",
        "signal_id": "p",
        "entered_ms": None,
        "left_ms": 9,
        "lamp_at_entry": "dark",
        "advance_m": 1.0,
        "verdict": "abstained",
        "reason": "first_seen_inside",
    }
