"""Stories of people on a street, and what the tracker says of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from street import SIZE_PX, box, boxes_of, dressed, follow, numbers, straight, view, walker

from edge.observations import Detection
from edge.tracking.colours import apart
from edge.tracking.tracker import GroundTracker

ACROSS = straight((-5.0, 2.0), (1.4, 0.0))


def hidden(path, from_s, to_s):
    return lambda t_s: None if from_s <= t_s < to_s else path(t_s)


def test_a_walk_is_one_track_from_its_first_frame_on():
    said = follow([(ACROSS, 1)], 6.0)
    assert numbers(said) == {1}
    walk = boxes_of(said, 1)
    assert [t for t, _ in walk] == list(range(0, 6001, 100))
    assert all(b.seen and b.identity == 1.0 for _, b in walk)
    assert max(abs(b.x_m - ACROSS(t / 1000)[0]) for t, b in walk) < 0.15
    assert max(abs(b.y_m - 2.0) for _, b in walk) < 0.2


def test_each_instant_is_said_once_in_order_and_half_a_second_late():
    tracker = GroundTracker(view())
    late = []
    for t_ms in range(0, 3000, 100):
        late += [(t_ms - instant.t_ms) for instant in tracker.update(t_ms, [walker(*ACROSS(t_ms / 1000))])]
    rest = [instant.t_ms for instant in tracker.finish()]
    assert set(late) == {500}
    assert rest == [2500, 2600, 2700, 2800, 2900]


@pytest.mark.parametrize("step_s", [0.04, 0.1, 0.2, 0.3])
def test_the_frame_rate_does_not_matter(step_s):
    said = follow([(ACROSS, 1)], 6.0, step_s=step_s)
    assert numbers(said) == {1}
    assert abs(boxes_of(said, 1)[-1][1].x_m - ACROSS(boxes_of(said, 1)[-1][0] / 1000)[0]) < 0.15


def test_a_short_gap_is_bridged_by_the_straight_way_and_said_to_be_unseen():
    said = follow([(hidden(ACROSS, 3.0, 3.35), 1)], 6.0)
    gap = [(t, b) for t, b in boxes_of(said, 1) if not b.seen]
    assert [t for t, _ in gap] == [3000, 3100, 3200, 3300]
    assert max(abs(b.x_m - ACROSS(t / 1000)[0]) for t, b in gap) < 0.1
    assert all(b.score is None for _, b in gap)


def test_behind_an_occluder_somebody_keeps_the_number_but_is_foretold_only_for_a_moment():
    said = follow([(hidden(ACROSS, 3.0, 5.0), 1)], 7.0)
    assert numbers(said) == {1}
    unseen = [t for t, b in boxes_of(said, 1) if not b.seen]
    assert unseen[0] == 3000
    assert 3300 <= max(t for t in unseen if t < 4400) <= 3500  # coast_s; the end of the gap is bridged again


@pytest.mark.parametrize(
    ("story", "hue", "same", "sure"),
    [("looks the same", 1, True, False), ("looks different", 7, False, True)],
)
def test_who_steps_out_elsewhere_is_the_lost_one_only_by_looks_and_never_for_sure(story, hue, same, sure):
    turned = straight(
        (-1.0, 4.5), (-1.0, 0.0)
    )  # came from x = -5 to -0.8, hidden at 3 s, steps out behind and goes back
    said = follow(
        [(lambda t: ACROSS(t) if t < 3 else None, 1), (lambda t: turned(t - 4.2) if t > 4.2 else None, hue)], 7.0
    )
    assert (numbers(said) == {1}) is same
    assert (said[-1].boxes[0].identity >= 0.9) is sure


def test_two_who_pass_each_other_keep_their_numbers_and_are_sure_again_when_they_look_different():
    there, back = straight((-4.0, 2.0), (1.4, 0.0)), straight((4.0, 3.0), (-1.4, 0.0))
    said = follow([(there, 1), (back, 9)], 5.5)
    assert numbers(said) == {1, 2}
    assert boxes_of(said, 1)[-1][1].x_m > 3
    assert boxes_of(said, 2)[-1][1].x_m < -3
    assert min(b.identity for b in said[-1].boxes) > 0.9


def test_two_who_look_alike_and_meet_closely_stay_doubtful():
    def meets(start, sign):
        return lambda t: (start + sign * 1.2 * min(t, 3.0), 2.0 + 0.05 * sign)

    said = follow([(meets(-3.7, 1), 1), (meets(3.7, -1), 1)], 6.0)
    assert min(b.identity for instant in said for b in instant.boxes) < 0.9


def test_things_doubles_and_those_whom_nobody_needs_are_not_followed():
    tracker = GroundTracker(view(on_watch=lambda place: place[1] < 6.0))
    said = []
    for t_ms in range(0, 3000, 100):
        x_m = 1.4 * t_ms / 1000
        seen = [
            walker(x_m - 4, 2.0),
            Detection(box(x_m - 3.93, 2.02), 0.55, "person"),  # the same person once more
            walker(2.0, 3.0, score=0.3),  # never strong
            Detection(box(4.0, 1.0, height_m=0.5), 0.7, "person"),  # a cone
            walker(3.0, 9.0),  # beyond what is watched
            Detection(box(-3.0, 0.0), 0.9, "dog"),
        ]
        said += tracker.update(t_ms, seen)
    assert numbers(said) == {1}


def test_whom_the_edge_of_the_picture_cuts_is_not_said():
    leaving = straight((3.0, 0.0), (1.4, 0.0))
    said = follow([(leaving, 1)], 5.0)
    boxes = [b.box_xyxy_px for instant in said for b in instant.boxes]
    assert all(x1 > 0 and x2 < SIZE_PX[0] for x1, _, x2, _ in boxes)
    assert said[-1].boxes == ()


def test_a_rider_who_is_now_a_person_now_a_machine_is_one_track():
    tracker, said = GroundTracker(view()), []
    for index in range(40):
        place = box(-5 + 0.3 * index, 2.0, 1.7, 0.8)
        label = "motorcycle" if index % 7 in {3, 4} else "person"
        said += tracker.update(index * 100, [Detection(place, 0.7, label, dressed(1))])
    assert numbers(said) == {1}
    labels = {b.label for instant in said for b in instant.boxes}
    assert labels == {"person", "motorcycle"}


def test_two_cameras_do_not_share_numbers_and_the_same_film_gives_the_same_tracks():
    paths = [(ACROSS, 1), (straight((4.0, 3.0), (-1.4, 0.0)), 9)]
    assert follow(paths, 4.0) == follow(paths, 4.0)


DETECTIONS = st.lists(
    st.builds(
        lambda x, y, w, h, score, label, hue: Detection((x, y, x + w, y + h), score, label, dressed(hue)),
        st.floats(-50, 760),
        st.floats(-50, 570),
        st.floats(1, 200),
        st.floats(1, 300),
        st.floats(0, 1),
        st.sampled_from(["person", "bicycle", "motorcycle", "car", "bus", "truck", "dog"]),
        st.integers(0, 15),
    ),
    max_size=8,
)


@given(st.lists(st.tuples(st.integers(1, 1500), DETECTIONS), max_size=25))
def test_whatever_a_detector_says_every_instant_comes_out_once(frames):
    tracker, t_ms, times, said = GroundTracker(view()), 0, [], []
    for wait_ms, detections in frames:
        t_ms += wait_ms
        times.append(t_ms)
        said += tracker.update(t_ms, detections)
    said += tracker.finish()
    assert [instant.t_ms for instant in said] == times
    for instant in said:
        assert len({b.track_id for b in instant.boxes}) == len(instant.boxes)
        assert all(np.isfinite((b.x_m, b.y_m, *b.box_xyxy_px)).all() and 0 <= b.identity <= 1 for b in instant.boxes)


def test_looks_are_compared_by_what_they_share():
    assert apart(dressed(1), dressed(1)) == pytest.approx(0.0, abs=1e-3)
    assert apart(dressed(1), dressed(2)) == pytest.approx(1.0)
