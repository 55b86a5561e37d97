"""The values of a remix: who was cut out, what they are told to do, what the lamp shows. Plain data."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from datasets.crossing_truth import Crossed, Crosswalk, PlacesM, TimesMs, crossed_on_red
from datasets.lamp_spans import PlayedLamps, Span

STEP_MS: Final = 100
"""The footage has ten frames a second; acts and lamps change with a frame."""

BoxesPx = NDArray[np.float64]
"""(N, 4) float64: x1, y1, x2, y2 in pixels."""
SIGNAL_ID: Final = "ped-n"
ZONE_ID: Final = "n"


class Intent(StrEnum):
    """What somebody is told to do at the crosswalk."""

    PASS_BY = "pass_by"  # noqa: S105 - a way of walking, no word to open anything
    WALK = "walk"
    WAIT_AT_KERB = "wait_at_kerb"
    STEP_IN_AND_WAIT = "step_in_and_wait"
    STOP_BEYOND = "stop_beyond"


@dataclass(frozen=True, slots=True)
class Cutout:
    """One person in one frame: ``alpha`` (h, w) uint8 over ``picture_bgr`` (h, w, 3) uint8, upper left at ``x, y``."""

    x: int
    y: int
    picture_bgr: NDArray[np.uint8]
    alpha: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Clip:
    """One person walking alone, a cut-out every ``STEP_MS``; ``person`` is the same for all clips of somebody."""

    person: int
    feet_m: PlacesM
    boxes_px: BoxesPx
    cutouts: tuple[Cutout, ...]

    def __post_init__(self) -> None:
        count = len(self.cutouts)
        if self.feet_m.shape != (count, 2) or self.boxes_px.shape != (count, 4):
            found = f"{self.feet_m.shape} and {self.boxes_px.shape}"
            raise ValueError(f"expected feet ({count}, 2) and boxes ({count}, 4), found {found}")


@dataclass(frozen=True, slots=True)
class Act:
    """A clip played from ``start_ms``; ``order`` says which of its cut-outs each frame shows, so that one can stand."""

    clip: Clip
    intent: Intent
    start_ms: int
    order: NDArray[np.int64]

    @property
    def times_ms(self) -> TimesMs:
        """Return the time of each frame, (N,)."""
        return self.start_ms + STEP_MS * np.arange(len(self.order))

    @property
    def end_ms(self) -> int:
        """Return the time of the last frame."""
        return self.start_ms + STEP_MS * (len(self.order) - 1)

    @property
    def feet_m(self) -> PlacesM:
        """Return where the feet stand in each frame, (N, 2)."""
        return self.clip.feet_m[self.order]

    @property
    def boxes_px(self) -> BoxesPx:
        """Return the box of each frame, (N, 4)."""
        return self.clip.boxes_px[self.order]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a remix plays: its crosswalk, and what the lamp of it shows while it is played."""

    crosswalk: Crosswalk
    lamps: PlayedLamps

    @property
    def end_ms(self) -> int:
        """Return how long is played."""
        return self.lamps.end_ms

    def spans(self) -> tuple[Span, ...]:
        """Return what the lamp shows, in time order and without a gap."""
        return tuple(self.lamps.spans(SIGNAL_ID))

    def crossed(self, times_ms: TimesMs, feet_m: PlacesM) -> tuple[Crossed, ...]:
        """Return who crossed on red where somebody walked so: (N,) times and (N, 2) feet."""
        return tuple(crossed_on_red(times_ms, feet_m, self.crosswalk, self.lamps.signals, SIGNAL_ID))


@dataclass(frozen=True, slots=True)
class Remix:
    """Everything that is played, before it is drawn. ``lamp_xywh_px`` is where the lamp stands in the picture."""

    seed: int
    setting: Setting
    lamp_xywh_px: tuple[int, int, int, int]
    acts: tuple[Act, ...]
