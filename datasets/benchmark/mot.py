"""How well tracks fit the truth: CLEAR-MOT, IDF1 and HOTA, computed by the package ``trackers`` (as TrackEval does)."""

from collections.abc import Mapping, Sequence

import numpy as np

from datasets.benchmark.bytetrack import needed
from datasets.benchmark.sequences import Truth
from edge.observations import BoxXyxyPx
from edge.tracking.association import overlaps

IOU_MIN = 0.5
Said = Mapping[int, Sequence[tuple[int, BoxXyxyPx]]]
"""Frame number to (track number, box)."""


def score(truth: Truth, said: Said) -> dict[str, float | int]:
    """Return the figures over the frames that have a truth. Raises PartMissingError without the extra ``bench``."""
    library = needed("trackers.eval")
    frames = range(min(truth), max(truth) + 1)
    true_ids = [_ids(truth.get(frame, ())) for frame in frames]
    said_ids = [_ids(said.get(frame, ())) for frame in frames]
    fits = [overlaps(_boxes(truth.get(frame, ())), _boxes(said.get(frame, ()))) for frame in frames]
    clear = library.compute_clear_metrics(true_ids, said_ids, fits, IOU_MIN)
    identity = library.compute_identity_metrics(true_ids, said_ids, fits, IOU_MIN)
    hota = library.compute_hota_metrics(true_ids, said_ids, fits)
    return {
        "people": len(np.unique(np.concatenate(true_ids))),
        "mota": round(float(clear["MOTA"]), 4),
        "idf1": round(float(identity["IDF1"]), 4),
        "hota": round(float(hota["HOTA"]), 4),
        "id_switches": int(clear["IDSW"]),
        "mostly_tracked": int(clear["MT"]),
        "missed_boxes": int(clear["CLR_FN"]),
        "false_boxes": int(clear["CLR_FP"]),
        "true_boxes": int(clear["CLR_TP"]) + int(clear["CLR_FN"]),
    }


def _ids(rows: Sequence[tuple[int, BoxXyxyPx]]) -> np.ndarray:
    return np.array([number for number, _ in rows], dtype=np.int64)


def _boxes(rows: Sequence[tuple[int, BoxXyxyPx]]) -> np.ndarray:
    return np.array([box for _, box in rows], dtype=np.float64).reshape(-1, 4)
