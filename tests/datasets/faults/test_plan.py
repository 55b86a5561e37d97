"""The plan's acts are the same whenever they are made, and the blows can be repeated."""

from itertools import islice

import pytest

from datasets.faults.feeder import read_plan, write_plan
from datasets.faults.plan import Plan
from datasets.faults.strikes import ALL, strikes

PLAN = Plan("box", "s", "c", 1_790_000_000_000, 200)


def test_every_act_has_its_own_name_and_the_same_again(tmp_path):
    write_plan(PLAN, tmp_path)
    names = PLAN.event_ids()
    assert len(set(names)) == 200
    assert read_plan(tmp_path).event_ids() == names


@pytest.mark.parametrize("seed", [1, 2, 99])
def test_blows_are_the_same_again_and_strike_everybody_alike(seed):
    blows = list(islice(strikes(seed, 2.0), 10 * len(ALL)))
    assert blows == list(islice(strikes(seed, 2.0), 10 * len(ALL)))
    assert blows != list(islice(strikes(seed + 1, 2.0), 10 * len(ALL)))
    assert {name: sum(blow.whom == name for blow in blows) for name in ALL} == dict.fromkeys(ALL, 10)
    assert all(0 <= blow.wait_s <= 8 for blow in blows)
