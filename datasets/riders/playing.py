"""Plays a figure along a way on the ground, as large as the ground plane says, and pictures of a whole story."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from calibration.geometry import PointM
from contract.words import RoadUserKind
from datasets.remix.render import lay_over
from datasets.remix.values import STEP_MS, Clip, Cutout
from datasets.riders.cutting import Figure
from edge.pipeline import Frame, PictureBgr
from edge.tracking.perspective import Perspective


@dataclass(frozen=True, slots=True)
class Story:
    """A figure played over pictures, one each ``STEP_MS``; ``kind`` is what it is, None where it is nobody's."""

    name: str
    kind: RoadUserKind | None
    clip: Clip
    backgrounds: tuple[PictureBgr, ...]

    def frames(self) -> Iterator[Frame]:
        """Yield the story's frames."""
        for index, cutout in enumerate(self.clip.cutouts):
            picture = self.backgrounds[index % len(self.backgrounds)].copy()
            lay_over(picture, cutout)
            yield Frame(index * STEP_MS, picture)


def ridden(
    figure: Figure, way_m: tuple[PointM, PointM], mps: float, perspective: Perspective, size_px: tuple[int, int]
) -> Clip:
    """Return a figure that goes a straight way at an even speed, while it is wholly in the picture."""
    begin, end = np.array(way_m)
    count = int(np.linalg.norm(end - begin) / mps * 1000 / STEP_MS) + 1
    feet_m = begin + (end - begin) * np.linspace(0, 1, count)[:, None]
    feet_px = perspective.to_pixels(feet_m)
    turned = figure if feet_px[-1, 0] > feet_px[0, 0] else figure.mirrored
    return _clip(turned, feet_m, perspective, size_px)


def parked(figure: Figure, place_m: PointM, seconds: float, perspective: Perspective, size_px: tuple[int, int]) -> Clip:
    """Return a figure that stands in one place."""
    count = round(seconds * 1000 / STEP_MS)
    return _clip(figure, np.tile(place_m, (count, 1)), perspective, size_px)


def _clip(figure: Figure, feet_m: np.ndarray, perspective: Perspective, size_px: tuple[int, int]) -> Clip:
    feet_px = perspective.to_pixels(feet_m)
    scales = perspective.scale_px_per_m(feet_px) / figure.px_per_m
    placed = [_placed(figure, (x, y), scale) for (x, y), scale in zip(feet_px, scales, strict=True)]
    boxes = np.array([_box(cutout) for cutout in placed])
    whole = (boxes[:, :2] >= 0).all(axis=1) & (boxes[:, 2:] <= np.array(size_px)).all(axis=1)
    kept = np.flatnonzero(whole)
    return Clip(1, feet_m[kept], boxes[kept], tuple(placed[index] for index in kept))


def _placed(figure: Figure, foot_px: tuple[float, float], scale: float) -> Cutout:
    """Return the figure at a scale with the middle of its lower edge at a place."""
    picture, alpha = (
        cv2.resize(one, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        for one in (figure.picture_bgr, figure.alpha)
    )
    height, width = alpha.shape
    x, y = round(foot_px[0] - width / 2), round(foot_px[1] - height)
    return Cutout(x, y, np.asarray(picture, np.uint8), np.asarray(alpha, np.uint8))


def _box(cutout: Cutout) -> tuple[float, float, float, float]:
    height, width = cutout.alpha.shape
    return float(cutout.x), float(cutout.y), float(cutout.x + width), float(cutout.y + height)
