"""What is to be staged: how much of it, where it listens, and where what it keeps lies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from datasets.demo.broker import free_port


@dataclass(frozen=True, slots=True)
class Wish:
    """What is staged. ``frames`` of real footage are watched (none: the camera has a single dark frame to see).

    ``host`` is where the centre listens and ``before_box`` stands before the box's words (another network namespace);
    ``reach`` is where the box finds HTTP and MQTT, if that is not where they are.
    The ``*_data`` are other places for what box, centre and database keep.
    """

    folder: Path
    events: int
    frames: int = 160
    per_s: float = 20.0
    clip_bytes: int = 100_000
    host: str = "127.0.0.1"
    before_box: tuple[str, ...] = ()
    reach: tuple[str, int, int] | None = None
    http_port: int = field(default_factory=free_port)
    mqtt_port: int = field(default_factory=free_port)
    box_data: Path | None = None
    centre_data: Path | None = None
    database_data: Path | None = None
    with_box: bool = True
    box_program: tuple[str, ...] | None = None
    box_settings: Mapping[str, object] = field(default_factory=dict)
    centre_settings: Mapping[str, str] = field(default_factory=dict)
