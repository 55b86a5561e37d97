"""Looks after one camera: measures its picture twice a second, remembers how it looked when it was well.

The memory (reference picture, and whether the camera has moved) is kept on disk by the scene's hash, so that a camera
that was turned while the box was off is noticed too, and a new calibration begins anew.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from contract.words import CameraState
from edge.camera.health import Health
from edge.camera.looks import Grey, Reference, look, reference_of, small_grey
from edge.pipeline import Frame

EVERY_MS: Final = 500
LEARN_PICTURES: Final = 6
"""The reference is the median of so many pictures: whoever walks through is not in it."""
REFRESH_MS: Final = 60_000
REFRESH_AGREEMENT: Final = 0.7
REFRESH_SHARE: Final = 0.2


@dataclass(slots=True)
class Attendant:
    """One camera's attendant. ``folder`` is None where nothing is to be remembered."""

    scene_sha256: str
    folder: Path | None = None
    health: Health = field(default_factory=Health)
    _learning: list[Grey] = field(default_factory=list)
    _reference: Reference | None = None
    _last: Grey | None = None
    _next_ms: int = 0
    _refresh_ms: int = 0

    @classmethod
    def recall(cls, scene_sha256: str, folder: Path) -> "Attendant":
        """Return an attendant with what the last run of the same scene has left."""
        attendant = cls(scene_sha256, folder)
        try:
            memory = json.loads((folder / "camera.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return attendant
        picture = cv2.imread(str(folder / "camera.png"), cv2.IMREAD_GRAYSCALE)
        if memory.get("scene_sha256") != scene_sha256 or picture is None:
            return attendant
        attendant._reference = reference_of(np.asarray(picture, dtype=np.float32))
        if memory.get("moved"):
            attendant.health.state = CameraState.MOVED
        return attendant

    def attending(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        """Hand the frames on, and look at one twice a second."""
        for frame in frames:
            if frame.t_ms >= self._next_ms:
                self._next_ms = frame.t_ms + EVERY_MS
                self._attend(frame)
            yield frame

    @property
    def sound(self) -> bool:
        """Tell whether what the camera shows may accuse anybody."""
        return self.health.state is CameraState.OK

    def _attend(self, frame: Frame) -> None:
        small = small_grey(frame.picture_bgr)
        if self._reference is None:
            self._learn(small)
            return
        looks = look(small, self._last, self._reference)
        self._last = small
        was = self.health.state
        self.health.see(frame.t_ms, looks)
        if was is not self.health.state and self.health.state is CameraState.MOVED:
            self._remember()
        if self.sound and looks.agreement >= REFRESH_AGREEMENT and frame.t_ms >= self._refresh_ms:
            self._refresh_ms = frame.t_ms + REFRESH_MS
            blended = self._reference.small + REFRESH_SHARE * (small - self._reference.small)
            self._reference = reference_of(np.asarray(blended, dtype=np.float32))
            self._remember()

    def _learn(self, small: Grey) -> None:
        self._learning.append(small)
        if len(self._learning) == LEARN_PICTURES:
            self._reference = reference_of(np.median(self._learning, axis=0).astype(np.float32))
            self._learning.clear()
            self._remember()

    def _remember(self) -> None:
        if self.folder is None or self._reference is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(self.folder / "camera.png"), self._reference.small.round().astype(np.uint8))
        memory = {"scene_sha256": self.scene_sha256, "moved": self.health.state is CameraState.MOVED}
        written = self.folder / "camera.json.part"
        written.write_text(json.dumps(memory), encoding="utf-8")
        written.replace(self.folder / "camera.json")
