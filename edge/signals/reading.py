"""What a source of lamp states says, as one value; and the pieces into which time falls by what one source said. Pure.

Times are ms on the watch's own axis (``t_ms``: since the first frame), whatever clock the source has.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from contract.words import LampSource, LampState
from edge.signals.timeline import Said


@dataclass(frozen=True, slots=True)
class Reading:
    """One word of one source: ``state`` holds from ``t_ms`` on, and was so when it was said, at ``heard_ms``."""

    source: LampSource
    signal_id: str
    t_ms: int
    heard_ms: int
    state: LampState


class Why(StrEnum):
    """Why a signal is unknown; where several apply, the first of these."""

    SILENT = "silent"
    """A source has never said anything."""
    STALE = "stale"
    """A source's last word is older than its age limit."""
    UNSURE = "unsure"
    """A source itself says that it does not know."""
    DISAGREE = "disagree"
    """The sources say different things for longer than the tolerance."""
    CHANGING = "changing"
    """The same for less, since sources hear of a change at different times; or a red is over, and nobody saw when."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A span over which one source says one thing: from ``since_ms`` until before ``until_ms`` (None: open).

    ``why`` says why the state is unknown; None where it is known.
    """

    state: LampState
    since_ms: int | None
    until_ms: int | None
    why: Why | None


class Voice(Protocol):
    """One source's words about one signal."""

    @property
    def source(self) -> LampSource:
        """Return which source this is."""
        ...

    def hear(self, reading: Reading, settled_ms: int) -> bool:
        """Take a word in that changes nothing up to ``settled_ms``; False where it is refused."""
        ...

    def confirm(self, heard_ms: int, settled_ms: int) -> None:
        """The source stands by its last word."""
        ...

    def piece(self, t_ms: int) -> Piece:
        """Return what is known of a time."""
        ...

    def said(self, t_ms: int) -> Said:
        """Return the last word at a time, and its age, fresh or not."""
        ...

    def forget(self, before_ms: int) -> None:
        """Let go of what ended before a time."""
        ...
