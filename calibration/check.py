"""What of a scene cannot hold: sizes that no crossing has, a ground that does not fit, a lane against its traffic.

Each finding names its place, what was expected and what was found. An error cannot be; a hint should be looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

import numpy as np
from shapely import Polygon

from calibration.flows import Way, degrees_apart, flow
from calibration.geometry import PolygonM, extent_m
from calibration.ground import Ground, fit_ground
from calibration.scene import Crosswalk, Scene

RESIDUAL_MAX_M: Final = 0.30
POINTS_TO_TELL: Final = 5
MISTYPED_FACTOR: Final = 3.0
CROSSWALK_LENGTH_M: Final = (3.0, 35.0)
CROSSWALK_WIDTH_M: Final = (3.0, 15.0)
"""GB 5768.3, pedestrian crossing lines: at least 3 m wide."""
BEYOND_POINTS_M: Final = 25.0
LAMP_MIN_PX: Final = 6.0
LANE_TURN_MAX_DEGREES: Final = 45.0
OVERLAP_MAX: Final = 0.1
RIDERS: Final = ("rider",)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that cannot hold (``error``) or should be looked at (``hint``)."""

    weight: Literal["error", "hint"]
    place: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.place}: expected {self.expected}, found {self.found}"


def check_scene(scene: Scene, ways: Sequence[Way] = ()) -> list[Finding]:
    """Return everything that was found, in the order of the file. ``ways`` are observed tracks, where there are."""
    found: list[Finding] = []
    if scene.ground is not None:
        found += check_ground(scene.ground)
    for index, signal in enumerate(scene.signals):
        if signal.lamp_xywh_px is not None and min(signal.lamp_xywh_px[2:]) < LAMP_MIN_PX:
            width, height = signal.lamp_xywh_px[2:]
            place = f"signals[{index}].lamp"
            found.append(Finding("error", place, f"at least {LAMP_MIN_PX:g} px a side", f"{width:g} x {height:g} px"))
    for index, crosswalk in enumerate(scene.crosswalks):
        found += _crosswalk(f"crosswalks[{index}]", crosswalk)
        found += _in_view(f"crosswalks[{index}].polygon", crosswalk.polygon_m, scene)
        found += _walked(f"crosswalks[{index}].across", crosswalk, ways)
    for (one, a), (other, b) in combinations(enumerate(scene.crosswalks), 2):
        found += _overlap(f"crosswalks[{other}]", f"crosswalks[{one}]", b.polygon_m, a.polygon_m)
    for index, lane in enumerate(scene.lanes):
        found += _in_view(f"lanes[{index}].polygon", lane.polygon_m, scene)
        seen = flow(lane.polygon_m, ways, lane.users)
        if seen is not None and degrees_apart(seen.axis, lane.direction) > 180 - LANE_TURN_MAX_DEGREES:
            found.append(
                Finding(
                    "error",
                    f"lanes[{index}].direction",
                    "the way that the traffic goes",
                    f"{seen.forward:.0%} of {seen.tracks} tracks the other way",
                )
            )
    return found


def check_ground(ground: Ground) -> Iterator[Finding]:
    """Yield what the reference points say against themselves."""
    residuals = ground.residuals_m
    if len(residuals) < POINTS_TO_TELL:
        yield Finding(
            "hint", "ground.points", "5 or more, so that the residual can tell a mistake", str(len(residuals))
        )
        return
    if ground.rms_m <= RESIDUAL_MAX_M and max(residuals) <= RESIDUAL_MAX_M:
        return
    found = f"{ground.rms_m * 100:.0f} cm, at worst {max(residuals) * 100:.0f} cm"
    yield Finding("error", "ground", f"a residual of at most {RESIDUAL_MAX_M * 100:.0f} cm", found)
    guilty = mistyped(ground)
    if guilty is not None:
        point, apart_m = guilty
        yield Finding(
            "error", f"ground.points[{point}]", "a place that fits the others", f"{apart_m:.1f} m beside: mistyped?"
        )


def mistyped(ground: Ground) -> tuple[int, float] | None:
    """Return the one point without which the others fit far better, and how far it lies from where they put it."""
    px, metres = ground.points_px, ground.points_m
    best: tuple[int, float, float] | None = None
    for index in range(len(px)):
        others = np.arange(len(px)) != index
        try:
            without = fit_ground(px[others], metres[others])
        except ValueError:
            continue
        if best is None or without.rms_m < best[1]:
            apart = without.to_metres(px[index : index + 1])[0] - metres[index]
            best = (index, without.rms_m, float(np.hypot(*apart)))
    if best is None or best[1] * MISTYPED_FACTOR > ground.rms_m or not np.isfinite(best[2]):
        return None
    return best[0], best[2]


def _crosswalk(place: str, crosswalk: Crosswalk) -> Iterator[Finding]:
    low, high = extent_m(crosswalk.polygon_m, crosswalk.across)
    side = extent_m(crosswalk.polygon_m, (-crosswalk.across[1], crosswalk.across[0]))
    length_m, width_m = high - low, side[1] - side[0]
    if not CROSSWALK_LENGTH_M[0] <= length_m <= CROSSWALK_LENGTH_M[1]:
        limits = "{:g} to {:g} m across".format(*CROSSWALK_LENGTH_M)
        yield Finding("error", f"{place}.polygon", limits, f"{length_m:.1f} m")
    if not CROSSWALK_WIDTH_M[0] <= width_m <= CROSSWALK_WIDTH_M[1]:
        limits = "{:g} to {:g} m wide (GB 5768.3)".format(*CROSSWALK_WIDTH_M)
        yield Finding("hint", f"{place}.polygon", limits, f"{width_m:.1f} m")


def _in_view(place: str, polygon: PolygonM, scene: Scene) -> Iterator[Finding]:
    if scene.ground is None:
        return
    corners_px = scene.ground.to_pixels(np.array(polygon))
    width_px, height_px = scene.size_px
    if not np.isfinite(corners_px).all():
        yield Finding("error", place, "a place before the camera", "a corner at or beyond the horizon")
        return
    frame = Polygon([(0, 0), (width_px, 0), (width_px, height_px), (0, height_px)])
    if not Polygon(corners_px).intersects(frame):
        yield Finding("error", place, "a place within the picture", "all of it outside")
    distances = np.linalg.norm(np.array(polygon)[:, None] - scene.ground.points_m[None], axis=2).min(axis=1)
    if distances.max() > BEYOND_POINTS_M:
        expected = f"reference points within {BEYOND_POINTS_M:g} m of every corner"
        yield Finding("hint", place, expected, f"the nearest {distances.max():.0f} m away: metres are guessed there")


def _walked(place: str, crosswalk: Crosswalk, ways: Sequence[Way]) -> Iterator[Finding]:
    seen = flow(crosswalk.polygon_m, ways, ("pedestrian", "rider"))
    if seen is None:
        return
    apart = degrees_apart(seen.axis, crosswalk.across)
    off = min(apart, 180 - apart)
    if off > LANE_TURN_MAX_DEGREES and seen.agreement > 0.5:
        yield Finding(
            "error", place, "the way that people walk", f"{off:.0f} degrees beside that of {seen.tracks} tracks"
        )


def _overlap(place: str, other: str, a: PolygonM, b: PolygonM) -> Iterator[Finding]:
    one, two = Polygon(a), Polygon(b)
    share = one.intersection(two).area / max(min(one.area, two.area), 1e-9)
    if share > OVERLAP_MAX:
        yield Finding("hint", place, f"no ground of {other}", f"{share:.0%} of the smaller one shared")
