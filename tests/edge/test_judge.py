import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from edge.errors import InputProblemError
from edge.judge import judge
from edge.trajectories import csv_writer, read_signals, read_tracks, track_rows

SCENE = """
version: 1
site: {id: s, name: site}
camera: {id: c, direction: north, size: [100, 100]}
signals: [{id: ped, for: pedestrian}]
crosswalks: [{id: n, signal: ped, polygon: {m: [[0, 0], [5, 0], [5, 10], [0, 10]]}}]
"""
TRACKS = "t_ms,track_id,kind,x_m,y_m\n" + "".join(f"{100 * i},7,pedestrian,2,{-2 + 0.14 * i:.2f}\n" for i in range(100))
SIGNALS = "t_ms,signal_id,state\n0,ped,red\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    for name, text in (("scene.yaml", SCENE), ("tracks.csv", TRACKS), ("signals.csv", SIGNALS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(folder: Path):
    names = ("scene.yaml", "tracks.csv", "signals.csv", "violations.jsonl", "passages.jsonl")
    return judge(*(folder / name for name in names))


def test_a_violation_is_written_as_documented(folder):
    summary = run(folder)
    (line,) = (folder / "violations.jsonl").read_text().splitlines()
    violation = json.loads(line)
    assert violation["kind"] == "pedestrian_red_light"
    assert (violation["track_id"], violation["zone_id"], violation["signal_id"]) == (7, "n", "ped")
    assert violation["user"] == "pedestrian"
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


def test_tracks_that_are_written_are_read_the_same(folder, tmp_path):
    seen = read_tracks(folder / "tracks.csv")
    with (tmp_path / "again.csv").open("w", newline="") as file:
        row = csv_writer(file, ("t_ms", "track_id", "kind", "x_m", "y_m", "x1_px", "y1_px", "x2_px", "y2_px", "score"))
        for observation in seen:
            for values in track_rows(observation):
                row(values)
    assert read_tracks(tmp_path / "again.csv") == seen
    assert read_signals(folder / "signals.csv", {"ped"}).shown("ped", 5).state == "red"
