"""Stories of two reports: one act or two. Metres on the site's ground, seconds after 08:00:00; the lane leads to -x."""

from math import hypot

import pytest
from centre import NOW_MS, make_act
from hypothesis import given
from hypothesis import strategies as st

from contract.identity import event_id
from contract.messages import ViolationReported
from contract.words import ViolationKind
from server.cases.same_act import Tolerances, apart, home

T = Tolerances(
    entry_s=1.0, entry_m=1.5, red_since_s=1.0, one_camera_s=0.2, one_camera_m=0.3, ride_gap_s=3.0, ride_m=1.5
)
WALK, RIDER, STOP, WRONG = (
    ViolationKind.PEDESTRIAN_RED_LIGHT,
    ViolationKind.RIDER_RED_LIGHT,
    ViolationKind.STOP_LINE,
    ViolationKind.WRONG_WAY,
)
AGAINST = (1.0, 0.0)


def report(
    camera: str,
    at_s: float,
    place_m: tuple[float, float] | None,
    kind: ViolationKind = WALK,
    number: int = 1,
    **changes,
) -> ViolationReported:
    """One report; ``lasts_s`` from entry to confirmation, ``red_s`` when the red began."""
    lasts_s, red_s = changes.pop("lasts_s", 2.0), changes.pop("red_s", -10.0)
    start_ms = NOW_MS + round(at_s * 1000)
    since_ms = None if red_s is None else NOW_MS + round(red_s * 1000)
    values = {
        "event_id": event_id(camera, kind, number, start_ms),
        "camera_id": camera,
        "kind": kind,
        "entered_at_ms": start_ms,
        "confirmed_at_ms": start_ms + round(lasts_s * 1000),
        "entered_at_m": place_m,
        "heading": AGAINST if kind is WRONG else None,
        "lamp": None if kind is WRONG else make_act().message.lamp.model_copy(update={"since_ms": since_ms}),
    }
    return make_act(number, **(values | changes)).message


def ride(camera: str, at_s: float, x_m: float, y_m: float = 0.0, pace_mps: float = 4.0, **changes) -> ViolationReported:
    """One wrong-way report: 8 m ridden from ``x_m`` on."""
    return report(camera, at_s, (x_m, y_m), WRONG, measure=8.0, lasts_s=8.0 / pace_mps, **changes)


STORIES = [
    ("two cameras, half a second and a metre apart", report("a", 0, (0, 0)), report("b", 0.5, (0.8, 0.6)), True),
    ("to the limit", report("a", 0, (0, 0)), report("b", 1.0, (1.5, 0)), True),
    ("a second and more", report("a", 0, (0, 0)), report("b", 1.01, (0, 0)), False),
    ("two metres", report("a", 0, (0, 0)), report("b", 0, (2, 0)), False),
    ("another crosswalk", report("a", 0, (0, 0)), report("b", 0, (0, 0), zone_id="s"), False),
    ("another site", report("a", 0, (0, 0)), report("b", 0, (0, 0), site_id="s-2"), False),
    ("a demonstration and a real one", report("a", 0, (0, 0)), report("b", 0, (0, 0), demonstration=True), False),
    ("a walker and a rider", report("a", 0, (0, 0)), report("b", 0, (0, 0), RIDER), False),
    ("another red", report("a", 0, (0, 0), red_s=-1.5), report("b", 0.9, (0, 0), red_s=-0.2), False),
    ("one camera does not know since when", report("a", 0, (0, 0), red_s=None), report("b", 0, (0, 0)), True),
    ("a place that is not known", report("a", 0, None), report("b", 0, (0, 0)), False),
    ("one camera, side by side", report("a", 0, (0, 0)), report("a", 0, (0, 0.6), number=2), False),
    ("one camera, one close behind the other", report("a", 0, (0, 0)), report("a", 0.4, (0, 0), number=2), False),
    ("one camera, two tracks on one body", report("a", 0, (0, 0)), report("a", 0.1, (0, 0.2), number=2), True),
    ("stopped for one, gone on for the other", report("a", 0, (0, 0), STOP), report("b", 0.2, (0, 0), RIDER), True),
    ("a queue on the line", report("a", 0, (0, 0), STOP), report("b", 0.2, (0, 1.6), STOP), False),
    ("the same stretch of a ride", ride("a", 0, 0), ride("b", 0, 0.4), True),
    ("the next stretch of a ride", ride("a", 0, 0), ride("b", 3.0, 12.5), True),
    ("3 m behind", ride("a", 0, 0), ride("b", 3.0, 9.0), False),
    ("3 m ahead", ride("a", 0, 0), ride("b", 0, 3.0), False),
    ("3 m behind, by one camera", ride("a", 0, 0), ride("a", 0.75, 0, number=2), False),
    ("where it came from", ride("a", 0, 0), ride("b", 3.0, -12.0), False),
    ("beside it", ride("a", 0, 0), ride("b", 3.0, 12.0, 2.0), False),
    ("ten seconds later", ride("a", 0, 0), ride("b", 12.0, 48.0), False),
    ("lost and found by one camera", ride("a", 0, 0), ride("a", 3.0, 12.0, number=2), True),
    ("a slow rider", ride("a", 0, 0, pace_mps=2), ride("b", 6.0, 12.0, pace_mps=2), True),
    ("another way along the lane", ride("a", 0, 0), ride("b", 3.0, 12.0, heading=(-1.0, 0.0)), False),
    ("a way that is not known", ride("a", 0, 0), ride("b", 3.0, 12.0, heading=None), False),
]


@pytest.mark.parametrize(("story", "one", "other", "same"), STORIES, ids=[s[0] for s in STORIES])
def test_one_act_or_two_whichever_is_asked_first(story, one, other, same):
    assert (apart(one, other, T) is not None) == same
    assert apart(one, other, T) == apart(other, one, T)


def cases_of(reports: list[ViolationReported]) -> dict[int, list[ViolationReported]]:
    """Take reports in as they come, as the centre does."""
    cases: dict[int, list[ViolationReported]] = {}
    for one in reports:
        cases.setdefault(home(one, cases, T) or len(cases) + 1, []).append(one)
    return cases


PLACES = st.tuples(st.integers(-40, 40), st.integers(-40, 40)).map(lambda p: (p[0] / 10, p[1] / 10))
REPORTS = st.builds(
    report,
    st.sampled_from(["a", "b", "c"]),
    st.integers(0, 40).map(lambda tenths: tenths / 10),
    PLACES,
    st.sampled_from([WALK, RIDER, STOP]),
    st.integers(1, 9),
)
RIDES = st.builds(
    ride,
    st.sampled_from(["a", "b"]),
    st.integers(0, 80).map(lambda tenths: tenths / 10),
    st.integers(-100, 300).map(lambda tenths: tenths / 10),
    st.integers(-20, 20).map(lambda tenths: tenths / 10),
    st.sampled_from([2.0, 4.0, 6.0]),
)


@given(st.one_of(st.tuples(REPORTS, REPORTS), st.tuples(RIDES, RIDES)))
def test_of_two_reports_the_order_does_not_matter(pair):
    one, other = pair
    assert apart(one, other, T) == apart(other, one, T)
    assert len(cases_of([one, other])) == len(cases_of([other, one]))


@given(
    st.lists(PLACES, min_size=1, max_size=4, unique=True).filter(
        lambda places: all(hypot(a[0] - b[0], a[1] - b[1]) > 2.5 for a in places for b in places if a != b)
    ),
    st.data(),
)
def test_people_who_enter_apart_are_as_many_cases_in_whatever_order_three_cameras_tell(places, data):
    reports = [
        report(camera, offset_s, (x + offset_s, y), number=number)
        for number, (x, y) in enumerate(places, start=1)
        for camera, offset_s in (("a", 0.0), ("b", 0.4), ("c", -0.4))
    ]
    found = cases_of(data.draw(st.permutations(reports)))
    assert len(found) == len(places)
    assert all(len({one.track_id for one in case}) == 1 for case in found.values())


@given(st.permutations([("a", 1), ("a", 2), ("b", 1), ("b", 2)]))
def test_a_couple_side_by_side_seen_by_two_cameras_is_two_cases(order):
    reports = [report(camera, 0, (0.0, 0.6 * person), number=person) for camera, person in order]
    found = cases_of(reports)
    assert len(found) == 2
    assert all(len({one.camera_id for one in case}) == 2 for case in found.values())


@given(st.lists(REPORTS, max_size=8, unique_by=lambda one: (one.camera_id, one.track_id)))
def test_no_camera_has_two_of_its_people_in_one_case(reports):
    for case in cases_of(reports).values():
        for one in case:
            for other in case:
                assert one is other or apart(one, other, T) is not None
