"""The rules' benchmark: its figures fit together, and its gate says which promise is not kept."""

import json
import subprocess
import sys

import pytest

from contract.words import ViolationKind
from datasets.benchmark.rules import gate
from datasets.score_report import TooLowError
from datasets.scoring import Score

RED = ViolationKind.PEDESTRIAN_RED_LIGHT


def test_figures_of_one_intersection(tmp_path):
    listed = tmp_path / "misses.jsonl"
    command = [sys.executable, "-m", "lukou", "bench", "rules", "--seeds", "1", "--first", "5", "--minutes", "3"]
    done = subprocess.run([*command, "--json", "--misses", listed], capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    assert (figures["seeds"], figures["first"], figures["minutes"]) == (1, 5, 3)
    clean, noisy = figures["clean"], figures["noisy"]
    assert set(clean) == set(noisy) == {kind.value for kind in ViolationKind}
    assert min(clean[RED]["capture"]["rate"], clean[RED]["valid"]["rate"]) > 0.95
    assert noisy[RED]["happened"] == clean[RED]["happened"] >= 5
    lines = [json.loads(text) for text in listed.read_text().splitlines()]
    missed = sum(clean[kind]["happened"] - clean[kind]["right"] for kind in clean)
    assert sum(line["tracks"] == "clean" and line["what"] == "missed" for line in lines) == missed


@pytest.mark.parametrize(
    ("clean", "noisy", "told"),
    [
        (Score(100, 100, 100), Score(100, 98, 98), None),
        (Score(100, 98, 98), Score(100, 98, 98), "exact tracks: pedestrian_red_light: capture 0.9800, needs 0.99"),
        (Score(100, 100, 100), Score(100, 100, 98), "faults: pedestrian_red_light: valid 0.9800, needs 0.99"),
        (Score(100, 100, 100), Score(100, 96, 96), "faults: pedestrian_red_light: capture 0.9600, needs 0.97"),
    ],
)
def test_the_gate(clean, noisy, told):
    scores = {"clean": {RED: clean}, "noisy": {RED: noisy}}
    if told is None:
        gate(scores)
        return
    with pytest.raises(TooLowError, match=told):
        gate(scores)
