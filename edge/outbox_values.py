"""What goes into the outbox and what comes out of it: sealed events, what waits, how much, how the cameras are."""

from dataclasses import dataclass, field
from pathlib import Path

from contract.evidence import EvidenceFile


@dataclass(frozen=True, slots=True)
class Progress:
    """How a camera's process is: frames seen and dropped, whether it can be believed, and when this was said."""

    frames: int
    frames_per_second: float
    dropped: int = 0
    reconnections: int = 0
    state: str = "ok"
    state_since_ms: int = 0
    noted_at_ms: int = 0
    signals: list[dict[str, str | int]] = field(default_factory=list)
    """``contract.messages.SignalHealth`` of each signal, as JSON holds it."""
    lost: dict[str, int] = field(default_factory=dict)
    """``contract.box.Dropped``, as JSON holds it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sealed message that has not been delivered. ``number`` orders all; ``event_id`` is None for passage counts."""

    number: int
    event_id: str | None
    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """An evidence file that the centre does not have yet, of an event that it has accepted."""

    event_id: str
    name: str
    path: Path
    sha256: str
    size_bytes: int
    problem: str | None = None
    """Why it was not brought the last time, where trying again at once would be no use."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A violation at its place in the chain: its wire form, its manifest's hash, and where each of its files lies."""

    payload: bytes
    manifest_sha256: str
    files: tuple[tuple[EvidenceFile, Path], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is in the outbox."""

    delivered: int
    waiting: int
    refused: int
    files_waiting: int
    files_stuck: int = 0
    """Of those that wait: the centre did not want them, or they are not on the box as they were sealed."""
