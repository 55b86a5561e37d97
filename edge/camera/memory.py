"""What is remembered of a camera in the box's data folder, by the scene's hash: a new calibration begins anew.

So a camera that was turned while the box was off is noticed, and one that has moved stays so across a restart.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import structlog
from numpy.typing import NDArray

from edge.full_disk import disk_full

log = structlog.get_logger()

Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Remembered:
    """How the camera looked first and last, (240, 320) grey, and whether it has moved since it was calibrated."""

    first: Grey
    last: Grey
    moved: bool


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of one camera with one scene."""

    folder: Path
    scene_sha256: str

    def read(self) -> Remembered | None:
        """Return what is there; None where it is nothing, torn, or of another scene."""
        try:
            told = json.loads((self.folder / "camera.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        pictures = [cv2.imread(str(self.folder / f"{name}.png"), cv2.IMREAD_GRAYSCALE) for name in ("first", "last")]
        first, last = pictures
        if not isinstance(told, dict) or told.get("scene_sha256") != self.scene_sha256 or first is None or last is None:
            return None
        return Remembered(first.astype(np.float32), last.astype(np.float32), bool(told.get("moved")))

    def write(self, first: Grey, last: Grey, *, moved: bool) -> bool:
        """Keep it; each file appears whole. Return False where the disk is full: what was kept before stays."""
        told = json.dumps({"scene_sha256": self.scene_sha256, "moved": moved}).encode()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for name, data in (("first.png", _png(first)), ("last.png", _png(last)), ("camera.json", told)):
                part = self.folder / f"{name}.part"
                part.write_bytes(data)
                part.replace(self.folder / name)
        except OSError as error:
            if not disk_full(error):
                raise
            log.error("camera.not_remembered", folder=str(self.folder), why=str(error))
            return False
        return True


def _png(picture: Grey) -> bytes:
    return cv2.imencode(".png", picture.round().astype(np.uint8))[1].tobytes()
