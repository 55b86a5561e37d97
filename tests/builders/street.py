"""A street seen by a camera on a pole: paths in metres become the boxes that a good detector would give."""

from collections.abc import Callable, Sequence
from math import cos, radians, sin

import numpy as np

from calibration.ground import Ground, fit_ground
from edge.observations import Detection, Followed, TrackedBox
from edge.tracking.perspective import Perspective
from edge.tracking.tracker import GroundTracker
from edge.tracking.view import View

SIZE_PX = (768, 576)
FOCAL_PX, POLE_M, BACK_M, PITCH = 800.0, 6.0, 16.0, radians(18)

Path = Callable[[float], tuple[float, float] | None]
"""Seconds to metres; None while nobody sees it."""


def pixel(x_m: float, y_m: float, z_m: float = 0.0) -> tuple[float, float]:
    """Return where a point of the world stands in the picture; x to the right, y away from the camera, z up."""
    ahead, down = y_m + BACK_M, POLE_M - z_m
    depth = ahead * cos(PITCH) + down * sin(PITCH)
    below = down * cos(PITCH) - ahead * sin(PITCH)
    return SIZE_PX[0] / 2 + FOCAL_PX * x_m / depth, SIZE_PX[1] / 2 + FOCAL_PX * below / depth


def ground() -> Ground:
    """Return the street's plane, fitted as a technician would."""
    metres = [(x, y) for x in (-6.0, 0.0, 6.0) for y in (-4.0, 2.0, 8.0)]
    return fit_ground(np.array([pixel(*m) for m in metres]), np.array(metres))


def view(*, on_watch: Callable[[tuple[float, float]], bool] = lambda _place: True) -> View:
    """Return what the camera looks at."""
    plane = ground()
    return View(Perspective(plane.to_metres, plane.to_pixels), SIZE_PX, on_watch)


def box(x_m: float, y_m: float, height_m: float = 1.7, width_m: float = 0.55) -> tuple[float, float, float, float]:
    """Return the box of somebody who stands there."""
    (left, bottom), (right, _) = pixel(x_m - width_m / 2, y_m), pixel(x_m + width_m / 2, y_m)
    return left, pixel(x_m, y_m, height_m)[1], right, bottom


def dressed(hue: int) -> np.ndarray:
    """Return the colours of somebody's clothes: two looks of different hues share nothing."""
    colours = np.zeros(16, np.float32)
    colours[hue % 16] = 1.0
    return colours


def walker(x_m: float, y_m: float, *, score: float = 0.8, hue: int = 0) -> Detection:
    """Return the detection of somebody on foot."""
    return Detection(box(x_m, y_m), score, "person", dressed(hue))


def follow(
    paths: Sequence[tuple[Path, int]], seconds: float, *, tracker: GroundTracker | None = None, step_s: float = 0.1
) -> list[Followed]:
    """Let people with (path, hue) walk for some seconds, and return what the tracker says of it.

    Who is covered by somebody nearer by more than half is not detected, as in life.
    """
    tracker = tracker or GroundTracker(view())
    said: list[Followed] = []
    for index in range(round(seconds / step_s) + 1):
        t_s = index * step_s
        there = [walker(*place, hue=hue) for path, hue in paths if (place := path(t_s)) is not None]
        said += tracker.update(round(t_s * 1000), [d for d in there if not _covered(d, there)])
    return [*said, *tracker.finish()]


def _covered(one: Detection, others: Sequence[Detection]) -> bool:
    x1, y1, x2, y2 = one.box_xyxy_px
    for other in others:
        a1, b1, a2, b2 = other.box_xyxy_px
        shared = max(0.0, min(x2, a2) - max(x1, a1)) * max(0.0, min(y2, b2) - max(y1, b1))
        if b2 > y2 and shared > 0.5 * (x2 - x1) * (y2 - y1):
            return True
    return False


def straight(start: tuple[float, float], speed_mps: tuple[float, float]) -> Path:
    """Return an even walk."""
    return lambda t_s: (start[0] + speed_mps[0] * t_s, start[1] + speed_mps[1] * t_s)


def boxes_of(said: Sequence[Followed], number: int) -> list[tuple[int, TrackedBox]]:
    """Return one track's boxes with their times."""
    return [(instant.t_ms, b) for instant in said for b in instant.boxes if b.track_id == number]


def numbers(said: Sequence[Followed]) -> set[int]:
    """Return every number that was given."""
    return {b.track_id for instant in said for b in instant.boxes}
