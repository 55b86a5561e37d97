"""A remix of drawn walkers, written and read again by the readers that the edge uses."""

import json

import numpy as np
import pytest
from remixing import SIZE_PX, plain_ground, walker

from calibration.reader import load_scene
from calibration.scene import Scene
from datasets.remix.files import VIDEO, truth_lines, write_remix
from datasets.remix.render import pictures
from datasets.remix.staging import Wish, stage
from edge.camera.file import VideoFile
from edge.trajectories import read_signals, read_tracks

CLIPS = tuple(walker(number, (-9, -6 + 2 * number), (9, -7 + 2 * number)) for number in range(1, 6))
EMPTY = np.full((SIZE_PX[1], SIZE_PX[0], 3), 120, np.uint8)


def scene():
    return Scene("s", "S", "c", "由东向西", SIZE_PX, plain_ground(), (), (), (), ())


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    remix = stage(Wish(2, 40.0, proposed=300), CLIPS, plain_ground(), SIZE_PX)
    out = tmp_path_factory.mktemp("remix")
    write_remix(remix, EMPTY, scene(), out, lambda _text: None)
    return remix, out


def test_the_scene_is_one_that_the_edge_reads(written):
    remix, out = written
    read = load_scene(out / "scene.yaml")
    assert read.demonstration
    assert read.signals[0].lamp_xywh_px == remix.lamp_xywh_px
    assert read.crosswalks[0].polygon_m == pytest.approx(remix.setting.crosswalk.corners, abs=1e-3)
    assert np.abs(np.dot(read.crosswalks[0].across, remix.setting.crosswalk.across)) == pytest.approx(1, abs=1e-3)


def test_the_video_has_a_frame_each_tenth_of_a_second(written):
    remix, out = written
    times = [frame.t_ms for frame in VideoFile(out / VIDEO).frames()]
    assert times == list(range(0, remix.setting.end_ms, 100))


def test_signals_and_tracks_are_what_was_played(written):
    remix, out = written
    signals = read_signals(out / "signals.csv", {"ped-n"})
    for span in remix.setting.spans():
        assert signals.shown("ped-n", span.since_ms).state is span.state
    observations = read_tracks(out / "tracks-truth.csv")
    assert sum(len(one.road_users) for one in observations) == sum(len(act.order) for act in remix.acts)


def test_the_truth_names_who_did_it_and_when(written):
    remix, out = written
    lines = [json.loads(line) for line in (out / "truth.jsonl").read_text().splitlines()]
    assert lines == truth_lines(remix)
    assert lines
    for line in lines:
        act = remix.acts[line["track_id"] - 1]
        assert act.start_ms < line["entered_ms"] < line["confirmed_ms"] < act.end_ms
        assert line["measure"] >= 3


def test_the_same_remix_is_drawn_the_same():
    remix = stage(Wish(5, 20.0, proposed=50), CLIPS, plain_ground(), SIZE_PX)
    for one, other in zip(pictures(remix, EMPTY), pictures(remix, EMPTY), strict=True):
        assert (one == other).all()
