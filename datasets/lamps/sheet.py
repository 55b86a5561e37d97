"""A sheet of pictures to look at: what was read wrongly first, then what was not answered, the rest last."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from datasets.lamps.measure import Judged
from edge.pipeline import PictureBgr

TILE_WH: Final = (112, 138)
COLUMNS: Final = 16
PICTURE_PX: Final = 108
BACKDROP: Final = 40
WRONG_BGR, UNANSWERED_BGR, PLAIN_BGR = (80, 80, 255), (80, 220, 255), (230, 230, 230)
REGION_BGR: Final = (255, 255, 0)


def write_sheet(judged: Sequence[Judged], path: Path, most: int) -> None:
    """Write so many pictures, each with what was shown, what was said, and why nothing was."""
    chosen = sorted(judged, key=_rank)[:most]
    tiles = [_tile(one) for one in chosen]
    tiles += [np.full((TILE_WH[1], TILE_WH[0], 3), BACKDROP, np.uint8)] * (-len(tiles) % COLUMNS)
    rows = [np.hstack(tiles[at : at + COLUMNS]) for at in range(0, len(tiles), COLUMNS)]
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.vstack(rows))


def _rank(judged: Judged) -> int:
    if judged.answered and not judged.right:
        return 0
    return 1 if judged.drawn.owed and not judged.answered else 2


def _tile(judged: Judged) -> PictureBgr:
    tile = np.full((TILE_WH[1], TILE_WH[0], 3), BACKDROP, np.uint8)
    picture = judged.drawn.picture_bgr
    scale = PICTURE_PX / max(picture.shape[:2])
    large = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST)
    tile[: large.shape[0], : large.shape[1]] = large
    x, y, width, height = (round(side * scale) for side in judged.drawn.lamp_xywh_px)
    cv2.rectangle(tile, (x, y), (x + width, y + height), REGION_BGR, 1)
    colour = (WRONG_BGR, UNANSWERED_BGR, PLAIN_BGR)[_rank(judged)]
    owed = "" if judged.drawn.owed else " (not owed)"
    _write(tile, f"{judged.drawn.shown.value}{owed}", 120, colour)
    _write(tile, f"> {judged.said.doubt or judged.said.state.value}", 132, colour)
    return tile


def _write(tile: PictureBgr, text: str, y: int, colour: tuple[int, int, int]) -> None:
    cv2.putText(tile, text, (1, y), cv2.FONT_HERSHEY_SIMPLEX, 0.36, colour, 1, cv2.LINE_AA)
