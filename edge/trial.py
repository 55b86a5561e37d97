"""Trying a detector on footage: its boxes drawn, its time a frame; and whether a second one sees the same."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edge.camera.file import VideoFile
from edge.detect import OnnxDetector
from edge.observations import Detection
from edge.pipeline import PictureBgr
from edge.tracking.association import overlaps, pairs

IOU_MIN: Final = 0.5
SURE: Final = 0.4
COLOURS_BGR: Final = {"person": (60, 60, 230), "bicycle": (230, 160, 40), "motorcycle": (230, 160, 40)}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a detector made of some pictures: its detections and its milliseconds, one each."""

    detections: tuple[tuple[Detection, ...], ...]
    ms: tuple[float, ...]

    def percentile_ms(self, share: float) -> float:
        """Return a percentile of the milliseconds a picture."""
        return float(np.percentile(self.ms, share * 100)) if self.ms else 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far one detector's boxes are the other's, at IoU 0.5 and the same class."""

    recall: float
    precision: float
    boxes: int


def pictures(footage: Path, every: int, limit: int, start: int = 0) -> Iterator[PictureBgr]:
    """Yield every n-th picture of a video, beginning at ``start``."""
    for index, frame in enumerate(VideoFile(footage).frames()):
        if index >= start and (index - start) % every == 0:
            yield frame.picture_bgr
            limit -= 1
        if limit <= 0:
            return


def look_at(detector: OnnxDetector, shown: Sequence[PictureBgr], step: Callable[[], None] = lambda: None) -> Seen:
    """Let a detector look at pictures; ``step`` is called after each."""
    detections, ms = [], []
    for picture in shown:
        began_s = time.perf_counter()
        detections.append(detector.detect(picture))
        ms.append((time.perf_counter() - began_s) * 1000)
        step()
    return Seen(tuple(detections), tuple(ms))


def agreement(original: Seen, other: Seen) -> Agreement:
    """Compare two detectors that have seen the same pictures; only sure boxes count."""
    found = expected = given = 0
    for ours, theirs in zip(original.detections, other.detections, strict=True):
        mine, yours = _sure(ours), _sure(theirs)
        expected, given = expected + len(mine), given + len(yours)
        if mine and yours:
            fits = overlaps(_boxes(mine), _boxes(yours))
            same = np.array([[a.label == b.label for b in yours] for a in mine])
            found += len(pairs(-fits, (fits >= IOU_MIN) & same))
    return Agreement(found / max(expected, 1), found / max(given, 1), expected)


def drawn(picture_bgr: PictureBgr, detections: Sequence[Detection]) -> PictureBgr:
    """Return the picture with the boxes, their class and their score."""
    canvas = picture_bgr.copy()
    for detection in detections:
        x1, y1, x2, y2 = (round(side) for side in detection.box_xyxy_px)
        colour = COLOURS_BGR.get(detection.label, (80, 200, 80))
        cv2.rectangle(canvas, (x1, y1), (x2, y2), colour, 2)
        text = f"{detection.label} {detection.score:.2f}"
        cv2.putText(canvas, text, (x1, max(y1 - 4, 12)), cv2.FONT_HERSHEY_SIMPLEX, 0.45, colour, 1, cv2.LINE_AA)
    return canvas


def _sure(detections: Sequence[Detection]) -> list[Detection]:
    return [detection for detection in detections if detection.score >= SURE]


def _boxes(detections: Sequence[Detection]) -> np.ndarray:
    return np.array([detection.box_xyxy_px for detection in detections])
