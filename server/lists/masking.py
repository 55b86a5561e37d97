"""The public picture: the road user without a head, in a picture without details (公共安全视频条例 art. 22).

The whole picture becomes blocks of about a head's size, so that a person whom the detector missed is covered as well;
only the road user's body below the head stays as it was, and of a rider only the trunk: the plate hangs below it. No
face or plate is looked for: the geometry of the box decides.
"""

from io import BytesIO
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from contract.evidence import Still
from contract.words import RoadUserKind

Picture = NDArray[np.uint8]
HEAD_SHARE: Final = 0.32
"""A standing adult's head and neck are about a quarter of the height; the margin covers a loose box."""
RIDER_SHOWN_TO: Final = 0.52
"""A two-wheeler's plate hangs at half a metre to 0.75 m, in the lower 0.45 of rider and machine."""
BLOCK_SHARE: Final = 0.16
"""A block is about as wide as a head: one colour where a face was."""
BLOCK_MIN_PX: Final = 8
PIXELS_MAX: Final = 64_000_000
"""No traffic camera has more; some bytes of a JPEG can promise a thousand times that, and cost as much memory."""
SCANS_MAX: Final = 100
"""A progressive JPEG has some ten; each costs the work of a whole picture, however few its bytes are."""
START_OF_SCAN: Final = b"\xff\xda"


def mask(jpeg: bytes, still: Still, track_id: int) -> bytes:
    """Return the masked picture as a JPEG.

    Args:
        jpeg: the untouched still.
        still: the manifest's entry of it, with the boxes in pixels.
        track_id: whose case it is.

    Raises:
        ValueError: it is no JPEG, not one of the size that the still has, or the road user is not in it.
    """
    _check(jpeg, still)
    picture = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError("expected a JPEG to mask, found something else")
    subjects = [u for u in still.road_users if u.track_id == track_id]
    if not subjects:
        raise ValueError(f"track {track_id} is not in the picture: nothing of it may be shown")
    others = [u.box_xyxy_px for u in still.road_users if u.track_id != track_id]
    shown = masked(np.asarray(picture, dtype=np.uint8), subjects[0].box_xyxy_px, others, subjects[0].kind)
    done, encoded = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, 88])
    if not done:
        raise ValueError("the masked picture cannot be written as a JPEG")
    return encoded.tobytes()


def _check(jpeg: bytes, still: Still) -> None:
    """Look at the header before any pixel is decoded. Raises ValueError."""
    try:
        with Image.open(BytesIO(jpeg), formats=["JPEG"]) as header:
            size_px = header.size
    except (OSError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError(f"expected a JPEG to mask, found something else: {error}") from error
    if size_px != (still.width_px, still.height_px) or size_px[0] * size_px[1] > PIXELS_MAX:
        raise ValueError(f"expected a picture of {still.width_px} x {still.height_px}, found {size_px}")
    if jpeg.count(START_OF_SCAN) > SCANS_MAX:
        raise ValueError(f"expected at most {SCANS_MAX} scans in a JPEG, found more")


Box = tuple[float, float, float, float]


def masked(picture: Picture, subject: Box, others: list[Box], kind: RoadUserKind = RoadUserKind.PEDESTRIAN) -> Picture:
    """Return the picture in blocks, with the subject's body below the head let through where nobody else stands."""
    x1, y1, x2, y2 = subject
    tallest_px = max(bottom - top for _, top, _, bottom in (subject, *others))  # whoever is near has a larger head
    block_px = max(BLOCK_MIN_PX, round(tallest_px * BLOCK_SHARE))
    result = in_blocks(picture, block_px)
    shown_to = 1.0 if kind is RoadUserKind.PEDESTRIAN else RIDER_SHOWN_TO
    body = _inside(picture, (x1, y1 + (y2 - y1) * HEAD_SHARE, x2, y1 + (y2 - y1) * shown_to))
    keep = np.zeros(picture.shape[:2], dtype=bool)
    keep[body] = True
    for box in others:
        keep[_inside(picture, box)] = False
    result[keep] = picture[keep]
    return result


def in_blocks(picture: Picture, block_px: int) -> Picture:
    """Return the picture with every block of ``block_px`` squared in its mean colour."""
    height, width = picture.shape[:2]
    small = (max(1, -(-width // block_px)), max(1, -(-height // block_px)))
    shrunk = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(shrunk, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def _inside(picture: Picture, box: Box) -> tuple[slice, slice]:
    height, width = picture.shape[:2]
    x1, y1, x2, y2 = (round(edge) for edge in box)
    return slice(min(max(y1, 0), height), min(max(y2, 0), height)), slice(
        min(max(x1, 0), width), min(max(x2, 0), width)
    )
