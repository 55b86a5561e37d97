"""One picture, whatever it comes from."""

import cv2
import numpy as np
import pytest

from edge.camera.still import as_jpeg, still_of_file
from edge.errors import InputProblemError


@pytest.fixture
def film(tmp_path):
    """Three seconds at ten frames a second, each lighter than the one before."""
    path = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, (64, 48))
    for index in range(30):
        writer.write(np.full((48, 64, 3), index * 8, np.uint8))
    writer.release()
    return path


@pytest.mark.parametrize(("at_s", "grey"), [(0, 0), (1.0, 80), (2.45, 200)])
def test_a_videos_frame_at_a_time(film, at_s, grey):
    assert abs(int(still_of_file(film, at_s)[20, 20, 0]) - grey) <= 3


def test_a_time_after_the_end_is_told(film):
    with pytest.raises(InputProblemError, match=r"expected a frame at 60 s, found only 2\.9 s"):
        still_of_file(film, 60)


def test_a_picture_file(tmp_path):
    path = tmp_path / "Foto.PNG"
    cv2.imwrite(str(path), np.full((48, 64, 3), 70, np.uint8))
    picture = still_of_file(path, 0)
    assert picture.shape == (48, 64, 3)
    assert cv2.imdecode(np.frombuffer(as_jpeg(picture), np.uint8), cv2.IMREAD_COLOR).shape == picture.shape


def test_a_picture_that_is_none_is_told(tmp_path):
    path = tmp_path / "no.png"
    path.write_text("no picture")
    with pytest.raises(InputProblemError, match="found none that can be read"):
        still_of_file(path, 0)
