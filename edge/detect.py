"""The detector port on onnxruntime: picture in, boxes in pixels of the full picture out. No rule and no track in here.

What goes in and comes out is said by the model's sidecar; a model that does not match it is refused before it runs.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as onnxruntime_errors

from edge.errors import InputProblemError, PartMissingError
from edge.foot_point import KIND_OF_LABEL, TWO_WHEELERS
from edge.heads import HEADS, Boxes, Floats, Shape
from edge.observations import Detection
from edge.pipeline import PictureBgr
from models.catalog import load_catalog
from models.pull import cached
from models.sidecar import PictureInput, Sidecar, read_sidecar, sidecar_path

NEEDED_LABELS: Final = ("person",)
ROAD_LABELS: Final = frozenset(KIND_OF_LABEL) | TWO_WHEELERS
ONE_OF: Final = ("car", "bus", "truck")  # a van is often two of them at once; it is one vehicle
NOT_A_MODEL: Final = (
    onnxruntime_errors.Fail,
    onnxruntime_errors.InvalidArgument,
    onnxruntime_errors.InvalidGraph,
    onnxruntime_errors.InvalidProtobuf,
    onnxruntime_errors.NotImplemented,
    onnxruntime_errors.RuntimeException,
)
"""What onnxruntime raises when it cannot load the bytes of a model."""


def open_detector(model: str | Path, cache_dir: Path, threads: int, score_min: float) -> "OnnxDetector":
    """Open a model of the catalog out of the cache, or any .onnx that has its sidecar beside it.

    Args:
        model: a name of the catalog, or a path that ends in .onnx.
        cache_dir: where pulled models are (models.pull.cache_folder).
        threads: how many threads one picture may use.
        score_min: detections below are not reported.

    Raises:
        InputProblemError: the file is not there, is no ONNX, or does not match its sidecar.
        PartMissingError: the catalog knows the name, but it has not been pulled.
        ModelError: the catalog does not know the name, or the sidecar is missing or wrong.
    """
    path = Path(model) if str(model).endswith(".onnx") else _from_cache(str(model), cache_dir)
    if not path.is_file():
        raise InputProblemError(f"model: expected a file, found none at {path}")
    return OnnxDetector(path, read_sidecar(sidecar_path(path)), threads, score_min)


def _from_cache(name: str, cache_dir: Path) -> Path:
    catalog = load_catalog()
    catalog.model(name)
    path = cached(name, cache_dir, catalog)
    if path is None:
        why = f"it is not in the cache ({cache_dir}), or no longer whole"
        raise PartMissingError(f"model {name}", why, f"Run: lukou models pull {name}")
    return path


class OnnxDetector:
    """Finds road users in one picture; made by ``open_detector``."""

    def __init__(self, path: Path, sidecar: Sidecar, threads: int, score_min: float) -> None:
        content = path.read_bytes()
        self._path, self._sidecar, self._score_min = path, sidecar, score_min
        self._sha256 = hashlib.sha256(content).hexdigest()
        if sidecar.onnx_sha256 not in {None, self._sha256}:
            raise InputProblemError(
                f"{path}: expected sha256 {sidecar.onnx_sha256} (its sidecar), found {self._sha256}"
            )
        _refuse_lacking(path, sidecar)
        if sidecar.head not in HEADS:
            known = ", ".join(HEADS)
            raise InputProblemError(f"{sidecar_path(path)}: head: expected one of {known}, found {sidecar.head!r}")
        self._head = HEADS[sidecar.head]
        self._session = _session(path, content, threads)
        self._outputs = _matched_outputs(path, self._session, sidecar)
        self._input_name = self._session.get_inputs()[0].name
        self._class_ids = [i for i, label in enumerate(sidecar.classes) if label in ROAD_LABELS]
        self._group_of_class = _groups(sidecar.classes)

    @property
    def name(self) -> str:
        """The model's name, as its sidecar gives it."""
        return self._sidecar.name

    @property
    def sha256(self) -> str:
        """The SHA-256 of the .onnx that is running."""
        return self._sha256

    @property
    def input_wh_px(self) -> tuple[int, int]:
        """Width and height of what the model looks at."""
        return self._sidecar.input.width_px, self._sidecar.input.height_px

    def detect(self, picture_bgr: PictureBgr) -> tuple[Detection, ...]:
        """Return the road users in a picture (height, width, 3), uint8, BGR; boxes in its own pixels, inside it."""
        blob, scale = letterboxed(picture_bgr, self._sidecar.input)
        raw: list[Floats] = self._session.run(self._outputs, {self._input_name: blob})
        outputs = dict(zip(self._outputs, raw, strict=True))
        decoded = self._head.decode(outputs, self.input_wh_px, self._score_min, self._class_ids)
        boxes, scores, class_ids = self._without_doubles(decoded)
        height_px, width_px = picture_bgr.shape[:2]
        limits = np.array([width_px, height_px, width_px, height_px], np.float32)
        boxes = np.clip(boxes / np.float32(scale), 0, limits)
        found = zip(boxes.tolist(), scores.tolist(), class_ids.tolist(), strict=True)
        return tuple(
            Detection((x1, y1, x2, y2), score, self._sidecar.classes[class_id])
            for (x1, y1, x2, y2), score, class_id in found
            if x2 > x1 and y2 > y1
        )

    def _without_doubles(self, decoded: Boxes) -> Boxes:
        """Keep the best of boxes of one group that overlap: greedy non-maximum suppression."""
        boxes, scores, class_ids = decoded
        boxes_xywh = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
        kept = cv2.dnn.NMSBoxesBatched(
            boxes_xywh, scores, self._group_of_class[class_ids], self._score_min, self._sidecar.nms_iou_max
        )
        order = np.asarray(kept, np.int64).ravel()
        return boxes[order], scores[order], class_ids[order]


def letterboxed(picture_bgr: PictureBgr, wanted: PictureInput) -> tuple[Floats, float]:
    """Return the picture as a model's input, (1, 3, height, width) float32, and by what factor it was scaled.

    It keeps its proportions and stands in the upper left corner; what it leaves free is filled.
    """
    height_px, width_px = picture_bgr.shape[:2]
    scale = min(wanted.width_px / width_px, wanted.height_px / height_px)
    fitted_wh = max(1, round(width_px * scale)), max(1, round(height_px * scale))
    blob = np.full((1, 3, wanted.height_px, wanted.width_px), wanted.pad_value, np.float32)
    fitted = cv2.resize(picture_bgr, fitted_wh, interpolation=cv2.INTER_LINEAR)
    blob[0, :, : fitted_wh[1], : fitted_wh[0]] = fitted.transpose(2, 0, 1)
    return blob, scale


def _session(path: Path, content: bytes, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Idle threads that spin take the cores from the other cameras of the box, for less than 2 ms gained a picture.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except NOT_A_MODEL as error:
        reason = str(error).splitlines()[0]
        raise InputProblemError(f"{path}: expected an ONNX model that onnxruntime can load, found: {reason}") from error


def _refuse_lacking(path: Path, sidecar: Sidecar) -> None:
    lacking = [label for label in NEEDED_LABELS if label not in sidecar.classes]
    if lacking:
        names = ", ".join(sidecar.classes[:8]) + (", ..." if len(sidecar.classes) > 8 else "")
        raise InputProblemError(
            f"{sidecar_path(path)}: classes: expected {', '.join(lacking)} among them, found {names}"
        )


def _matched_outputs(path: Path, session: onnxruntime.InferenceSession, sidecar: Sidecar) -> list[str]:
    """Return the names of the outputs to ask for; input and outputs must be what the sidecar and its head say."""
    size = sidecar.input
    (picture, *more), outputs = session.get_inputs(), {o.name: tuple(o.shape) for o in session.get_outputs()}
    problems = []
    wanted_input: Shape = (1, 3, size.height_px, size.width_px)
    if more or tuple(picture.shape) != wanted_input or picture.type != "tensor(float)":
        found = "; ".join(f"{i.name} {tuple(i.shape)} {i.type}" for i in (picture, *more))
        problems.append(f"{path}: input: expected one of shape {wanted_input} tensor(float), found {found}")
    wanted = HEADS[sidecar.head].outputs((size.width_px, size.height_px), len(sidecar.classes))
    if any(outputs.get(name) != shape for name, shape in wanted.items()):
        problems.append(f"{path}: outputs: head {sidecar.head} expects {_listed(wanted)}; found {_listed(outputs)}")
    if problems:
        raise InputProblemError(*problems)
    return list(wanted)


def _listed(outputs: dict[str, Shape]) -> str:
    return ", ".join(f"{name} {shape}" for name, shape in outputs.items())


def _groups(classes: Sequence[str]) -> NDArray[np.int32]:
    """Return for each class the group within which boxes suppress one another."""
    first = next((i for i, label in enumerate(classes) if label in ONE_OF), 0)
    return np.array([first if label in ONE_OF else i for i, label in enumerate(classes)], np.int32)
