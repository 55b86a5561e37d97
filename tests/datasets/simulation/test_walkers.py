"""The parts on foot, held against the truth's own judgement: each does what its name says, whoever plays it."""

import numpy as np
import pytest
from junction import CROSSING, lamp

from contract.words import LampState, RoadUserKind
from datasets.lamp_spans import PlayedLamps
from datasets.simulation import walkers
from datasets.simulation.acting import across, trace_of
from datasets.simulation.oracle import on_crosswalk

ALWAYS = {walkers.turns_back_late, walkers.waits_in_the_road, walkers.comes_back_again}
MOSTLY = {walkers.walks_on_red, walkers.waits_then_walks_on_red, walkers.enters_just_after_red}
SOMETIMES = {walkers.starts_early}


@pytest.mark.parametrize("part", walkers.PARTS, ids=lambda part: part.__name__)
def test_a_part_is_what_its_name_says(part):
    (red,) = PlayedLamps(lamp(), 100_000).whole("lamp", LampState.RED)
    random = np.random.default_rng(1)
    accused = []
    for number in range(40):
        way = part(walkers.stage(across(CROSSING, backwards=number % 2 == 0), red, random))
        played = trace_of(way, part.__name__, RoadUserKind.PEDESTRIAN, CROSSING.id, random)
        accused.append(len(list(on_crosswalk(played, CROSSING, lamp()))))
    assert max(accused) <= 1, "one act a red phase"
    share = sum(accused) / len(accused)
    if part in ALWAYS:
        assert share == 1
    elif part in MOSTLY:
        assert 0.6 <= share <= 1
    elif part in SOMETIMES:
        assert 0.2 <= share <= 0.9
    else:
        assert share == 0
