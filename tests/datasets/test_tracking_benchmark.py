"""The tracking benchmark's own parts: truth files, simulated streets, figures, and who passes into whom."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from street import view

from datasets.benchmark.mot import score
from datasets.benchmark.sequences import StreetSettings, read_truth, street
from datasets.benchmark.transfers import Transfers, transfers
from edge.errors import InputProblemError
from edge.observations import TrackedBox

BOX, AWAY = (10.0, 10.0, 50.0, 90.0), (200.0, 10.0, 240.0, 90.0)


def test_a_truth_file_is_read_and_its_faults_are_told_with_their_lines(tmp_path):
    path = tmp_path / "truth.csv"
    path.write_text("frame,id,x1,y1,x2,y2\n0,7,1,2,3,4\n0,8,1,2,3,4\n1,7,1,2,3,4\n")
    assert {frame: len(rows) for frame, rows in read_truth(path).items()} == {0: 2, 1: 1}
    path.write_text("frame,id,x1,y1,x2,y2\n0,7,1,2,3,4\n1,x,1,2,3,4\n")
    with pytest.raises(InputProblemError, match=r":3: expected six numbers"):
        read_truth(path)
    path.write_text("frame,id\n")
    with pytest.raises(InputProblemError, match=r":1: expected the columns"):
        read_truth(path)
    with pytest.raises(InputProblemError, match="expected a truth file"):
        read_truth(tmp_path / "none.csv")


def test_a_street_is_the_same_for_the_same_seed_and_another_for_another():
    settings = StreetSettings(people=6, seconds=10.0, centre_m=(0.0, 2.0))
    first, again, other = (street("s", view(), settings, seed) for seed in (1, 1, 2))
    assert first.frames == again.frames
    assert first.truth == again.truth
    assert first.frames != other.frames
    assert len(first.frames) == 100
    quiet = street("s", view(), replace(settings, miss=0.0, double=0.0, ghost=0.0, people=1), 1)
    assert max(len(detections) for _, detections in quiet.frames) == 1


@pytest.mark.parametrize(
    ("story", "said", "mota", "idf1", "switches"),
    [
        ("all right", {f: [(1, BOX)] for f in range(10)}, 1.0, 1.0, 0),
        ("another number half way", {f: [(1 + f // 5, BOX)] for f in range(10)}, 0.9, 0.5, 1),
        ("nothing", {}, 0.0, 0.0, 0),
        ("a ghost beside", {f: [(1, BOX), (2, AWAY)] for f in range(10)}, 0.0, 2 / 3, 0),
    ],
)
def test_figures_of_known_stories(story, said, mota, idf1, switches):
    truth = {frame: [(7, BOX)] for frame in range(10)}
    figures = score(truth, said)
    assert figures["mota"] == pytest.approx(mota, abs=1e-3)
    assert figures["idf1"] == pytest.approx(idf1, abs=1e-3)
    assert figures["id_switches"] == switches


def boxes(number, place, identity):
    return TrackedBox(number, place, 0.0, 0.0, "person", 0.9, identity)


@pytest.mark.parametrize(
    ("story", "identity_after", "expected"),
    [("it says so", 0.4, Transfers(1, 0)), ("it does not", 1.0, Transfers(1, 1))],
)
def test_a_track_that_passes_to_somebody_else(story, identity_after, expected):
    truth = {frame: [(7, BOX), (8, AWAY)] for frame in range(20)}
    said = {f: [boxes(1, BOX if f < 10 else AWAY, 1.0 if f < 10 else identity_after)] for f in range(20)}
    assert transfers(truth, said) == expected


def test_a_moment_over_somebody_else_is_no_transfer():
    truth = {frame: [(7, BOX), (8, AWAY)] for frame in range(20)}
    said = {f: [boxes(1, AWAY if 8 <= f < 11 else BOX, 1.0)] for f in range(20)}
    assert transfers(truth, said) == Transfers(0, 0)


def test_the_command_measures_streets_without_any_truth_beside_plain_bytetrack():
    words = [sys.executable, "-m", "lukou", "bench", "tracking", "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["sequences"]
    ours = [row for row in rows if row["tracker"] == "lukou"]
    plain = [row for row in rows if row["tracker"] == "bytetrack"]
    assert len(ours) == len(plain) == 6
    assert sum(row["id_switches"] for row in ours) < sum(row["id_switches"] for row in plain) / 2
    assert all(row["mota"] > 0.8 for row in ours)
