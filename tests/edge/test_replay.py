"""What differs between a stored verdict and one that is judged again, told by plain values."""

from dataclasses import replace

import pytest

from contract.evidence import RuleApplied
from contract.words import LampState, PassageVerdict, RoadUserKind, ViolationKind, ZoneKind
from edge.observations import Judged, Observation, Passage, Violation
from edge.replay import Difference, Judgement, Verdict, differences, judged_again, rule_differences

RED_LIGHT, WRONG_WAY = ViolationKind.PEDESTRIAN_RED_LIGHT, ViolationKind.WRONG_WAY
ACT = Violation(RED_LIGHT, 7, "n", "ped", 1400, 3600, 3.04, RoadUserKind.PEDESTRIAN, LampState.RED, 0, (2.0, 0.0))
STORED = Verdict(ACT, 3700)
WALKER, CROSSWALK = RoadUserKind.PEDESTRIAN, ZoneKind.CROSSWALK
LAWFUL = Passage(7, WALKER, CROSSWALK, "n", "ped", 1400, 9, LampState.RED, 1.0, PassageVerdict.LAWFUL, "little")


def again(*violations, passages=(), said_ms=3700, at_end=False) -> Judgement:
    return Judgement(tuple(Verdict(violation, said_ms, at_end) for violation in violations), passages)


@pytest.mark.parametrize(
    ("story", "judgement", "differ"),
    [
        ("the same", again(ACT), []),
        ("the same among others", again(replace(ACT, track_id=8), ACT, replace(ACT, zone_id="s")), []),
        ("the same, said later", again(ACT, said_ms=4000, at_end=True), []),
        ("none", again(), [("verdict", "pedestrian_red_light", "none, and no passage of n")]),
        ("found lawful", again(passages=(LAWFUL,)), [("verdict", "pedestrian_red_light", "none: little")]),
        ("somebody else's", again(replace(ACT, track_id=8)),
         [("verdict", "pedestrian_red_light", "none, and no passage of n")]),
        ("a thousandth more", again(replace(ACT, measure=3.041)), [("measure", "3.04", "3.041")]),
        ("a kind of its own", again(replace(ACT, kind=WRONG_WAY)), [("kind", "pedestrian_red_light", "wrong_way")]),
        ("the nearest is told", again(*(replace(ACT, entered_ms=t_ms) for t_ms in (9000, 1401, 0))),
         [("entered_ms", "1400", "1401")]),
        ("unknown since", again(replace(ACT, lamp_since_ms=None)), [("lamp_since_ms", "0", "-")]),
        ("at the end, and more", again(replace(ACT, measure=4.0), at_end=True),
         [("measure", "3.04", "4.0"), ("said_ms", "3700", "3700 at the end")]),
    ],
)  # fmt: skip
def test_what_differs(story, judgement, differ):
    assert differences(STORED, judgement) == tuple(Difference(*row) for row in differ)


@pytest.mark.parametrize(
    ("version", "parameters", "differ"),
    [
        (2, {"advance_m": 3.0}, []),
        (3, {"advance_m": 3.0}, [("rule.version", "2", "3")]),
        (2, {"advance_m": 2.5}, [("rule.parameters.advance_m", "3.0", "2.5")]),
        (2, {"new_s": 1.0}, [("rule.parameters.advance_m", "3.0", "-"), ("rule.parameters.new_s", "-", "1.0")]),
    ],
)
def test_what_differs_of_the_rule(version, parameters, differ):
    stored = RuleApplied(name=RED_LIGHT, version=2, parameters={"advance_m": 3.0})
    now = RuleApplied(name=RED_LIGHT, version=version, parameters=parameters)
    assert rule_differences(stored, now) == tuple(Difference(*row) for row in differ)


class SaysAtItsThird:
    """Rules that accuse at the third observation, and once more at the end."""

    def __init__(self):
        self.seen = 0

    def observe(self, observation):
        self.seen += 1
        return Judged((ACT,)) if self.seen == 3 else Judged()

    def finish(self):
        return Judged((replace(ACT, zone_id="s"),), (LAWFUL,))


def test_it_is_known_when_each_verdict_was_said():
    judgement = judged_again(SaysAtItsThird(), [Observation(t_ms, ()) for t_ms in (0, 100, 200, 300)])
    assert judgement.verdicts == (Verdict(ACT, 200), Verdict(replace(ACT, zone_id="s"), 300, at_end=True))
    assert judgement.passages == (LAWFUL,)
