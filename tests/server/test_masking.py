"""A picture that would cost more than a camera's can is refused by its header, before any of it is decoded."""

import struct
import time

import cv2
import numpy as np
import pytest

from contract.evidence import RoadUserInPicture, Still
from contract.words import RoadUserKind, StillRole
from server.lists.masking import SCANS_MAX, START_OF_SCAN, mask

GOOD = cv2.imencode(".jpg", np.full((120, 160, 3), 90, np.uint8))[1].tobytes()


def still(width_px: int = 160, height_px: int = 120) -> Still:
    user = RoadUserInPicture(track_id=7, kind=RoadUserKind.PEDESTRIAN, box_xyxy_px=(40.0, 20.0, 80.0, 100.0))
    return Still(
        role=StillRole.ADVANCED,
        captured_at_ms=0,
        stamped="advanced.jpg",
        original="advanced_original.jpg",
        width_px=width_px,
        height_px=height_px,
        road_users=(user,),
    )


def promising(width_px: int, height_px: int) -> bytes:
    """Return the good picture, whose header promises another size."""
    at = GOOD.index(b"\xff\xc0") + 5
    return GOOD[:at] + struct.pack(">HH", height_px, width_px) + GOOD[at + 4 :]


def test_a_picture_as_the_still_says_is_masked():
    assert mask(GOOD, still(), 7)[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    ("what", "jpeg", "of"),
    [
        ("a bomb that the still admits to", promising(20_000, 20_000), still(20_000, 20_000)),
        ("a bomb that the still denies", promising(60_000, 60_000), still()),
        ("as large as a JPEG can be", promising(65_500, 65_500), still()),
        ("another size than the still's", GOOD, still(160, 121)),
        ("a thousand scans", GOOD[:-2] + START_OF_SCAN * 1000, still()),
        ("one scan too many", GOOD[:-2] + START_OF_SCAN * SCANS_MAX, still()),
        ("cut off in its header", GOOD[:20], still()),
        ("nothing", b"", still()),
        ("a PNG", cv2.imencode(".png", np.zeros((120, 160, 3), np.uint8))[1].tobytes(), still()),
        ("text", b"\xff\xd8 no picture", still()),
    ],
)
def test_what_is_no_picture_of_this_still_is_refused_at_once(what, jpeg, of):
    begun_s = time.process_time()
    with pytest.raises(ValueError, match="expected a"):
        mask(jpeg, of, 7)
    assert time.process_time() - begun_s < 2, what
