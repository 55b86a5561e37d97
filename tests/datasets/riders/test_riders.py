"""Labelled frames of riders, cut from packages' sample pictures, before the edge's own detector, tracker and kinds."""

import numpy as np
import pytest

from contract.words import RoadUserKind
from datasets.cache import cache_folder
from datasets.riders.bench import composed
from datasets.riders.measure import riders_among, tell
from datasets.riders.pictures import rider_pictures
from edge.detect import open_detector
from edge.tracking.settings import TrackerSettings

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def played(footage_path, default_model):
    scene, stories = composed(rider_pictures(cache_folder("riders"), print), footage_path)
    score_min = TrackerSettings().weak_score_min
    detector = open_detector(str(default_model), default_model.parent, 2, score_min, scene.size_px)
    return scene, {story.name: story for story in stories}, detector


@pytest.mark.parametrize(
    ("name", "settled_s"),
    [
        ("bicycle, 5 m/s", 2.0),
        ("bicycle, 3.5 m/s", 5.0),  # mostly seen as a person alone: open for long, and accused of nothing meanwhile
        ("motorbike, 8 m/s", 2.0),
    ],
)
def test_a_rider_is_settled_to_be_one_and_stands_on_the_wheels(played, name, settled_s):
    scene, stories, detector = played
    told = tell(stories[name], scene, detector)
    assert told.settled_s is not None
    assert told.settled_s <= settled_s
    assert told.wrong == 0
    assert told.kinds.keys() == {RoadUserKind.RIDER.value}
    assert told.foot_error_m <= 0.4
    assert told.seen_as["neither"] <= 0.1


def test_a_parked_motorbike_is_nobody_s_and_who_walks_past_stays_a_pedestrian(played):
    scene, stories, detector = played
    told = tell(stories["parked motorbike"], scene, detector)
    assert told.seen_as["machine"] >= 0.8
    assert riders_among(told) == 0
    assert told.kinds.keys() == {RoadUserKind.PEDESTRIAN.value}
    assert told.kinds[RoadUserKind.PEDESTRIAN.value] >= 100


def test_a_figure_is_as_large_as_the_ground_says_and_wholly_in_the_picture(played):
    scene, stories, _ = played
    for story in stories.values():
        boxes = story.clip.boxes_px
        assert (boxes[:, :2] >= 0).all()
        assert (boxes[:, 2:] <= np.array(scene.size_px)).all()
        feet_px = np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], axis=1)
        assert scene.ground.to_metres(feet_px) == pytest.approx(story.clip.feet_m, abs=0.1)
