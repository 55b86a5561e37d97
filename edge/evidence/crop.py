"""The road user alone: cut out of the untouched still in which they are largest, at the camera's full resolution.

No face is looked for; the crop is the whole body and some of what is around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image

from contract.evidence import Crop
from contract.words import StillRole
from edge.evidence.ring import Kept
from edge.observations import BoxXyxyPx

AROUND: Final = 0.25
"""So much of the body's width and height is shown on each side of it."""
NAME: Final = "road_user.jpg"
QUALITY: Final = 95


@dataclass(frozen=True, slots=True)
class Cut:
    """A crop and its bytes."""

    crop: Crop
    jpeg: bytes


def closest(stills: Sequence[tuple[StillRole, Kept]], track_id: int) -> Cut | None:
    """Return the crop of the still in which the road user's box is largest; None where no still has a box of them."""
    found = [(_area(box), role, kept, box) for role, kept in stills if (box := _box(kept, track_id)) is not None]
    if not found:
        return None
    _, role, kept, box_xyxy_px = max(found, key=lambda each: each[0])
    around = _around(box_xyxy_px, kept.size_px)
    if around[2] <= around[0] or around[3] <= around[1]:
        return None  # a box that the tracker has put outside the picture
    with Image.open(BytesIO(kept.jpeg)) as picture:
        cut = picture.convert("RGB").crop(around)
    out = BytesIO()
    cut.save(out, format="JPEG", quality=QUALITY, subsampling=0)
    box = float(around[0]), float(around[1]), float(around[2]), float(around[3])
    return Cut(Crop(name=NAME, of=role, box_xyxy_px=box), out.getvalue())


def _box(kept: Kept, track_id: int) -> BoxXyxyPx | None:
    return next((u.box_xyxy_px for u in kept.observation.road_users if u.track_id == track_id), None)


def _area(box: BoxXyxyPx) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _around(box: BoxXyxyPx, size_px: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return whole pixels: the box with its surroundings, as far as the picture reaches."""
    x1, y1, x2, y2 = box
    beside_px, above_px = AROUND * (x2 - x1), AROUND * (y2 - y1)
    width_px, height_px = size_px
    return (
        max(0, round(x1 - beside_px)),
        max(0, round(y1 - above_px)),
        min(width_px, round(x2 + beside_px)),
        min(height_px, round(y2 + above_px)),
    )
