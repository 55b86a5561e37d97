"""Plain ByteTrack (Zhang et al., ECCV 2022) as the package ``trackers`` keeps it, to measure our tracker beside.

The package is an extra: no box needs it, so it is imported when it is asked for.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from datasets.errors import PartMissingError
from edge.observations import BoxXyxyPx, Detection

LOST_S = 1.0
NOT_YET_A_TRACK = -1


def needed(module: str) -> Any:  # noqa: ANN401 - a module that mypy knows nothing of
    """Return a module of the extra ``bench``. Raises PartMissingError where it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        raise PartMissingError(f"package {module}", "it is not installed", "Run: pip install 'lukou[bench]'") from error


class PlainByteTrack:
    """Follows boxes by their overlap in the picture, with the package's own thresholds and the real frame times."""

    def __init__(self) -> None:
        supervision, trackers = needed("supervision"), needed("trackers")
        self._detections = supervision.Detections
        self._tracker = trackers.ByteTrackTracker(lost_track_buffer=round(LOST_S * 30), high_conf_det_threshold=0.4)

    def update(self, t_ms: int, detections: Sequence[Detection]) -> list[tuple[int, BoxXyxyPx]]:
        """Return number and box of every confirmed track that was seen."""
        given = self._detections(
            xyxy=np.array([d.box_xyxy_px for d in detections], dtype=np.float32).reshape(-1, 4),
            confidence=np.array([d.score for d in detections], dtype=np.float32),
            data={"index": np.arange(len(detections))},
        )
        found = self._tracker.update(given, timestamp=t_ms / 1000)
        numbers = () if found.tracker_id is None else found.tracker_id
        return [
            (int(number), detections[int(index)].box_xyxy_px)
            for number, index in zip(numbers, found.data.get("index", ()), strict=True)
            if number != NOT_YET_A_TRACK
        ]
