"""The remix benchmark from end to end on one short remix of drawn people, and its gate."""

import json

import numpy as np
import pytest
from remixing import SIZE_PX, plain_ground, walker
from rich.console import Console

from calibration.scene import Scene
from contract.words import ViolationKind
from datasets.benchmark.remix import GIVEN, PIXELS, Half, Wanted, bench_remix, gate
from datasets.errors import PartMissingError
from datasets.remix.run import Cast
from datasets.score_report import TooLowError
from datasets.scoring import Claim, compare

RED = ViolationKind.PEDESTRIAN_RED_LIGHT


CLIPS = tuple(walker(number, (-9, -6 + 2 * number), (9, -7 + 2 * number)) for number in range(1, 6))
EMPTY = np.full((SIZE_PX[1], SIZE_PX[0], 3), 120, np.uint8)
CAST = Cast(Scene("s", "S", "c", "由东向西", SIZE_PX, plain_ground(), (), (), (), ()), plain_ground(), EMPTY, CLIPS)


@pytest.mark.weights
def test_a_remix_is_made_watched_and_scored(tmp_path, capsys):
    """Nobody takes drawn blocks for people: what happened is all missed, and nobody is accused."""
    wanted = Wanted(1, 2, 20.0, False, "nanodet-g", tmp_path / "misses.jsonl", tmp_path / "kept")
    bench_remix(wanted, CAST, Console(stderr=True), as_json=True)
    figures = json.loads(capsys.readouterr().out)
    truth = (tmp_path / "kept" / "2" / "truth.jsonl").read_text().splitlines()
    assert (figures["seeds"], figures["first"], figures["model"]) == (1, 2, "nanodet-g")
    assert figures["given"][RED]["happened"] == len(truth) >= 1
    assert figures["given"][RED]["found"] == 0
    people = figures["given"]["people"].values()
    assert [sum(one[name] for one in people) for name in ("happened", "right")] == [len(truth), 0]
    seen = figures["pixels"]
    assert "lamp" in seen or "lamps are not read yet" in seen["not_measured"]
    if "lamp" in seen:
        assert seen["lamp"]["red_for_another_s"] == 0
        assert sum(seen["lamp"]["seconds"].values()) == 20
    listed = [json.loads(line) for line in (tmp_path / "misses.jsonl").read_text().splitlines()]
    assert [line["what"] for line in listed if line["lamp"] == GIVEN] == ["missed"] * len(truth)


@pytest.mark.weights
def test_a_watch_that_ends_badly_is_said(tmp_path):
    wanted = Wanted(1, 2, 20.0, False, str(tmp_path / "none.onnx"), keep=tmp_path)
    with pytest.raises(PartMissingError, match="lukou watch: ended with status"):
        bench_remix(wanted, CAST, Console(stderr=True), as_json=True)


def half(happened, found, right, refused=None):
    """Return a half of which so many are right."""
    truth = [Claim(RED, n, "n", 10_000 * n, 10_000 * n + 2000) for n in range(happened)]
    other = [Claim(RED, n, "s", 10_000 * n, 10_000 * n + 2000) for n in range(found - right)]
    return Half(compared=[compare(truth, truth[:right] + other)], refused=refused)


@pytest.mark.parametrize(
    ("given", "pixels", "told"),
    [
        (half(100, 97, 96), half(100, 97, 96), None),
        (
            half(100, 97, 96),
            half(100, 94, 94),
            "from its pixels: pedestrian_red_light: capture 0.9400, needs 0.95",
        ),
        (half(100, 99, 96), half(100, 97, 96), "as it was drawn: pedestrian_red_light: valid 0.9697, needs 0.98"),
        (half(100, 97, 96), half(0, 0, 0, "it does not read lamps"), "read from its pixels: not measured"),
    ],
)
def test_the_gate(given, pixels, told):
    if told is None:
        gate({GIVEN: given, PIXELS: pixels})
        return
    with pytest.raises(TooLowError, match=told):
        gate({GIVEN: given, PIXELS: pixels})


def test_what_was_refused_has_no_figures():
    assert half(0, 0, 0, "no").figures() == {"not_measured": "no"}
    assert half(10, 10, 9).figures()[RED]["right"] == 9
