"""One list of detections out of several looks at one picture: the whole of it, and tiles that overlap. Pure.

Somebody on a seam is seen twice, whole or in pieces, and must come out once; two people beside each other at a seam
are seen twice each, and must come out as two. So a piece is never compared by its overlap with another person's box:
it is left out where a whole box explains it, and joined to its other half only where both cover the strip that their
tiles share, which nobody but one person as wide as the strip can do.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from edge.observations import BoxXyxyPx, Detection
from edge.tracking.association import covered, overlaps
from edge.tracking.families import FAMILY_OF_LABEL, Family

SAME_IOU: Final = 0.5
"""Two looks at one body overlap at least so much."""
INSIDE: Final = 0.7
"""A piece or a part lies with at least this share of itself in the box that explains it."""
TOUCH_SHARE: Final = 0.02
"""A box that ends so near to a tile's edge, as a share of its side, is cut by it."""
LEFT, TOP, RIGHT, BOTTOM = range(4)
ACROSS: Final = ((RIGHT, LEFT), (BOTTOM, TOP))
"""The seams: the first tile is cut at its right and the second at its left, or below and above."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen in one tile; tile and boxes in pixels of the full picture."""

    tile_xyxy_px: BoxXyxyPx
    detections: tuple[Detection, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    detection: Detection
    tile_xyxy_px: BoxXyxyPx
    cut: frozenset[int]


def merged(whole: Sequence[Detection], looks: Sequence[Look], picture_wh_px: tuple[int, int]) -> tuple[Detection, ...]:
    """Return everybody once, the surest first.

    Args:
        whole: what the look at the whole picture gave.
        looks: what each tile gave.
        picture_wh_px: width and height of the picture, whose own edges cut nobody in two.
    """
    seen = [_piece(detection, look.tile_xyxy_px, picture_wh_px) for look in looks for detection in look.detections]
    entire = _once([piece.detection for piece in seen if not piece.cut])
    pieces = [piece for piece in seen if piece.cut and not _explained(piece.detection, [*entire, *whole])]
    close = _once([*entire, *_joined(pieces)])
    close = [_as_sure_as(box, whole) for box in close]
    far = [box for box in whole if not _seen_closer(box, close)]
    return tuple(sorted([*close, *far], key=lambda detection: -detection.score))


def _kind(detection: Detection) -> str:
    """Return what suppresses what: a van that is car, bus and truck is one vehicle."""
    vehicle = FAMILY_OF_LABEL.get(detection.label) is Family.VEHICLE
    return Family.VEHICLE.name if vehicle else detection.label


def _piece(detection: Detection, tile: BoxXyxyPx, picture_wh_px: tuple[int, int]) -> _Piece:
    """Return at which sides of its tile a box is cut; the picture's own edge is none."""
    limits = (0, 0, *picture_wh_px)
    near = [TOUCH_SHARE * (tile[side % 2 + 2] - tile[side % 2]) for side in range(4)]
    cut = (
        side
        for side in range(4)
        if abs(detection.box_xyxy_px[side] - tile[side]) <= near[side] and tile[side] != limits[side]
    )
    return _Piece(detection, tile, frozenset(cut))


def _once(boxes: Sequence[Detection]) -> list[Detection]:
    """Return each body once, as its surest box."""
    kept: list[Detection] = []
    for box in sorted(boxes, key=lambda detection: -detection.score):
        if not any(_kind(box) == _kind(other) and _overlap(box, other) >= SAME_IOU for other in kept):
            kept.append(box)
    return kept


def _explained(piece: Detection, boxes: Iterable[Detection]) -> bool:
    return any(_kind(piece) == _kind(box) and _share_inside(piece, box) >= INSIDE for box in boxes)


def _joined(pieces: Sequence[_Piece]) -> list[Detection]:
    """Return the boxes of those who are cut on both sides of a seam; a piece without its other half is nobody."""
    pairs = (
        _join(first.detection, second.detection)
        for first in pieces
        for second in pieces
        for sides in ACROSS
        if first is not second and _halves(first, second, sides)
    )
    return list(pairs)


def _halves(first: _Piece, second: _Piece, sides: tuple[int, int]) -> bool:
    """Tell whether two pieces are one body, cut at the strip that their tiles share."""
    ends, begins = sides
    axis = begins  # LEFT and TOP are also the numbers of the axes
    one, other = first.detection.box_xyxy_px, second.detection.box_xyxy_px
    strip = second.tile_xyxy_px[begins], first.tile_xyxy_px[ends]
    if ends not in first.cut or begins not in second.cut or strip[0] >= strip[1]:
        return False
    if _kind(first.detection) != _kind(second.detection):
        return False
    shared = min(one[ends], other[ends]) - max(one[begins], other[begins])
    beside = _interval_iou((one[1 - axis], one[3 - axis]), (other[1 - axis], other[3 - axis]))
    return shared >= INSIDE * (strip[1] - strip[0]) and beside >= SAME_IOU


def _interval_iou(a: tuple[float, float], b: tuple[float, float]) -> float:
    shared, either = min(a[1], b[1]) - max(a[0], b[0]), max(a[1], b[1]) - min(a[0], b[0])
    return shared / either if shared > 0 else 0.0


def _join(first: Detection, second: Detection) -> Detection:
    one, other = first.box_xyxy_px, second.box_xyxy_px
    box = min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
    surest = max(first, second, key=lambda detection: detection.score)
    return replace(surest, box_xyxy_px=box)


def _as_sure_as(box: Detection, whole: Sequence[Detection]) -> Detection:
    """Return the box with the score of the surer of the two looks: a tile shows the outline better, not the place."""
    twins = [other.score for other in whole if _kind(other) == _kind(box) and _overlap(box, other) >= SAME_IOU]
    return replace(box, score=max([box.score, *twins]))


def _seen_closer(box: Detection, close: Sequence[Detection]) -> bool:
    """Tell whether tiles show the same body, or several that the whole picture took for one."""
    same = [other for other in close if _kind(other) == _kind(box)]
    several = sum(_share_inside(other, box) >= INSIDE for other in same) >= 2
    return several or any(_overlap(box, other) >= SAME_IOU for other in same)


def _overlap(a: Detection, b: Detection) -> float:
    return _measured(overlaps, a, b)


def _share_inside(inner: Detection, outer: Detection) -> float:
    return _measured(covered, inner, outer)


def _measured(measure: Callable[..., np.ndarray], a: Detection, b: Detection) -> float:
    return float(measure(np.array([a.box_xyxy_px]), np.array([b.box_xyxy_px]))[0, 0])
