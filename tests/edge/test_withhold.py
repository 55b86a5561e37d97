"""What an unsound camera withholds: stories of one pedestrian, and what is said of them."""

from dataclasses import replace

import pytest

from contract.words import LampState, PassageVerdict, RoadUserKind, ViolationKind, ZoneKind
from edge.observations import Judged, Passage, Violation, Yielding
from edge.withhold import CAMERA_UNSOUND, Withholding

RED, GREEN = (PassageVerdict.VIOLATION, "advanced_on_red"), (PassageVerdict.LAWFUL, "not_red_at_entry")


def violation(entered_ms=10_000, confirmed_ms=13_000, track_id=1):
    return Violation(
        ViolationKind.PEDESTRIAN_RED_LIGHT, track_id, "n", "p", entered_ms, confirmed_ms, 3.1, RoadUserKind.PEDESTRIAN
    )


def passage(verdict, entered_ms=10_000, left_ms=20_000, track_id=1, over=ZoneKind.CROSSWALK):
    user, lamp = RoadUserKind.PEDESTRIAN, LampState.RED
    return Passage(track_id, user, over, "n", "p", entered_ms, left_ms, lamp, 9.0, verdict[0], verdict[1])


def withholding(*unsound):
    return Withholding(lambda a, b: not any(begin <= b and a <= end for begin, end in unsound))


@pytest.mark.parametrize(
    ("story", "unsound", "accused", "counted"),
    [
        ("the camera is well", [], 1, RED),
        ("it was ill, but before", [(1_000, 9_999)], 1, RED),
        ("it was ill as they came in", [(9_000, 10_500)], 0, (PassageVerdict.ABSTAINED, CAMERA_UNSOUND)),
        ("it was ill for a moment in between", [(11_000, 11_500)], 0, (PassageVerdict.ABSTAINED, CAMERA_UNSOUND)),
        ("it fell ill after the accusation was made: it stays counted", [(15_000, 30_000)], 1, RED),
    ],
)
def test_an_accusation_needs_a_sound_camera_from_the_entry_to_the_end_of_the_act(story, unsound, accused, counted):
    withheld = withholding(*unsound)
    assert len(withheld.of(Judged(violations=(violation(),))).violations) == accused
    assert withheld.withheld == 1 - accused
    (said,) = withheld.of(Judged(passages=(passage(RED),))).passages
    assert (said.verdict, said.reason) == counted


@pytest.mark.parametrize(
    ("story", "unsound", "entered_ms", "counted"),
    [
        ("well", [], 10_000, GREEN),
        ("ill while they crossed", [(12_000, 13_000)], 10_000, (PassageVerdict.ABSTAINED, CAMERA_UNSOUND)),
        ("first seen inside, ill before they left", [(12_000, 13_000)], None, GREEN),
    ],
)
def test_a_lawful_passage_is_counted_only_where_it_was_seen_well(story, unsound, entered_ms, counted):
    (said,) = withholding(*unsound).of(Judged(passages=(passage(GREEN, entered_ms),))).passages
    assert (said.verdict, said.reason) == counted


def test_an_earlier_accusation_does_not_cover_a_later_passage_of_the_same_track():
    withheld = withholding((30_000, 31_000))
    withheld.of(Judged(violations=(violation(),)))
    withheld.of(Judged(passages=(passage(RED),)))
    (again,) = withheld.of(Judged(passages=(passage(RED, 29_000, 40_000),))).passages
    assert again.verdict is PassageVerdict.ABSTAINED


LINE, CROSSWALK, LANE = ZoneKind.STOP_LINE, ZoneKind.CROSSWALK, ZoneKind.LANE


@pytest.mark.parametrize(
    ("story", "kind", "over", "covered"),
    [
        ("the ride that was accused of", ViolationKind.RIDER_RED_LIGHT, (LINE, 10_000), True),
        ("the crosswalk behind the line, of the same id", ViolationKind.RIDER_RED_LIGHT, (CROSSWALK, 11_500), False),
        ("the lane before the line, of the same id", ViolationKind.STOP_LINE, (LANE, 10_000), False),
        ("the ride against the lane began after it was come into", ViolationKind.WRONG_WAY, (LANE, 4_000), True),
        ("a line in the lane, of the same id", ViolationKind.WRONG_WAY, (LINE, 10_000), False),
    ],
)
def test_an_accusation_stays_counted_in_its_own_passage_alone(story, kind, over, covered):
    withheld = withholding((15_000, 30_000))  # the camera fell ill after the accusation
    withheld.of(Judged(violations=(replace(violation(), kind=kind),)))
    (said,) = withheld.of(Judged(passages=(passage(RED, over[1], over=over[0]),))).passages
    assert (said.verdict is PassageVerdict.VIOLATION) == covered


@pytest.mark.parametrize(
    ("story", "unsound", "counted"),
    [
        ("the camera is well", [], 1),
        ("it was ill, but before", [(1_000, 9_999)], 1),
        ("it was ill as the vehicle came", [(9_000, 10_500)], 0),
        ("it fell ill afterwards", [(10_001, 30_000)], 1),
    ],
)
def test_who_yielded_is_counted_only_where_the_camera_was_sound(story, unsound, counted):
    met = Yielding(4, RoadUserKind.CAR, "n", 7, 10_000, yielded=True, gap_s=1.5, distance_m=2.0)
    withheld = withholding(*unsound)
    assert withheld.of(Judged(yields=(met,))).yields == (met,) * counted
    assert withheld.withheld == 0  # nobody was accused


def test_what_is_foreseen_accuses_nobody_and_its_pictures_are_kept_whatever_the_camera():
    withheld = withholding((0, 60_000))
    foreseen = (violation(),)
    assert withheld.of(Judged(foreseen=foreseen)).foreseen == foreseen
    assert withheld.of(Judged(violations=foreseen)).violations == ()
    assert withheld.withheld == 1
