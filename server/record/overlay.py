"""The act over its picture: the zone, the way up to that moment and after it, the road user's box. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from calibration.ground import Ground
from server.record.svg import Canvas, PointPx
from server.record.way import Sight
from server.record.window import Window, areas_within, inside, lines_within
from server.record.zones import Zone

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is drawn over one still.

    ``size_px`` is the size of the whole still with its band, ``picture_px`` that of the picture in it, from the upper
    left; ``at_ms`` is when it was taken, from the entry.
    """

    size_px: tuple[int, int]
    picture_px: tuple[int, int]
    at_ms: int
    way: tuple[Sight, ...]
    zones: tuple[Zone, ...]
    ground: Ground | None
    box_xyxy_px: Box | None


def overlay_svg(overlay: Overlay) -> Markup:
    """Draw an act over a still. It is hidden from screen readers: the plan says the same in words."""
    canvas = Canvas(*overlay.size_px, "", "overlay")
    wide, tall = (float(min(pair)) for pair in zip(overlay.size_px, overlay.picture_px, strict=True))
    window: Window = (0.0, 0.0, wide, tall)
    for zone in overlay.zones:
        if zone.concerned:
            _zone(canvas, window, zone, overlay.ground)
    feet = [(sight.t_ms, sight.foot_px) for sight in overlay.way if sight.foot_px is not None]
    before = [foot for t_ms, foot in feet if t_ms <= overlay.at_ms]
    after = before[-1:] + [foot for t_ms, foot in feet if t_ms > overlay.at_ms]
    for points, of in ((after, "way after"), (before, "way")):
        for piece in lines_within(points, window):
            canvas.line(piece, of)
    if before and inside(before[-1], window):
        canvas.dot(before[-1], max(overlay.size_px[0] / 160, 2), "foot")
    if overlay.box_xyxy_px is not None:
        _box(canvas, window, overlay.box_xyxy_px)
    return canvas.markup()


def _zone(canvas: Canvas, window: Window, zone: Zone, ground: Ground | None) -> None:
    points = in_picture(zone.points_m, ground)
    if zone.is_line:
        for piece in lines_within(points, window):
            canvas.line(piece, f"zone {zone.shape}")
        return
    for piece in areas_within(points, window):
        canvas.area(piece, f"zone {zone.shape}")


def in_picture(points_m: Sequence[tuple[float, float]], ground: Ground | None) -> tuple[PointPx, ...]:
    """Return points on the ground as pixels; none where a point has no place in front of the camera."""
    if ground is None or not points_m:
        return ()
    mapped = ground.to_pixels(np.array(points_m, dtype=np.float64))
    return tuple((float(x), float(y)) for x, y in mapped) if np.isfinite(mapped).all() else ()


def _box(canvas: Canvas, window: Window, box: Box) -> None:
    left, top = max(window[0], box[0]), max(window[1], box[1])
    right, bottom = min(window[2], box[2]), min(window[3], box[3])
    if right > left and bottom > top:
        canvas.box((left, top), right - left, bottom - top, "subject")
