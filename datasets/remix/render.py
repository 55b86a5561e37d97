"""Draws a remix frame by frame: the empty scene, the lamp, the people from the farthest to the nearest, some noise."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from contract.words import LampState
from datasets.remix.lamp_picture import draw_lamp, lit
from datasets.remix.values import STEP_MS, Act, Cutout, Remix
from edge.pipeline import PictureBgr

NOISE_LEVELS: Final = 1.5
"""Standard deviation: a median of many frames has none of its own, and no camera is without."""


def pictures(remix: Remix, empty: PictureBgr) -> Iterator[PictureBgr]:
    """Yield the frames, one each ``STEP_MS``."""
    random = np.random.default_rng(remix.seed)
    for t_ms, colour in _lamp(remix):
        picture = empty.copy()
        draw_lamp(picture, remix.lamp_xywh_px, colour)
        for act, index in _there(remix, t_ms):
            lay_over(picture, act.clip.cutouts[index])
        noise = random.standard_normal(picture.shape, dtype=np.float32) * NOISE_LEVELS
        yield np.clip(picture + noise + 0.5, 0, 255).astype(np.uint8)


def _lamp(remix: Remix) -> Iterator[tuple[int, LampState | None]]:
    """Yield the time of each frame, and which colour of the lamp shines in it."""
    for span in remix.setting.spans():
        for t_ms in range(span.since_ms, span.until_ms, STEP_MS):
            yield t_ms, lit(span.state, t_ms, span.since_ms)


def _there(remix: Remix, t_ms: int) -> list[tuple[Act, int]]:
    """Return who is in the picture and by which cut-out, the nearest last."""
    there = [
        (act, int(act.order[(t_ms - act.start_ms) // STEP_MS]))
        for act in remix.acts
        if act.start_ms <= t_ms <= act.end_ms
    ]
    return sorted(there, key=lambda one: float(one[0].clip.boxes_px[one[1], 3]))


def lay_over(picture: PictureBgr, cutout: Cutout) -> None:
    """Lay a cut-out over a picture, in place."""
    height, width = cutout.alpha.shape
    part = picture[cutout.y : cutout.y + height, cutout.x : cutout.x + width]
    share = cutout.alpha[:, :, None] / np.float32(255)
    part[:] = np.round(part * (1 - share) + cutout.picture_bgr * share).astype(np.uint8)
