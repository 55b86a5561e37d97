"""Clips of drawn walkers on a plain ground, for the tests of the remix: ten pixels a metre, no perspective."""

import numpy as np

from calibration.ground import Ground, fit_ground
from datasets.remix.values import STEP_MS, Clip, Cutout

PX_PER_M = 10
SIZE_PX = (320, 240)


def plain_ground() -> Ground:
    """Return a ground seen from straight above, its origin in the picture's middle."""
    metres = np.array([[-12.0, -8.0], [12.0, -8.0], [12.0, 8.0], [-12.0, 8.0], [0.0, 3.0]])
    return fit_ground(metres * PX_PER_M + np.array(SIZE_PX) / 2, metres)


def walker(person, start_m, end_m, *, mps=1.4):
    """Return the clip of somebody who walks straight, drawn as a block of six by sixteen pixels."""
    start, end = np.array(start_m, dtype=float), np.array(end_m, dtype=float)
    way_m = np.linalg.norm(end - start)
    count = round(way_m / mps * 1000 / STEP_MS) + 1
    feet_m = start + (end - start) * np.linspace(0, 1, count)[:, None]
    feet_px = feet_m * PX_PER_M + np.array(SIZE_PX) / 2
    boxes = np.concatenate([feet_px - np.array([3, 16]), feet_px + np.array([3, 0])], axis=1)
    picture = np.full((16, 6, 3), 40 + 10 * person, np.uint8)
    cutouts = tuple(Cutout(round(x1), round(y1), picture, np.full((16, 6), 255, np.uint8)) for x1, y1, _, _ in boxes)
    return Clip(person, feet_m, boxes, cutouts)
