"""The labelled stories: riders at several speeds and places, and a parked motorbike that real people walk past."""

from collections.abc import Sequence
from typing import Final

from calibration.geometry import PointM
from calibration.scene import Scene
from contract.words import RoadUserKind
from datasets.riders.cutting import Figure, Figures
from datasets.riders.playing import Story, parked, ridden
from edge.pipeline import PictureBgr
from edge.tracking.perspective import Perspective

WESTWARD: Final = ((-8.5, -14.0), (-7.0, 4.0))
EASTWARD: Final = ((-6.0, 4.5), (-9.0, -14.0))
RIDES: Final[tuple[tuple[str, str, tuple[PointM, PointM], float], ...]] = (
    ("bicycle, 5 m/s", "cyclist", WESTWARD, 5.0),
    ("bicycle, 3.5 m/s", "cyclist", EASTWARD, 3.5),
    ("motorbike, 8 m/s", "motorcyclist", WESTWARD, 8.0),
    ("motorbike, 5 m/s", "motorcyclist", EASTWARD, 5.0),
)
PARKED_M: Final = (-11.0, -13.0)
PARKED_FRAMES: Final = (300, 370)
"""The footage's frames in which people walk behind that place, and nobody before it."""


def stories(scene: Scene, figures: Figures, empty: PictureBgr, pictures: Sequence[PictureBgr]) -> tuple[Story, ...]:
    """Return the stories. ``pictures`` are those of the footage in ``PARKED_FRAMES``."""
    ground = scene.ground
    if ground is None:
        raise ValueError("expected a scene with a ground")
    perspective = Perspective(ground.to_metres, ground.to_pixels)
    named: dict[str, Figure] = {"cyclist": figures.cyclist, "motorcyclist": figures.motorcyclist}
    rides = [
        Story(name, RoadUserKind.RIDER, ridden(named[who], way, mps, perspective, scene.size_px), (empty,))
        for name, who, way, mps in RIDES
    ]
    standing = parked(figures.motorbike, PARKED_M, len(pictures) / 10, perspective, scene.size_px)
    return (*rides, Story("parked motorbike", None, standing, tuple(pictures)))
