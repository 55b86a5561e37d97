"""All of a picture but what the lamp shows: lamp, place, air, camera, cover; by chance, and fit for many frames."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from datasets.lamps.backgrounds import Backgrounds
from datasets.lamps.casting import cast_air, cast_body, cast_camera
from datasets.lamps.covers import cast_cover, cover_light, covered
from datasets.lamps.optics import linear
from datasets.lamps.painting import Easel, easel_for, enlarged, paint_body, reduced
from datasets.lamps.values import Air, Body, Camera, Cover, LightRgb, Mask

SWAPPED: Final = 0.05
DRAWN_BADLY: Final = 0.1
STRANGERS: Final = ((1.0, 0.85, 0.6), (1.0, 0.1, 0.05), (1.0, 0.6, 0.25), (0.8, 0.9, 1.0), (0.1, 0.9, 0.5))
"""Headlights, tail lights, sodium and LED street lights, other lamps."""
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Setting:
    """All of a picture but what the lamp shows: it may stay the same for many frames."""

    body: Body
    air: Air
    camera: Camera
    easel: Easel
    cover: Cover
    behind: LightRgb
    """Without the lamp, in the picture's size."""
    unlit: LightRgb
    """The scene with the unlit lamp and its cover, in the picture's size, before the lens."""
    mask: Mask
    """What the cover hides, on the fine raster."""


def set_up(
    backgrounds: Backgrounds, random: Random, *, cover: Cover | None = None, swapped: bool | None = None
) -> Setting:
    """Return a setting by chance; ``cover`` and ``swapped`` may be given."""
    body = cast_body(random)
    air = cast_air(body, random)
    camera = replace(cast_camera(air, random), swapped=random.random() < SWAPPED if swapped is None else swapped)
    easel = easel_for(body, random)
    behind = _behind(backgrounds, air, easel, random)
    chosen = cast_cover(random) if cover is None else cover
    mask = covered(chosen, body, easel, random)
    scene = enlarged(behind, easel)
    paint_body(scene, body, air, easel)
    before = cover_light(chosen, linear(backgrounds.patch(easel.size_wh, random)), air, easel, random)
    scene += mask[:, :, None] * (before - scene)
    return Setting(body, air, camera, easel, chosen, behind, reduced(scene, easel), mask)


def _behind(backgrounds: Backgrounds, air: Air, easel: Easel, random: Random) -> LightRgb:
    """Return a real patch in the scene's light, with other people's lights in it."""
    behind = linear(backgrounds.patch(easel.size_wh, random)) * np.array(air.ambient, np.float32)
    rows, columns = np.mgrid[0 : easel.size_wh[1], 0 : easel.size_wh[0]]
    for _ in range(air.strangers):
        x, y = random.uniform(0, easel.size_wh[0]), random.uniform(0, easel.size_wh[1])
        near = ((columns - x) ** 2 + (rows - y) ** 2) < random.uniform(0.7, 2.5) ** 2
        colour = STRANGERS[int(random.integers(len(STRANGERS)))]
        behind[near] += np.array(colour, np.float32) * float(random.uniform(0.2, 3))
    return np.asarray(behind, dtype=np.float32)


def drawn_by_hand(setting: Setting, random: Random) -> tuple[float, float, float, float]:
    """Return the lamp's region as a person draws it: sometimes with its rim, and a pixel or a tenth beside."""
    width, height = setting.body.size_px
    rim = setting.body.rim_px * float(random.uniform(-0.3, 1.0))
    wrong = np.maximum(1.0, DRAWN_BADLY * setting.body.window_px) * random.uniform(-1, 1, 4)
    x, y = setting.easel.x - rim + wrong[0], setting.easel.y - rim + wrong[1]
    return (
        float(round(x)),
        float(round(y)),
        float(max(4, round(width + 2 * rim + wrong[2]))),
        float(max(4, round(height + 2 * rim + wrong[3]))),
    )
