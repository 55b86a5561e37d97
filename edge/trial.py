"""Trying a detector on footage: its boxes drawn, its time a frame; and whether a second one, or the truth, agrees."""

import csv
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edge.camera.file import VideoFile
from edge.errors import InputProblemError
from edge.observations import Detection
from edge.pipeline import Detector, PictureBgr
from edge.tracking.association import overlaps, pairs

IOU_MIN: Final = 0.5
SURE: Final = 0.4
PERSON: Final = "person"
COLOURS_BGR: Final = {"person": (60, 60, 230), "bicycle": (230, 160, 40), "motorcycle": (230, 160, 40)}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a detector made of some pictures: its detections, its milliseconds and the frames' numbers, one each."""

    detections: tuple[tuple[Detection, ...], ...]
    ms: tuple[float, ...]
    frames: tuple[int, ...] = ()

    def percentile_ms(self, share: float) -> float:
        """Return a percentile of the milliseconds a picture."""
        return float(np.percentile(self.ms, share * 100)) if self.ms else 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far one detector's boxes are the other's, at IoU 0.5 and the same class."""

    recall: float
    precision: float
    boxes: int


@dataclass(frozen=True, slots=True)
class Still:
    """One picture of some footage, and its number in there, from 0."""

    frame: int
    picture_bgr: PictureBgr


def pictures(footage: Path, every: int, limit: int, start: int = 0) -> Iterator[Still]:
    """Yield every n-th picture of a video, beginning at ``start``. Raises InputProblemError where there is none."""
    count = 0
    for index, frame in enumerate(VideoFile(footage).frames()):
        if index >= start and (index - start) % every == 0:
            yield Still(index, frame.picture_bgr)
            count += 1
        if count >= limit:
            return
    if count == 0:
        raise InputProblemError(f"{footage}: expected pictures from frame {start} on, found none")


def look_at(
    detector: Detector,
    shown: Iterable[Still],
    seen: Callable[[Still, tuple[Detection, ...]], None] = lambda *_: None,
) -> Seen:
    """Let a detector look at pictures, one after the other; none is kept.

    Args:
        detector: who looks.
        shown: the pictures.
        seen: told of each and of what was seen in it; its time does not count.
    """
    detections, ms, frames = [], [], []
    for still in shown:
        began_s = time.perf_counter()
        detections.append(detector.detect(still.picture_bgr))
        ms.append((time.perf_counter() - began_s) * 1000)
        frames.append(still.frame)
        seen(still, detections[-1])
    return Seen(tuple(detections), tuple(ms), tuple(frames))


def truth_of(path: Path) -> dict[int, tuple[Detection, ...]]:
    """Read who really was there: a CSV ``frame,id,x1,y1,x2,y2`` in pixels, a line a person.

    Raises:
        InputProblemError: it is not there, or no such file; the first line that is wrong.
    """
    people: dict[int, list[Detection]] = defaultdict(list)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            try:
                for row in rows:
                    box = float(row["x1"]), float(row["y1"]), float(row["x2"]), float(row["y2"])
                    people[int(row["frame"])].append(Detection(box, 1.0, PERSON))
            except (KeyError, TypeError, ValueError, csv.Error) as error:
                raise InputProblemError(f"{path}: line {rows.line_num}: needs frame,id,x1,y1,x2,y2: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputProblemError(f"{path}: expected a CSV file: {error}") from error
    return {frame: tuple(boxes) for frame, boxes in people.items()}


def against(truth: dict[int, tuple[Detection, ...]], seen: Seen) -> Agreement:
    """Return how much of the truth was seen, and how much of what was seen is true; people only.

    A frame of which the truth says nothing does not count: nobody may have looked at it.
    """
    known = [n for n, frame in enumerate(seen.frames) if frame in truth]
    people = [tuple(d for d in seen.detections[n] if d.label == PERSON) for n in known]
    real = [truth[seen.frames[n]] for n in known]
    return agreement(Seen(tuple(real), ()), Seen(tuple(people), ()))


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


def compared(
    before: Seen, after: Seen, truth: dict[int, tuple[Detection, ...]] | None
) -> tuple[dict[str, float | int | str], float]:
    """Return figures of two detectors that saw the same pictures, and how much recall or precision the second loses.

    With the truth the loss is measured by it, else by the first one's boxes.
    """
    same = agreement(before, after)
    figures: dict[str, float | int | str] = {
        "recall_of_the_original": round(same.recall, 4),
        "precision_of_the_original": round(same.precision, 4),
        "boxes_compared": same.boxes,
    }
    if truth is None:
        return figures, 1 - min(same.recall, same.precision)
    first, second = against(truth, before), against(truth, after)
    if first.boxes == 0:
        raise InputProblemError("--truth: expected people in the frames that were looked at, found none")
    figures |= {"recall": round(second.recall, 4), "recall_original": round(first.recall, 4)}
    figures |= {"precision": round(second.precision, 4), "precision_original": round(first.precision, 4)}
    figures |= {"people_in_truth": first.boxes}
    return figures, max(first.recall - second.recall, first.precision - second.precision)


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
