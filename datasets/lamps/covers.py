"""What may stand before a lamp, as a mask and a picture on the fine raster: a pole, leaves, the side of a vehicle."""

from typing import Final

import cv2
import numpy as np

from datasets.lamps.painting import Easel, enlarged
from datasets.lamps.values import Air, Body, Cover, LightRgb, Mask

PAINTS: Final = (
    (0.55, 0.05, 0.05),
    (0.05, 0.35, 0.12),
    (0.6, 0.6, 0.6),
    (0.05, 0.1, 0.4),
    (0.03, 0.03, 0.03),
    (0.7, 0.5, 0.05),
)
Random = np.random.Generator


def cast_cover(random: Random) -> Cover:
    """Return what stands there: mostly nothing."""
    covers = list(Cover)
    return covers[int(random.choice(len(covers), p=[0.8, 0.06, 0.06, 0.08]))]


def covered(cover: Cover, body: Body, easel: Easel, random: Random) -> Mask:
    """Return how much of each pixel of the fine raster is hidden."""
    wide, high = (side * easel.fine for side in easel.size_wh)
    mask = np.zeros((high, wide), np.float32)
    width, height = (side * easel.fine for side in body.size_px)
    left, top = easel.x * easel.fine, easel.y * easel.fine
    match cover:
        case Cover.POLE:
            centre = left + float(random.uniform(-0.3, 1.3)) * width
            half = float(random.uniform(0.06, 0.3)) * width
            mask[:, max(0, round(centre - half)) : max(0, round(centre + half))] = 1
        case Cover.LEAVES:
            for _ in range(int(random.integers(4, 60))):
                x, y = left + random.uniform(-0.6, 1.6) * width, top + random.uniform(-0.3, 1.3) * height
                axes = (round(random.uniform(0.05, 0.2) * width) + 1, round(random.uniform(0.03, 0.12) * width) + 1)
                cv2.ellipse(mask, (round(x), round(y)), axes, float(random.uniform(0, 180)), 0, 360, 1.0, -1)
        case Cover.VEHICLE:
            _drive_before(mask, (left, top, width, height), random)
        case _:
            pass
    return mask


def _drive_before(mask: Mask, lamp: tuple[float, float, float, float], random: Random) -> None:
    """Cover everything, or all on one side of an edge that passes somewhere over the lamp."""
    left, top, width, height = lamp
    share = float(random.uniform(-0.1, 1.1))
    match int(random.integers(4)):
        case 0:
            mask[max(0, round(top + share * height)) :] = 1
        case 1:
            mask[:, : max(0, round(left + share * width))] = 1
        case 2:
            mask[:, max(0, round(left + share * width)) :] = 1
        case _:
            mask[:] = 1


def cover_light(cover: Cover, patch: LightRgb, air: Air, easel: Easel, random: Random) -> LightRgb:
    """Return what the cover looks like, on the fine raster: real texture under a paint, in the scene's light."""
    ambient = np.array(air.ambient, np.float32)
    paint = (0.06, 0.14, 0.04) if cover is Cover.LEAVES else PAINTS[int(random.integers(len(PAINTS)))]
    if cover is Cover.POLE:
        paint = (0.25, 0.25, 0.25)
    texture = patch.mean(axis=2, keepdims=True)
    texture = np.clip(texture / max(float(texture.mean()), 1e-3), 0.4, 1.8)
    return enlarged(np.asarray(texture * ambient * np.array(paint, np.float32), dtype=np.float32), easel)
