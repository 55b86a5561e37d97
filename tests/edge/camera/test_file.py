from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.camera.file import VideoFile
from edge.errors import InputProblemError


def write_video(path: Path, frames: int = 30, fps: float = 10.0) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), fps, (64, 48))
    rng = np.random.default_rng(1)
    for _ in range(frames):
        writer.write(rng.integers(0, 255, (48, 64, 3), dtype=np.uint8))
    writer.release()
    return path


def test_every_frame_comes_with_its_capture_time(tmp_path):
    video = VideoFile(write_video(tmp_path / "v.avi"))
    frames = list(video.frames())
    assert [f.t_ms for f in frames] == [100 * i for i in range(30)]
    assert video.size_px == (64, 48)
    assert video.problem is None


def test_a_truncated_video_gives_what_it_has_and_says_so(tmp_path):
    path = write_video(tmp_path / "v.avi")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    video = VideoFile(path)
    assert 0 < len(list(video.frames())) < 30
    assert "truncated" in (video.problem or "")


@pytest.mark.parametrize(
    ("story", "content", "says"),
    [
        ("not there", None, "found nothing there"),
        ("empty", b"", "found an empty one"),
        ("text", b"this is no video at all", "cannot be decoded"),
    ],
)
def test_what_is_no_video_is_said_in_one_line(tmp_path, story, content, says):
    path = tmp_path / "v.avi"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputProblemError) as caught:
        VideoFile(path)
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
