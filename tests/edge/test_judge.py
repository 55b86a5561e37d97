"""`lukou judge` from files to files: the documented fields, the same bytes again, faults with their lines."""

import json
import random
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import lukou
from edge.errors import InputProblemError
from edge.judge import Wanted, judge
from edge.observations import Yielding

SCENE = """
version: 1
site: {id: s, name: site}
camera: {id: c, direction: north, size: [100, 100]}
signals: [{id: ped, for: pedestrian}]
crosswalks: [{id: n, signal: ped, polygon: {m: [[0, 0], [5, 0], [5, 10], [0, 10]]}}]
"""
TRACKS = "t_ms,track_id,kind,x_m,y_m\n" + "".join(f"{100 * i},7,pedestrian,2,{-2 + 0.14 * i:.2f}\n" for i in range(100))
SIGNALS = "t_ms,signal_id,state\n0,ped,red\n"
AT_LEAST = ("kind", "track_id", "zone_id", "signal_id", "entered_ms", "confirmed_ms", "measure", "user")


@pytest.fixture
def folder(tmp_path) -> Path:
    for name, text in (("scene.yaml", SCENE), ("tracks.csv", TRACKS), ("signals.csv", SIGNALS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(folder: Path):
    names = ("scene.yaml", "tracks.csv", "signals.csv", "violations.jsonl", "passages.jsonl")
    scene, tracks, signals, *wanted = (folder / name for name in names)
    return judge(scene, tracks, signals, Wanted(*wanted))


def test_a_violation_is_written_as_documented(folder):
    summary = run(folder)
    (line,) = (folder / "violations.jsonl").read_text().splitlines()
    violation = json.loads(line)
    assert violation["kind"] == "pedestrian_red_light"
    assert (violation["track_id"], violation["zone_id"], violation["signal_id"]) == (7, "n", "ped")
    assert violation["user"] == "pedestrian"
    assert set(violation) == {*AT_LEAST, "lamp", "lamp_since_ms", "entered_at_m"}
    assert violation["entered_ms"] == pytest.approx(1429, abs=2)
    assert violation["confirmed_ms"] == 3600
    assert violation["measure"] >= 3
    (passage,) = map(json.loads, (folder / "passages.jsonl").read_text().splitlines())
    assert (passage["verdict"], passage["reason"]) == ("violation", "advanced_on_red")
    assert (summary.violations, summary.observations) == (1, 100)


def test_judging_again_gives_the_same_bytes(folder):
    run(folder)
    first = (folder / "violations.jsonl").read_bytes(), (folder / "passages.jsonl").read_bytes()
    run(folder)
    assert ((folder / "violations.jsonl").read_bytes(), (folder / "passages.jsonl").read_bytes()) == first


def test_rows_of_one_time_may_come_in_any_order(folder):
    second = TRACKS.replace(",7,", ",8,").splitlines()[1:]
    head, *first = TRACKS.splitlines()
    rows = [pair for pairs in zip(first, second, strict=True) for pair in random.Random(1).sample(pairs, 2)]  # noqa: S311
    (folder / "tracks.csv").write_text("\n".join([head, *rows]) + "\n")
    assert run(folder).violations == 2


@pytest.mark.parametrize(
    ("story", "name", "text", "says"),
    [
        ("no such file", "tracks.csv", None, "expected a CSV file"),
        ("empty", "tracks.csv", "", ":1: column t_ms is missing"),
        ("a column too many", "tracks.csv", "t_ms,track_id,kind,x_m,y_m,z\n", ":1: no such column 'z'"),
        ("no number", "tracks.csv", TRACKS.replace("700,7", "x,7"), ":9: t_ms: 'x'"),
        ("not finite", "tracks.csv", TRACKS.replace("2,-2.00", "nan,-2.00"), ":2: x_m: 'nan'"),
        ("negative time", "tracks.csv", TRACKS.replace("\n0,7", "\n-5,7"), ":2: t_ms: '-5'"),
        ("time goes back", "tracks.csv", TRACKS.replace("\n900,7", "\n90,7"), ":11: t_ms: 90 after 800"),
        ("an unknown kind", "tracks.csv", TRACKS.replace("pedestrian,2,-2.00", "dog,2,-2.00"), ":2: kind: 'dog'"),
        ("a row cut off", "tracks.csv", TRACKS + "9999,7\n", ":102: needs 5 values"),
        ("a signal the scene lacks", "signals.csv", SIGNALS + "1,veh,red\n", ":3: signal_id: 'veh'"),
        ("an unknown state", "signals.csv", SIGNALS + "1,ped,blue\n", ":3: state: 'blue'"),
        ("binary", "signals.csv", "\x00\x01", "signals.csv"),
    ],
)
def test_faults_are_told_with_their_line(folder, story, name, text, says):
    (folder / name).unlink()
    if text is not None:
        (folder / name).write_text(text)
    with pytest.raises(InputProblemError) as caught:
        run(folder)
    assert any(says in problem for problem in caught.value.problems)


def test_every_fault_of_a_file_is_told_and_a_flood_is_counted(folder):
    (folder / "tracks.csv").write_text(TRACKS.replace("pedestrian", "dog"))
    with pytest.raises(InputProblemError) as caught:
        run(folder)
    assert len(caught.value.problems) == 21
    assert "and 80 more" in caught.value.problems[-1]


def test_the_command_says_it_in_lines_and_leaves_with_2(folder):
    (folder / "tracks.csv").write_text(TRACKS.replace("2,-2.00", "inf,-2.00"))
    options = ["--scene", "scene.yaml", "--tracks", "tracks.csv", "--signals", "signals.csv", "--out", "v.jsonl"]
    words = [sys.executable, "-m", "lukou", "judge", *options]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["tracks.csv:2: x_m: 'inf', needs a finite number"]


@pytest.mark.parametrize("name", ["violations.jsonl", "passages.jsonl"])
def test_a_result_that_cannot_be_written_is_one_line(folder, name):
    (folder / name).mkdir()
    with pytest.raises(InputProblemError, match=rf"{name}: expected a place to write to, found none"):
        run(folder)


def test_without_passages_the_violations_are_the_same(folder):
    run(folder)
    first = (folder / "violations.jsonl").read_bytes()
    summary = judge(
        *(folder / name for name in ("scene.yaml", "tracks.csv", "signals.csv")), Wanted(folder / "again.jsonl")
    )
    assert (folder / "again.jsonl").read_bytes() == first
    assert summary.passages == {"violation": 1}


def test_a_scene_with_faults_is_told_by_the_command(folder):
    (folder / "scene.yaml").write_text(SCENE.replace("signal: ped,", "signal: far,"), encoding="utf-8")
    options = ["--scene", "scene.yaml", "--tracks", "tracks.csv", "--signals", "signals.csv", "--out", "v.jsonl"]
    words = [sys.executable, "-m", "lukou", "judge", *options]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["scene.yaml: crosswalks[0].signal: no signal 'far', needs one of signals (ped)"]


def with_a_car(at_walkers_place_s: float) -> str:
    """Return the walk, and a car that comes along the road and is in the walker's way at 5 m at that time."""
    rows = [(round(100 * i), 7, "pedestrian", 2, -2 + 0.14 * i) for i in range(100)]
    rows += [(round(100 * i), 9, "car", 2 + 8 * (i / 10 - at_walkers_place_s), 5) for i in range(100)]
    return "t_ms,track_id,kind,x_m,y_m\n" + "".join(
        f"{t_ms},{track},{kind},{x:.2f},{y:.2f}\n" for t_ms, track, kind, x, y in sorted(rows)
    )


@pytest.mark.parametrize(
    ("story", "car_s", "found"),
    [
        ("let the walker go first, who is there at 5 s", 6.0, [(True, 1.0)]),
        ("went first", 3.5, [(False, -1.5)]),
        ("came near when the walker had passed", 7.0, []),
    ],
)
def test_who_yielded_is_written_where_it_is_wanted(folder, story, car_s, found):
    (folder / "tracks.csv").write_text(with_a_car(car_s))
    names = {"scene": "scene.yaml", "tracks": "tracks.csv", "signals": "signals.csv", "out": "v.jsonl"}
    with pytest.raises(SystemExit) as left:
        lukou.main(["judge", *(f"--{name}={folder / file}" for name, file in (names | {"yields": "y.jsonl"}).items())])
    assert left.value.code == 0
    met = [json.loads(line) for line in (folder / "y.jsonl").read_text().splitlines()]
    assert [(each["yielded"], pytest.approx(each["gap_s"], abs=0.3)) for each in met] == found
    for each in met:
        assert set(each) == {field.name for field in fields(Yielding)}
        assert (each["track_id"], each["user"], each["zone_id"], each["pedestrian_id"]) == (9, "car", "n", 7)
