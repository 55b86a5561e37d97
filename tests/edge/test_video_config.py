"""``video:`` of edge.yaml: what is meant by it, and every mistake in one line with its place."""

import pytest
from filming import place

from edge.config import load_config
from edge.errors import InputProblemError
from edge.filming import GB, recording_of, settings_of
from edge.video.retention import Limits

HEAD = """
device: {id: box-1, key_file: key.pem, token_file: token}
centre: {url: "http://127.0.0.1:8000", public_key_file: centre.pem}
data: ./data
cameras: [{scene: n.yaml, source: v.avi}]
"""


class Watched:
    """What of a watch tells where its camera's video lies."""

    place = place()


def loaded(tmp_path, video):
    path = tmp_path / "edge.yaml"
    path.write_text(f"{HEAD}{video}\n", encoding="utf-8")
    return load_config(path)


@pytest.mark.parametrize(
    ("video", "limits"),
    [
        ("", Limits(30, 731, None, 10 * GB)),
        ("video: {keep_days: 7, budget_gb: 200}", Limits(7, 731, 200 * GB, 10 * GB)),
        ("video: {keep_act_days: 90, free_gb_min: 0.5}", Limits(30, 90, None, GB // 2)),
        ("video: {keep_days: 0}", None),
    ],
)
def test_raw_video_is_kept_as_the_file_says(tmp_path, video, limits):
    config = loaded(tmp_path, video)
    recording = recording_of(config.video, config.data, Watched())
    assert (recording is None) == (limits is None)
    if recording is not None:
        shelf = recording.opened()
        assert (shelf.limits, shelf.folder) == (limits, tmp_path / "data" / "video" / "c-1")
        assert shelf.start_ms == Watched.place.start_ms


def test_a_camera_is_filmed_as_the_file_says(tmp_path):
    settings = settings_of(loaded(tmp_path, "video: {fps_max: 25, crf: 28, preset: veryfast}").video)
    assert (settings.fps_max, settings.crf, settings.preset) == (25, 28, "veryfast")


@pytest.mark.parametrize(
    ("video", "places"),
    [
        ("{fps_max: 0, crf: 99}", {"video.fps_max", "video.crf"}),
        ("{preset: placebo}", {"video.preset"}),
        ("{keep_days: -1}", {"video.keep_days"}),
        ("{keep: 30}", {"video.keep"}),
        ("{keep_days: 800}", {"video"}),  # longer than what shows an act
        ("{budget_gb: 0}", {"video.budget_gb"}),
    ],
)
def test_what_cannot_be_is_said_with_its_place(tmp_path, video, places):
    with pytest.raises(InputProblemError) as raised:
        loaded(tmp_path, f"video: {video}")
    assert {problem.split(": ")[1] for problem in raised.value.problems} == places
