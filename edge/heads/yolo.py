"""The heads of the YOLO families with one output. Pure numpy; scores have gone through their sigmoid in the graph.

- Ultralytics v8, 11, 26: 1 x (4 + classes) x N, centre and size in pixels (docs.ultralytics.com, export).
- The same, end to end: 1 x N x 6, corners, score and class; doubles are gone already.
- YOLOX (Ge et al., 2021, arXiv 2107.08430), as exported without decoding: 1 x N x (5 + classes), offsets to a cell and
  logarithms of the size in strides, then the objectness and the classes.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from edge.heads.boxes import Boxes, Floats

STRIDES_PX: Final = (8, 16, 32)
CORNERS: Final = 4
END2END_COLUMNS: Final = 6


def cell_count(input_wh_px: tuple[int, int]) -> int:
    """Return how many cells the three scales have together."""
    return sum((input_wh_px[0] // stride) * (input_wh_px[1] // stride) for stride in STRIDES_PX)


def decode_yolo(outputs: Mapping[str, Floats], _: tuple[int, int], score_min: float, class_ids: Sequence[int]) -> Boxes:
    """Decode 1 x (4 + classes) x N; overlapping boxes are left in."""
    rows = _only(outputs)[0].T
    wanted = np.asarray(class_ids, np.int64)
    scores = rows[:, CORNERS + wanted]
    found, columns = np.nonzero(scores >= score_min)
    return _corners(rows[found, :CORNERS]), scores[found, columns], wanted[columns]


def decode_end2end(
    outputs: Mapping[str, Floats], _: tuple[int, int], score_min: float, class_ids: Sequence[int]
) -> Boxes:
    """Decode 1 x N x 6: x1, y1, x2, y2, score, class."""
    rows = _only(outputs)[0]
    kinds = rows[:, 5].astype(np.int64)
    kept = (rows[:, 4] >= score_min) & np.isin(kinds, np.asarray(class_ids, np.int64))
    return rows[kept, :CORNERS], rows[kept, 4], kinds[kept]


def decode_yolox(
    outputs: Mapping[str, Floats], input_wh_px: tuple[int, int], score_min: float, class_ids: Sequence[int]
) -> Boxes:
    """Decode 1 x N x (5 + classes); a score is objectness times class."""
    rows = _only(outputs)[0]
    wanted = np.asarray(class_ids, np.int64)
    scores = rows[:, 5 + wanted] * rows[:, 4:5]
    found, columns = np.nonzero(scores >= score_min)
    cells, strides = _grid(input_wh_px)
    centres = (rows[found, :2] + cells[found]) * strides[found]
    sizes = np.exp(rows[found, 2:4]) * strides[found]
    return _corners(np.concatenate([centres, sizes], axis=1)), scores[found, columns], wanted[columns]


def _only(outputs: Mapping[str, Floats]) -> Floats:
    (output,) = outputs.values()
    return output


def _corners(centres_sizes: Floats) -> Floats:
    half = centres_sizes[:, 2:] / 2
    return np.concatenate([centres_sizes[:, :2] - half, centres_sizes[:, :2] + half], axis=1)


def _grid(input_wh_px: tuple[int, int]) -> tuple[Floats, Floats]:
    """Return column and row (N, 2) and stride (N, 1) of every cell, scale by scale, row by row."""
    cells, strides = [], []
    for stride in STRIDES_PX:
        rows, columns = np.mgrid[0 : input_wh_px[1] // stride, 0 : input_wh_px[0] // stride]
        cells.append(np.stack([columns.ravel(), rows.ravel()], axis=1).astype(np.float32))
        strides.append(np.full((rows.size, 1), stride, np.float32))
    return np.concatenate(cells), np.concatenate(strides)
