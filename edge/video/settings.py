"""How a camera is filmed, and how much of it is remembered."""

from dataclasses import dataclass
from typing import Final, Literal

Preset = Literal["ultrafast", "superfast", "veryfast"]
GOP_MS: Final = 1000
"""Every second (capture time) begins with a picture that stands by itself: there a clip may begin, and a kill costs
no more."""


@dataclass(frozen=True, slots=True)
class VideoSettings:
    """How a camera is filmed.

    ``crf`` is x264's constant rate factor (18 near lossless, 28 coarse). Of the coded pictures as many are kept in
    memory as lie within ``ring_ms`` and ``ring_bytes_max``: an act that is not foreseen is said within some seconds.
    """

    fps_max: float = 12.0
    crf: int = 23
    preset: Preset = "ultrafast"
    ring_ms: int = 30_000
    ring_bytes_max: int = 48 * 1024 * 1024
