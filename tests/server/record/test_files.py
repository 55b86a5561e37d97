"""The record's files as values: the way, the lamps, the film; and what is said of a file that cannot be drawn."""

import pytest
from recorded import ENTERED_MS, SIGNALS, START_MS, clip, record, recorded_act, sources, tracks

from contract.words import LampSource, LampState
from server.record.film import film_of
from server.record.lamps import Span, agree, said, shown, spans_by_source
from server.record.reading import read_record
from server.record.rows import BYTES_MAX, UnreadableError, rows_of
from server.record.way import Sight, thinned, way_of, within

FLICKERING = "t_ms,signal_id,source,state,since_ms,age_ms\n" + "".join(
    f"{t_ms},ped,lamp,{'red' if t_ms % 2 else 'green'},,\n" for t_ms in range(1001)
)
RED, GREEN, UNKNOWN = LampState.RED, LampState.GREEN, LampState.UNKNOWN


def test_the_way_is_one_track_alone_and_counts_from_the_entry():
    way = way_of(tracks().encode(), 1, ENTERED_MS)
    assert (way[0], way[-1].t_ms, len(way)) == (Sight(-3000, (7.0, -1.8), (80.0, 120.3)), 3000, 61)
    assert way_of(tracks().encode(), 99, ENTERED_MS)[0] == Sight(-3000, (1.0, 1.0), None)  # without a box
    assert way_of(tracks().encode(), 5, ENTERED_MS) == ()
    assert [sight.t_ms for sight in within(way, -100, 100)] == [-100, 0, 100]


def test_an_instant_at_which_nobody_was_seen_is_nobodys_sight():
    assert way_of(b"t_ms,track_id,kind,x_m,y_m\n100,,,,\n200,1,rider,1,2\n", 1, 0) == (Sight(200, (1.0, 2.0)),)


def test_a_signal_shows_one_state_after_the_other_up_to_the_records_end():
    assert shown(SIGNALS.encode(), "ped", ENTERED_MS, 3000) == (Span(-6000, -4000, GREEN), Span(-4000, 3000, RED))
    assert shown(SIGNALS.encode(), "nobody", ENTERED_MS, 3000) == ()
    assert shown(SIGNALS.encode(), "ped", ENTERED_MS, -5000) == (
        Span(-6000, -4000, GREEN),
    )  # none ends before it began


def test_what_a_source_says_again_goes_on():
    heard = said(sources().encode(), "ped", ENTERED_MS)
    assert (heard[0].source, heard[0].state, heard[0].age_ms, heard[-1].age_ms) == (LampSource.LAMP, UNKNOWN, None, 0)
    assert spans_by_source(heard, 3000) == {
        LampSource.LAMP: (Span(-6000, -5000, UNKNOWN), Span(-5000, -4000, GREEN), Span(-4000, 3000, RED)),
        LampSource.PLAN: (Span(-6000, -4000, GREEN), Span(-4000, 3000, RED)),
    }


def test_a_lamp_that_flickers_is_drawn_by_nobody():
    states = "".join(f"{t_ms},ped,{'red' if t_ms % 2 else 'green'}\n" for t_ms in range(1001))
    with pytest.raises(UnreadableError, match=r"signals\.csv: expected at most 1000 changes of one signal, found 1001"):
        shown(f"t_ms,signal_id,state\n{states}".encode(), "ped", 0, 3000)


@pytest.mark.parametrize(("sights", "left"), [(0, 0), (3, 3), (4, 3), (7, 3), (9, 4)])
def test_a_long_way_is_thinned_and_keeps_its_ends(sights, left):
    way = tuple(Sight(t_ms, (0.0, 0.0)) for t_ms in range(sights))
    thin = thinned(way, 3)
    assert len(thin) == left
    assert (thin[:1], thin[-1:]) == (way[:1], way[-1:])


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([RED, RED], True),
        ([RED, GREEN], False),
        ([RED, UNKNOWN], None),  # one alone agrees with nobody
        ([RED, UNKNOWN, RED], True),
        ([UNKNOWN, UNKNOWN], None),
        ([], None),
    ],
)
def test_sources_agree(states, expected):
    assert agree(states) is expected


def test_the_film_knows_where_the_entry_lies_in_it():
    film = film_of(clip(20)[1].encode(), START_MS + ENTERED_MS)
    assert (film.frames_ms[:3], film.entry_ms) == ((0, 100, 200), 5050)
    assert film_of(b"number,epoch_ms,clip_ms\n", 0) is None


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "f.csv: expected the columns a, b, a, b is missing"),
        (b"a\n1\n", "f.csv: expected the columns a, b, b is missing"),
        (b"a,b\n1,x\n", "f.csv:2: b: expected a number, found 'x'"),
        (b"a,b\n1\n", "f.csv:2: b: expected a number, found ''"),
        (b"a,b\n1,nan\n", "f.csv:2: b: expected a number, found 'nan'"),
        (b"a,b\n1,1e300\n", "f.csv:2: b: expected a number, found '1e300'"),
        (b"a,b\n1,\xff\n", "f.csv: expected CSV: 'utf-8' codec can't decode"),
        (b"a,b\n" + b"1" * 200_000 + b",2\n", "f.csv: expected CSV: field larger than field limit"),
        (b"x" * (BYTES_MAX + 1), "f.csv: expected at most 8388608 bytes, found 8388609"),
    ],
)
def test_a_file_with_a_fault_says_where(data, problem):
    with pytest.raises(UnreadableError) as told:
        [row.number("b") for row in rows_of("f.csv", data, ("a", "b"))]
    assert str(told.value).startswith(problem)


def test_a_package_is_read_whole():
    act = recorded_act()
    read = read_record(act.files, act.message)
    assert (read.scene.site_id, len(read.way), len(read.shown), read.until_ms, read.problems) == (
        "s-1",
        61,
        2,
        3000,
        (),
    )
    assert read.film.entry_ms == 5050


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"scene_yaml": None, "tracks_csv": None, "clip_csv": None, "sources_csv": None}, []),  # what is not there
        ({"tracks_csv": "t_ms\n1\n"}, ["tracks.csv: expected the columns"]),
        (
            {"signals_csv": "t_ms,signal_id,state\n1,ped,blue\n"},
            ["signals.csv:2: state: expected one of dark, flashing"],
        ),
        (
            {"sources_csv": "t_ms,signal_id,source,state,since_ms,age_ms\n1,ped,x,red,,\n"},
            ["sources.csv:2: source: exp"],
        ),
        ({"sources_csv": FLICKERING}, ["sources.csv: expected at most 1000 changes"]),
        ({"scene_yaml": "version: 1"}, ["scene.yaml: site: is missing"]),
        ({"scene_yaml": "{"}, ["scene.yaml: expected YAML"]),
        ({"verdict_json": "{}"}, ["verdict.json: 2 faults, the first: Field required"]),
        ({"verdict_json": None}, []),
        ({"tracks_csv": "", "signals_csv": ""}, ["tracks.csv: expected the columns", "signals.csv: expected the col"]),
    ],
)
def test_what_cannot_be_read_is_left_out_and_said(changes, problems):
    read = read_record(record(**changes), recorded_act().message)
    assert len(read.problems) == len(problems)
    assert all(said.startswith(problem) for said, problem in zip(read.problems, problems, strict=True))


def test_without_a_verdict_nothing_can_be_placed_in_time():
    read = read_record(record(verdict_json=None), recorded_act().message)
    assert (read.way, read.shown, read.scene) == ((), (), None)
    assert read.film is not None  # its own times are the time of day
