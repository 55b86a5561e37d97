"""The detector port on onnxruntime: picture in, boxes in pixels of the full picture out. No rule and no track in here.

What goes in and comes out is said by the model's sidecar; a model that does not match it is refused before it runs.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.errors import InputProblemError
from edge.heads.boxes import Boxes, Floats
from edge.heads.table import HEADS
from edge.observations import Detection
from edge.pipeline import PictureBgr
from edge.tracking.families import FAMILY_OF_LABEL
from models.locate import located
from models.runtime import OpenedModel, listed, open_model
from models.sidecar import PictureInput, sidecar_path

NEEDED_LABELS: Final = ("person", "bicycle", "motorcycle")
WHY_NEEDED: Final = "without the two-wheelers a rider would be taken for somebody on foot"
"""And accused under the wrong article."""
ROAD_LABELS: Final = frozenset(FAMILY_OF_LABEL)
ONE_VEHICLE: Final = ("car", "bus", "truck")
"""A van is often two of them at once; boxes of these suppress one another."""


def open_detector(
    model: str | Path,
    cache_dir: Path,
    threads: int,
    score_min: float,
    picture_wh_px: tuple[int, int] | None = None,
    providers: tuple[str, ...] = (),
) -> "OnnxDetector":
    """Open a model out of the cache by its name, or any .onnx by its path.

    Args:
        model: a name of the catalog or of a model that was exported into the cache, or a path that ends in .onnx.
        cache_dir: where pulled and exported models are (models.pull.cache_folder).
        threads: how many threads one picture may use.
        score_min: detections below are not reported.
        picture_wh_px: the size of the camera's pictures; a model that works at any size is fitted to it.
        providers: onnxruntime execution providers in the order of preference.

    Raises:
        InputProblemError: the model's head, outputs or classes are none that the box can use.
        ModelError: nobody knows the name, it has not been pulled, the file is not there or no ONNX, or neither it nor
            a sidecar says enough.
    """
    return OnnxDetector(open_model(located(model, cache_dir), threads, picture_wh_px, providers), score_min)


class OnnxDetector:
    """Finds road users in one picture."""

    def __init__(self, model: OpenedModel, score_min: float) -> None:
        _refuse_unusable(model)
        self._model, self._score_min = model, score_min
        self._head = HEADS[model.sidecar.head]
        self._outputs = self._head.names(model.outputs, self.input_wh_px, len(self.classes))
        self._class_ids = [index for index, label in enumerate(self.classes) if label in ROAD_LABELS]
        self._group_of_class = _groups(self.classes)

    @property
    def name(self) -> str:
        """The model's name, as its sidecar gives it."""
        return self._model.sidecar.name

    @property
    def sha256(self) -> str:
        """The SHA-256 of the .onnx that is running."""
        return self._model.sha256

    @property
    def head(self) -> str:
        """The name of the head that decodes it."""
        return self._model.sidecar.head

    @property
    def provider(self) -> str:
        """The onnxruntime execution provider that runs it."""
        return self._model.provider

    @property
    def input_wh_px(self) -> tuple[int, int]:
        """Width and height of what the model looks at."""
        return self._model.sidecar.input.width_px, self._model.sidecar.input.height_px

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of its classes, in the order of its scores."""
        return self._model.sidecar.classes

    def detect(self, picture_bgr: PictureBgr) -> tuple[Detection, ...]:
        """Return the road users in a picture (height, width, 3), uint8, BGR; boxes in its own pixels, inside it."""
        blob, scale, offset_px = letterboxed(picture_bgr, self._model.sidecar.input)
        raw: list[Floats] = self._model.session.run(self._outputs, {self._model.input_name: blob})
        outputs = dict(zip(self._outputs, raw, strict=True))
        decoded = self._head.decode(outputs, self.input_wh_px, self._score_min, self._class_ids)
        boxes, scores, class_ids = self._without_doubles(decoded) if self._head.doubles else decoded
        height_px, width_px = picture_bgr.shape[:2]
        limits_px = np.array([width_px, height_px, width_px, height_px], np.float32)
        boxes_px = np.clip((boxes - offset_px) / np.float32(scale), 0, limits_px)
        found = zip(boxes_px.tolist(), scores.tolist(), class_ids.tolist(), strict=True)
        return tuple(
            Detection((x1, y1, x2, y2), score, self.classes[class_id])
            for (x1, y1, x2, y2), score, class_id in found
            if x2 > x1 and y2 > y1
        )

    def _without_doubles(self, decoded: Boxes) -> Boxes:
        """Keep the best of the boxes of one group that overlap: greedy non-maximum suppression, best score first."""
        boxes, scores, class_ids = decoded
        boxes_xywh = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
        kept = cv2.dnn.NMSBoxesBatched(
            boxes_xywh.tolist(),
            scores.tolist(),
            self._group_of_class[class_ids].tolist(),
            0.0,  # the head has already left out what is below score_min
            self._model.sidecar.nms_iou_max,
        )
        order = np.asarray(kept, np.int64).ravel()
        return boxes[order], scores[order], class_ids[order]


def letterboxed(picture_bgr: PictureBgr, wanted: PictureInput) -> tuple[Floats, float, Floats]:
    """Return the picture as a model's input, (1, 3, height, width) float32, its scale, and (4,) how far it is moved.

    It keeps its proportions; what it leaves free is filled.
    """
    height_px, width_px = picture_bgr.shape[:2]
    scale = min(wanted.width_px / width_px, wanted.height_px / height_px)
    fitted_wh = max(1, round(width_px * scale)), max(1, round(height_px * scale))
    fitted = cv2.resize(picture_bgr, fitted_wh, interpolation=cv2.INTER_LINEAR)
    if wanted.channels == "rgb":
        fitted = cv2.cvtColor(fitted, cv2.COLOR_BGR2RGB)
    left_px = (wanted.width_px - fitted_wh[0]) // 2 if wanted.letterbox == "centre" else 0
    top_px = (wanted.height_px - fitted_wh[1]) // 2 if wanted.letterbox == "centre" else 0
    blob = np.full((1, 3, wanted.height_px, wanted.width_px), wanted.pad_value, np.float32)
    blob[0, :, top_px : top_px + fitted_wh[1], left_px : left_px + fitted_wh[0]] = fitted.transpose(2, 0, 1)
    if wanted.scale != 1.0:
        blob *= np.float32(wanted.scale)
    return blob, scale, np.array([left_px, top_px, left_px, top_px], np.float32)


def _refuse_unusable(model: OpenedModel) -> None:
    """Refuse a head that nobody can decode, outputs that are not the head's, and classes that lack a needed one."""
    sidecar, place = model.sidecar, sidecar_path(model.path)
    problems = []
    lacking = [label for label in NEEDED_LABELS if label not in sidecar.classes]
    if lacking:
        found = ", ".join(sidecar.classes[:8]) + (", ..." if len(sidecar.classes) > 8 else "")
        problems.append(f"{place}: classes: expected {', '.join(lacking)} among them ({WHY_NEEDED}), found {found}")
    if sidecar.head not in HEADS:
        known, outputs = ", ".join(HEADS), listed(model.outputs)
        problems.append(f"{place}: head: expected one of {known}, found {sidecar.head!r} (outputs: {outputs})")
    else:
        problem = HEADS[sidecar.head].problem(model.outputs, sidecar.input.wh_px, len(sidecar.classes))
        if problem is not None:
            problems.append(f"{model.path}: outputs: head {sidecar.head} {problem}")
    if problems:
        raise InputProblemError(*problems)


def _groups(classes: Sequence[str]) -> NDArray[np.int64]:
    """Return for each class the group within which boxes suppress one another."""
    vehicle = next((index for index, label in enumerate(classes) if label in ONE_VEHICLE), 0)
    return np.array([vehicle if label in ONE_VEHICLE else index for index, label in enumerate(classes)], np.int64)
