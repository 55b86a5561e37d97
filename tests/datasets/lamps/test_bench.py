"""A small version of `lukou bench lamps`, with the promises of the large one."""

import json

import pytest
from rich.console import Console

from datasets.cache import cache_folder
from datasets.lamps.backgrounds import open_backgrounds
from datasets.lamps.bench import Wanted, bench_lamps


@pytest.fixture(scope="module")
def figures(footage_path, tmp_path_factory):
    out = tmp_path_factory.mktemp("lamps")
    backgrounds = open_backgrounds(footage_path, cache_folder("riders"), print)
    said = bench_lamps(backgrounds, Wanted(300, 14, 3, out), Console(quiet=True), as_json=False)
    return said, out


def test_never_red_for_green_and_right_where_it_answers(figures):
    reader = figures[0]["reader"]
    assert reader["pictures"] == 300
    assert reader["red_for_green"] == 0
    assert reader["right"]["rate"] >= 0.99
    assert reader["answered"]["rate"] >= 0.94


def test_it_is_measured_beside_a_plain_threshold_that_does_worse(figures):
    reader, plain = figures[0]["reader"], figures[0]["baseline"]
    assert plain["right"]["rate"] < reader["right"]["rate"] - 0.05


def test_half_a_second_later_no_instant_was_red_that_was_not(figures):
    stories = figures[0]["stories"]
    assert stories["stories"] == 14
    assert stories["red_where_none"] == 0
    assert stories["red_said_after_ms"]["median"] <= 400


def test_the_sheet_and_the_figures_are_kept(figures):
    said, out = figures
    assert json.loads((out / "lamps.json").read_text()) == json.loads(json.dumps(said))
    assert (out / "lamps.png").stat().st_size > 10_000
