"""What a drawn lamp is made of: its body, the air before it, the camera that looks, what is in the way. Values only.

Colours are linear light, red green blue, 1.0 being a white wall in the scene's own light. Nothing in this folder knows
the reader's colours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from contract.words import LampState
from edge.pipeline import PictureBgr

Rgb = tuple[float, float, float]
User = Literal["pedestrian", "vehicle", "bicycle"]
LightRgb = NDArray[np.float32]
"""(height, width, 3) float32, linear, red green blue."""
Mask = NDArray[np.float32]
"""(height, width) float32 from 0 to 1."""
LIT = (LampState.RED, LampState.GREEN, LampState.YELLOW)


class Kind(StrEnum):
    """How a lamp is built."""

    PEDESTRIAN_2 = "pedestrian, two windows"
    PEDESTRIAN_3 = "pedestrian, three windows"
    VEHICLE_3 = "vehicle, three windows"
    SINGLE = "single window"


class Hour(StrEnum):
    """How much daylight there is."""

    DAY = "day"
    DUSK = "dusk"
    NIGHT = "night"


class Weather(StrEnum):
    """What stands in the air, or on the lens."""

    CLEAR = "clear"
    RAIN = "rain"
    GLARE = "glare"
    LOW_SUN = "low sun"


class Cover(StrEnum):
    """What stands before the lamp."""

    NOTHING = "nothing"
    POLE = "pole"
    LEAVES = "leaves"
    VEHICLE = "vehicle"


@dataclass(frozen=True, slots=True)
class Glow:
    """One lit window: which, in which colour, showing which sign."""

    window: int
    colour: LampState
    sign: str


@dataclass(frozen=True, slots=True)
class Body:
    """A lamp. ``shows`` says what is lit in which state; ``window_px`` is a window's side in the final picture."""

    kind: Kind
    user: User
    lying: bool
    windows: int
    window_px: float
    rim_px: float
    shows: Mapping[LampState, tuple[Glow, ...]]
    light: Mapping[LampState, Rgb]
    housing: Rgb
    lenses: tuple[Rgb, ...]
    lens_share: float
    dotted: bool

    @property
    def size_px(self) -> tuple[float, float]:
        """Return width and height of its windows together."""
        long = self.windows * self.window_px
        return (long, self.window_px) if self.lying else (self.window_px, long)


@dataclass(frozen=True, slots=True)
class Air:
    """Daylight, the lamp's strength beside it, and what scatters light on its way."""

    hour: Hour
    weather: Weather
    ambient: Rgb
    power: float
    sun_on_lens: float
    blur_px: float
    bloom: tuple[tuple[float, float], ...]
    """(share of the light, sigma in pixels)"""
    veil: Rgb
    strangers: int
    """How many other lights are in the picture."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Exposure, colours and noise of a camera, and the compression after it."""

    exposure: float
    gains: Rgb
    hue_turn_deg: float
    crosstalk: float
    noise: float
    jpeg_quality: int
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Flicker:
    """What a frame has of the lamp's light: all of it, or less, or less in a band of rows (a rolling shutter)."""

    share: float = 1.0
    band: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture with its truth.

    ``right`` are the answers that are right, ``owed`` is whether an answer other than unknown is owed. ``lamp_xywh_px``
    is the region as somebody drew it by hand.
    """

    picture_bgr: PictureBgr
    lamp_xywh_px: tuple[float, float, float, float]
    user: User
    shown: LampState
    right: frozenset[LampState]
    owed: bool
    conditions: tuple[str, ...]
