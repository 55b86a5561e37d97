"""The runs themselves, short: real broker, database, centre, worker and box, harmed while acts are made.

They wait for conditions, never for a speed; `make faults` plays them at length.
"""

import time

import pytest

from datasets.faults import harms
from datasets.faults.hostile.run import hostile
from datasets.faults.run import Scale

pytestmark = pytest.mark.process


def scale(folder, **changes) -> Scale:
    values = {"events": 60, "seed": 3, "frames": 40, "per_s": 4.0, "blow_s": 2.0, "blows_min": 8, "harm_s": 3.0}
    return Scale(folder, now_ms=time.time_ns() // 1_000_000, **(values | changes))


def told(figures: dict) -> dict:
    return {name: figures[name] for name in ("made", "at_centre", "missing", "doubled", "files_broken", "problems")}


def test_whatever_is_killed_at_random_times_nothing_is_lost_doubled_or_broken(tmp_path, footage_path, default_model):
    figures = harms.kills(scale(tmp_path))
    assert figures["problems"] == [], told(figures)
    assert figures["at_centre"] == figures["made"] > 60, "the planned acts and one of the footage's at least"
    assert sum(figures["kills"].values()) >= 8
    assert figures["files"] > 9 * 60
    assert figures["strays"] == 0


def test_a_line_that_breaks_and_a_broker_that_loses_its_disk_lose_nothing(tmp_path, footage_path, default_model):
    figures = harms.proxy(scale(tmp_path, events=20, frames=1))
    assert figures["problems"] == [], told(figures)
    assert figures["at_centre"] == figures["made"] >= 20
    assert figures["cut_off"] > 0
    assert figures["kills"] == {"broker": 1}


def test_hostile_messages_and_requests_to_a_running_centre(tmp_path):
    figures = hostile(tmp_path / "hostile", 1000, 5, time.time_ns() // 1_000_000, lambda _: None)
    assert figures["problems"] == []
    assert figures["crashes"] == figures["accepted"] == 0
    assert figures["refused"] + figures["replays"] == figures["sent"] >= 1000
