"""NanoDet's head: boxes from its raw outputs. Pure numpy.

It is that of Generalized Focal Loss (Li et al., 2020, arXiv 2006.04388): a class score is also the
quality of its box, and each side's distance from the cell's centre is a distribution over 0 .. 10 strides.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.heads.boxes import Boxes, Floats, Shape

STRIDES_PX: Final = (8, 16, 32)
SIDES: Final = 4  # left, top, right, bottom, each a distance outwards from the cell's centre
BINS: Final = 11  # distances of 0 .. 10 strides


def nanodet_outputs(input_wh_px: tuple[int, int], class_count: int) -> dict[str, Shape]:
    """Return the name and shape of every output that NanoDet's head has, in their order."""
    width_px, height_px = input_wh_px
    cells = {stride: -(-width_px // stride) * -(-height_px // stride) for stride in STRIDES_PX}
    scores: dict[str, Shape] = {f"scores_{stride}": (1, cells[stride], class_count) for stride in STRIDES_PX}
    return scores | {f"boxes_{stride}": (1, cells[stride], SIDES * BINS) for stride in STRIDES_PX}


def decode_nanodet(
    outputs: Mapping[str, Floats], input_wh_px: tuple[int, int], score_min: float, class_ids: Sequence[int]
) -> Boxes:
    """Decode what NanoDet gives for one picture, without suppressing boxes that overlap.

    A cell may speak for more than one class, as in the paper: a rider's cell is often a person and a motorcycle.

    Args:
        outputs: ``scores_S`` (1, cells, classes), after the sigmoid, and ``boxes_S`` (1, cells, 44), the logits of
            four distributions, for each stride S; cells go row by row.
        input_wh_px: width and height of the model's input.
        score_min: boxes below are left out before anything of them is computed.
        class_ids: the columns that matter.
    """
    wanted = np.asarray(class_ids, np.int64)
    parts = [
        _decode_stride(
            outputs[f"scores_{stride}"][0], outputs[f"boxes_{stride}"][0], input_wh_px[0], stride, score_min, wanted
        )
        for stride in STRIDES_PX
    ]
    boxes, scores, ids = zip(*parts, strict=True)
    return np.concatenate(boxes), np.concatenate(scores), np.concatenate(ids)


def _decode_stride(
    scores: Floats, logits: Floats, width_px: int, stride_px: int, score_min: float, wanted: NDArray[np.int64]
) -> Boxes:
    of_interest = scores[:, wanted]
    cells, columns = np.nonzero(of_interest >= score_min)
    distances_px = expected_distance(logits[cells].reshape(-1, SIDES, BINS)) * np.float32(stride_px)
    rows, places = np.divmod(cells, -(-width_px // stride_px))
    centres_px = (np.stack([places, rows], axis=1).astype(np.float32) + np.float32(0.5)) * np.float32(stride_px)
    boxes = np.concatenate([centres_px - distances_px[:, :2], centres_px + distances_px[:, 2:]], axis=1)
    return boxes, of_interest[cells, columns], wanted[columns]


def expected_distance(logits: Floats) -> Floats:
    """Return the mean of distributions over 0 .. bins - 1, given as logits (..., bins): section 3.2 of the paper."""
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    bins = np.arange(logits.shape[-1], dtype=np.float32)
    mean: Floats = (weights @ bins) / weights.sum(axis=-1)
    return mean
