"""A score as figures, as a table, as an exit status, as a list of misses."""

import io

import pytest
from rich.console import Console

from contract.words import ViolationKind
from datasets.rows import write_lines
from datasets.score_report import TooLowError, as_figures, misses, require, show
from datasets.scoring import Claim, Score, compare
from edge.errors import InputProblemError

RED = ViolationKind.PEDESTRIAN_RED_LIGHT
SCORES = {RED: Score(happened=100, found=98, right=97), ViolationKind.WRONG_WAY: Score(5, 0, 0)}


def test_figures_have_both_rates_with_their_intervals():
    figures = as_figures(SCORES)[RED.value]
    assert (figures["happened"], figures["found"], figures["right"]) == (100, 98, 97)
    assert figures["capture"] == {"rate": 0.97, "low": 0.91548, "high": 0.98975}
    assert as_figures(SCORES)["wrong_way"]["valid"] == {"rate": None, "low": None, "high": None}


def test_the_table_can_be_read_on_a_narrow_terminal():
    text = io.StringIO()
    show(SCORES, "a title", Console(file=text, width=80))
    for word in ("pedestrian_red_light", "0.9700", "97", "98", "100", "0.915–0.990", "捕获率", "有效率"):
        assert word in text.getvalue()


@pytest.mark.parametrize(
    ("capture_min", "valid_min", "told"),
    [
        (0.0, 0.98, []),
        (0.98, 0.0, ["pedestrian_red_light: capture 0.9700, needs 0.98", "wrong_way: capture 0.0000, needs 0.98"]),
        (0.0, 0.995, ["pedestrian_red_light: valid 0.9898, needs 0.995"]),
    ],
)
def test_too_low_is_an_answer(capture_min, valid_min, told):
    if not told:
        require(SCORES, capture_min, valid_min)
        return
    with pytest.raises(TooLowError) as error:
        require(SCORES, capture_min, valid_min)
    assert str(error.value).splitlines() == told
    assert error.value.exit_status == 1


def test_misses_are_listed_in_time_order(tmp_path):
    late, early = Claim(RED, 1, "n", 9000, 9900, "walks-on-red"), Claim(RED, 2, "n", 100, 900)
    listed = misses(compare([late], [early]))
    assert [(line["what"], line["track_id"], line["intent"]) for line in listed] == [
        ("false", 2, None),
        ("missed", 1, "walks-on-red"),
    ]
    write_lines(tmp_path / "misses.jsonl", listed)
    assert len((tmp_path / "misses.jsonl").read_text().splitlines()) == 2
    with pytest.raises(InputProblemError, match="expected a place to write to"):
        write_lines(tmp_path / "none" / "misses.jsonl", listed)
