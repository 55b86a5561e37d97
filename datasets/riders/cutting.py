"""Cuts the cyclist and the motorbike out of their pictures, and sets the cyclist on the motorbike."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from datasets.riders import outlines as o
from datasets.riders.pictures import Pictures
from edge.pipeline import PictureBgr

Alpha = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody or something cut out, facing right: ``alpha`` (h, w) uint8; the last row is where the wheels stand."""

    picture_bgr: PictureBgr
    alpha: Alpha
    px_per_m: float

    @property
    def mirrored(self) -> "Figure":
        """Return it facing left."""
        picture = np.ascontiguousarray(self.picture_bgr[:, ::-1])
        return Figure(picture, np.ascontiguousarray(self.alpha[:, ::-1]), self.px_per_m)


@dataclass(frozen=True, slots=True)
class Figures:
    """What there is to play."""

    cyclist: Figure
    motorbike: Figure
    motorcyclist: Figure


def cut_figures(pictures: Pictures) -> Figures:
    """Return what can be cut out of the pictures."""
    canvas, body, bicycle = _cyclist(pictures.cyclist_bgr)
    motorbike = _filled(pictures.motorbike_bgr.shape, o.MOTORBIKE, 5)
    return Figures(
        cyclist=_trimmed(canvas, np.maximum(body, bicycle), o.CYCLIST_PX_PER_M),
        motorbike=_trimmed(pictures.motorbike_bgr, motorbike, o.MOTORBIKE_PX_PER_M),
        motorcyclist=_seated(canvas, body, pictures.motorbike_bgr, motorbike),
    )


def _cyclist(picture: PictureBgr) -> tuple[PictureBgr, Alpha, Alpha]:
    """Return the enlarged picture with the tyres' missing edge drawn, and where the man and the bicycle are."""
    part = picture[:, slice(*o.COLUMNS)]
    fine = cv2.resize(part, None, fx=o.FINE, fy=o.FINE, interpolation=cv2.INTER_CUBIC)
    canvas = np.concatenate([fine, np.repeat(fine[-1:], o.CANVAS_ROWS - fine.shape[0], axis=0)])
    bicycle = np.zeros(canvas.shape[:2], np.uint8)
    centre, radii = o.REAR_WHEEL
    cv2.ellipse(bicycle, centre, radii, 0, 0, 360, 255, 22)
    for tube in o.TUBES:
        cv2.polylines(bicycle, [np.array(tube)], isClosed=False, color=255, thickness=20)
    cv2.fillPoly(bicycle, [np.array(o.FRONT_WHEEL)], 255)
    below = np.arange(len(canvas))[:, None] >= o.PICTURE_ROWS
    canvas[(bicycle > 0) & below] = o.TYRE_BGR
    return np.asarray(canvas, np.uint8), _filled(canvas.shape, o.BODY, 9), _soft(bicycle, 9)


def _seated(canvas: PictureBgr, body: Alpha, motorbike: PictureBgr, machine: Alpha) -> Figure:
    """Return the cyclist without his bicycle on the motorbike's seat, both to one scale."""
    scale = o.MOTORBIKE_PX_PER_M / o.CYCLIST_PX_PER_M
    man, mask = (cv2.resize(one, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) for one in (canvas, body))
    x = o.SEAT_PX[0] - round(o.HIPS_PX[0] * scale)
    above = round(o.HIPS_PX[1] * scale) - o.SEAT_PX[1]
    picture = np.pad(motorbike, ((above, 0), (0, 0), (0, 0)), mode="edge")
    alpha = np.pad(machine, ((above, 0), (0, 0)))
    share = mask[:, :, None] / 255
    seat = (slice(0, man.shape[0]), slice(x, x + man.shape[1]))
    picture[seat] = np.round(picture[seat] * (1 - share) + man * share).astype(np.uint8)
    alpha[seat] = np.maximum(alpha[seat], mask)
    return _trimmed(picture, alpha, o.MOTORBIKE_PX_PER_M)


def _filled(shape: tuple[int, ...], outline: o.Outline, blur: int) -> Alpha:
    alpha = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(alpha, [np.array(outline)], 255)
    return _soft(alpha, blur)


def _soft(alpha: Alpha, blur: int) -> Alpha:
    return np.asarray(cv2.GaussianBlur(alpha, (blur, blur), 0), np.uint8)


def _trimmed(picture: PictureBgr, alpha: Alpha, px_per_m: float) -> Figure:
    rows, columns = np.nonzero(alpha > 127)
    inner = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
    return Figure(picture[inner].copy(), alpha[inner].copy(), px_per_m)
