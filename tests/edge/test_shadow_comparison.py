"""Where two rule sets differ, as a table: what each said, and how it is counted and explained."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.words import PassageVerdict, RoadUserKind, ViolationKind
from edge.shadow import MissedLine, PassageLine, RulesLine, Terms, ViolationLine
from edge.shadow_comparison import compare

RED_LIGHT, STOP_LINE = ViolationKind.RIDER_RED_LIGHT, ViolationKind.STOP_LINE
ZONES = {"n": {"crosswalk.polygon_m": [[0, 0], [5, 0], [5, 9]]}}


def terms(advance_m=3.0, zones=ZONES) -> Terms:
    return Terms(scene_sha256="0", rules={"rider_red_light": {"advance_m": advance_m}}, zones=zones)


def head(shadow=None, start_ms=0) -> RulesLine:
    return RulesLine(camera_id="c", start_ms=start_ms, live=terms(), shadow=shadow or terms())


def act(side, track=1, entered_ms=1000, *, kind=RED_LIGHT, zone="n", measure=3.0) -> ViolationLine:
    return ViolationLine(
        side=side, kind=kind, track_id=track, zone_id=zone, entered_ms=entered_ms, confirmed_ms=entered_ms + 2000,
        measure=measure,
    )  # fmt: skip


def way(side, track=1, entered_ms=1000, *, reason="little_advance") -> PassageLine:
    return PassageLine(
        side=side, track_id=track, user=RoadUserKind.RIDER, zone_id="n", entered_ms=entered_ms,
        left_ms=(entered_ms or 1000) + 5000, verdict=PassageVerdict.LAWFUL, reason=reason,
    )  # fmt: skip


def missed(from_ms, to_ms) -> MissedLine:
    return MissedLine(from_ms=from_ms, to_ms=to_ms, observations=1, why="too slow")


NO_PASSAGE, LITTLE = "shadow: no passage of n", "shadow: lawful, little_advance"


@pytest.mark.parametrize(
    ("story", "lines", "counts", "why"),
    [
        ("nothing", [], (0, 0, 0), []),
        ("both", [act("live"), act("shadow")], (1, 0, 0), []),
        ("both, with another entry", [act("live"), act("shadow", entered_ms=4000)], (1, 0, 0), []),
        ("two acts, an hour apart", [act("live"), act("shadow", entered_ms=3_600_000)], (0, 1, 1),
         [NO_PASSAGE, "live: no passage of n"]),
        ("two people", [act("live"), act("shadow", 2)], (0, 1, 1), [NO_PASSAGE, "live: no passage of n"]),
        ("lawful for the shadow", [act("live"), way("live"), way("shadow")], (0, 1, 0), [LITTLE]),
        ("lawful when live", [way("live", reason="just_turned_red"), act("shadow")], (0, 0, 1),
         ["live: lawful, just_turned_red"]),
        ("the nearest of two ways", [act("live"), way("shadow", entered_ms=9000, reason="far"),
                                      way("shadow", reason="near")], (0, 1, 0), ["shadow: lawful, near"]),
        ("first seen inside", [act("live"), way("shadow", entered_ms=None)], (0, 1, 0), [LITTLE]),
        ("a way of the day after", [act("live"), way("shadow", entered_ms=86_400_000)], (0, 1, 0), [NO_PASSAGE]),
        ("each act once", [act("live"), act("live", entered_ms=3000), act("shadow", entered_ms=2900)], (1, 1, 0),
         ["shadow: no passage of n"]),
    ],
)  # fmt: skip
def test_acts_are_counted_and_explained(story, lines, counts, why):
    found = compare([head(), *lines])
    key = (RED_LIGHT.value, "n")
    assert (found.both[key], found.only["live"][key], found.only["shadow"][key]) == counts
    assert [reason for d in found.disagreements for reason in d.why] == why


def test_another_kind_of_the_same_way_is_told():
    found = compare([head(), act("live"), act("shadow", kind=STOP_LINE)])
    assert [d.why for d in found.disagreements] == [
        ("shadow: accused of stop_line in n",),
        ("live: accused of rider_red_light in n",),
    ]
    assert found.acts == [("rider_red_light", "n"), ("stop_line", "n")]


@pytest.mark.parametrize(
    ("story", "shadow", "told"),
    [
        ("nothing", terms(), []),
        ("a threshold", terms(advance_m=5.0), ["rider_red_light.advance_m: live 3.0, shadow 5.0"]),
        ("a shape", terms(zones={"n": {"crosswalk.polygon_m": []}}), ["zone n: crosswalk.polygon_m is not the same"]),
        ("a zone that is gone", terms(zones={}), ["zone n: not in the shadow scene"]),
        ("a new zone", terms(zones=ZONES | {"s": {}}), ["zone s: not in the live scene"]),
    ],
)  # fmt: skip
def test_the_terms_that_differ_are_told_once(story, shadow, told):
    assert compare([head(shadow), act("live"), head(shadow), act("live", 2)]).terms == told


@pytest.mark.parametrize(
    ("entered_ms", "compared"), [(1000, True), (8500, False), (20_000, False), (69_000, False), (71_000, True)]
)
def test_in_a_gap_and_a_minute_after_it_nothing_is_compared(entered_ms, compared):
    found = compare([head(), missed(10_000, 10_500), act("live", entered_ms=entered_ms)])
    assert (len(found.disagreements), found.not_compared) == ((1, 0) if compared else (0, 1))


def test_a_run_over_midnight_is_one_and_a_new_start_is_another():
    over_midnight = [head(), act("live"), head(), act("shadow")]
    assert compare(over_midnight).both.total() == 1
    begun_anew = [head(), act("live"), head(start_ms=5000), act("shadow")]
    assert [(d.only, d.at_ms) for d in compare(begun_anew).disagreements] == [("live", 1000), ("shadow", 6000)]


def test_lines_without_their_rules_are_refused():
    with pytest.raises(ValueError, match="the rules of both sides first"):
        compare([act("live")])


ACTS = st.lists(
    st.builds(act, st.just("live"), st.integers(1, 3), st.integers(0, 50_000), measure=st.just(3.0)), max_size=8
)


@given(ACTS)
def test_a_rule_set_does_not_differ_from_itself(acts):
    twin = [line.model_copy(update={"side": "shadow"}) for line in acts]
    found = compare([head(), *acts, *reversed(twin)])
    assert (found.both.total(), found.disagreements) == (len(acts), [])


@given(ACTS, ACTS)
def test_every_act_is_counted_once(live, others):
    shadow = [line.model_copy(update={"side": "shadow"}) for line in others]
    found = compare([head(), *live, *shadow])
    assert found.both.total() + found.only["live"].total() == len(live)
    assert found.both.total() + found.only["shadow"].total() == len(shadow)
