"""Which of many places lie within which of a scene's convex outlines, all asked at once. Pure."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.geometry import PolygonM

SKIN_M: Final = 0.01
"""A place on the edge lies within."""


class Outlines:
    """Convex outlines, counterclockwise, as half-planes: a place is within where it is left of every edge."""

    def __init__(self, outlines_m: Sequence[PolygonM]) -> None:
        edges_max = max(map(len, outlines_m), default=0)
        self._shape = edges_max, len(outlines_m)
        normals = np.zeros((edges_max, len(outlines_m), 2))
        offsets_m = np.full(self._shape, np.inf)  # what has fewer edges: no place is beyond it
        for number, outline in enumerate(outlines_m):
            corners = np.array(outline)
            x, y = (np.roll(corners, -1, axis=0) - corners).T
            normals[: len(outline), number] = outward = np.column_stack([y, -x]) / np.hypot(x, y)[:, None]
            offsets_m[: len(outline), number] = (outward * corners).sum(axis=1) + SKIN_M
        self._normals, self._offsets_m = np.ascontiguousarray(normals.reshape(-1, 2).T), offsets_m.ravel()

    def around(self, places: NDArray[np.float64]) -> list[list[int]]:
        """Return for each of (n, 2) places in metres the numbers of the outlines around it, in their order."""
        around: list[list[int]] = [[] for _ in places]
        if len(places) and len(self._offsets_m):
            left = (places @ self._normals <= self._offsets_m).reshape(-1, *self._shape)
            rows, numbers = np.nonzero(left.all(axis=1))
            for row, number in zip(rows.tolist(), numbers.tolist(), strict=True):
                around[row].append(number)
        return around
