"""One camera's lamps: each frame is looked at, and what the lamps show is told as it becomes known.

Whoever fuses sources takes ``read`` frame by frame (frames in time order; a change comes later than it is dated, see
edge/signals/lamp.py) and ``health`` for the heartbeat.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from calibration.scene import Signal
from contract.words import LampState
from edge.lamp.look import look
from edge.lamp.places import User
from edge.pipeline import Frame
from edge.signals.lamp import LampWatch
from edge.signals.lamp_look import Doubt, Look
from edge.signals.timeline import LampChange

ALARM_SHARE: Final = 0.05
"""Exchanged channels are told from so many looks on: a lamp that is read well never looks so for long."""
ALARM_LOOKS_MIN: Final = 50


@dataclass(frozen=True, slots=True)
class LampRegion:
    """Where a lamp stands in the picture (x, y, width, height in pixels), and for whom it is."""

    xywh_px: tuple[float, float, float, float]
    user: User


@dataclass(frozen=True, slots=True)
class LampHealth:
    """How a lamp was read so far: looks, how many of them said nothing, and why."""

    looks: int
    unknown: int
    doubts: Mapping[Doubt, int]

    @property
    def unknown_share(self) -> float:
        """Return the share of looks that said nothing, 0 where there was none."""
        return self.unknown / self.looks if self.looks else 0.0

    @property
    def channels_exchanged(self) -> bool:
        """Tell whether the camera seems to give red for blue: nothing of it may be believed until that is mended."""
        swapped = self.doubts.get(Doubt.CHANNEL_ORDER, 0)
        return self.looks >= ALARM_LOOKS_MIN and swapped >= ALARM_SHARE * self.looks


@dataclass(slots=True)
class _Tally:
    looks: int = 0
    unknown: int = 0
    doubts: Counter[Doubt] = field(default_factory=Counter)


class LampReader:
    """Reads the lamps of one camera."""

    def __init__(self, lamps: Mapping[str, LampRegion]) -> None:
        self._lamps = dict(lamps)
        self._watch = LampWatch()
        self._tallies = {signal_id: _Tally() for signal_id in self._lamps}

    def read(self, frame: Frame) -> tuple[LampChange, ...]:
        """Look at every lamp in a frame; return what is known since. Raises ValueError where time goes back."""
        looks = {key: look(frame.picture_bgr, lamp.xywh_px, lamp.user) for key, lamp in self._lamps.items()}
        for signal_id, seen in looks.items():
            _count(self._tallies[signal_id], seen)
        return self._watch.see(frame.t_ms, looks)

    def health(self) -> dict[str, LampHealth]:
        """Return how each lamp was read since the reader began."""
        return {key: LampHealth(t.looks, t.unknown, dict(t.doubts)) for key, t in self._tallies.items()}


def lamps_of(signals: Iterable[Signal]) -> dict[str, LampRegion]:
    """Return the lamps that a scene has drawn."""
    return {s.id: LampRegion(s.lamp_xywh_px, s.user) for s in signals if s.lamp_xywh_px is not None}


def _count(tally: _Tally, seen: Look) -> None:
    tally.looks += 1
    if seen.state is LampState.UNKNOWN:
        tally.unknown += 1
    if seen.doubt is not None:
        tally.doubts[seen.doubt] += 1
