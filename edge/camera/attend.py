"""Looks after one camera: measures its picture twice a second, and says whether what it showed may accuse anybody."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from contract.words import CameraState
from edge.camera.health import DISPLACED_MIN, Health, Looks
from edge.camera.looks import Grey, Reference, lies_where, look, reference_of, small_grey
from edge.camera.memory import Memory
from edge.pipeline import Frame

EVERY_MS: Final = 500
LEARN_PICTURES: Final = 6
"""The reference is the median of so many pictures: whoever walks through is not in it."""
REFRESH_MS: Final = 60_000
REFRESH_AT_HOME: Final = 0.7
REFRESH_SHARE: Final = 0.2
SPANS_KEPT: Final = 100


@dataclass(slots=True)
class Attendant:
    """One camera's attendant. Its memory is None where nothing is to be remembered."""

    memory: Memory | None = None
    health: Health = field(default_factory=Health)
    changed: Callable[[int, CameraState], None] = lambda _t_ms, _state: None
    """Told whenever the camera's state is another."""
    _first: Reference | None = None
    """As it was calibrated: the camera sags by less than anyone sees, and in a month by a metre."""
    _reference: Reference | None = None
    """As it looked last: it follows the light, the seasons and the trees."""
    _learning: deque[Grey] = field(default_factory=lambda: deque(maxlen=LEARN_PICTURES))
    _last: Grey | None = None
    _last_ms: int = 0
    _next_ms: int = 0
    _refresh_ms: int = 0
    _unsound: deque[tuple[int, int | None]] = field(default_factory=lambda: deque(maxlen=SPANS_KEPT))

    @classmethod
    def recall(cls, memory: Memory) -> "Attendant":
        """Return an attendant with what the last run of the same scene has left."""
        attendant = cls(memory)
        known = memory.read()
        if known is not None:
            attendant._first, attendant._reference = reference_of(known.first), reference_of(known.last)
            if known.moved:
                attendant.health.recall_moved()
                attendant._unsound.append((0, None))
        return attendant

    def attend(self, frame: Frame) -> None:
        """Take a frame in; one is looked at twice a second."""
        if frame.t_ms >= self._next_ms:
            self._next_ms = frame.t_ms + EVERY_MS
            self._look(frame)

    def sound(self, from_ms: int, to_ms: int) -> bool:
        """Tell whether what the camera showed in that span of time may accuse anybody."""
        return not any(begin <= to_ms and (end is None or from_ms <= end) for begin, end in self._unsound)

    def _look(self, frame: Frame) -> None:
        small = small_grey(frame.picture_bgr)
        looks = look(small, self._last, self._reference)
        was, had_moved = self.health.state, self.health.moved
        self.health.see(frame.t_ms, looks)
        if self.health.state is not was:
            self.changed(frame.t_ms, self.health.state)
        self._note(frame.t_ms)
        self._last, self._last_ms = small, frame.t_ms
        if self.health.sound:
            self._learn(small, looks, frame.t_ms)
        if self.health.moved and not had_moved:
            self._remember()

    def _note(self, t_ms: int) -> None:
        """Keep the spans in which the camera was not to be believed; a fault began after the last good look."""
        open_span = bool(self._unsound) and self._unsound[-1][1] is None
        if not self.health.sound and not open_span:
            self._unsound.append((self._last_ms, None))
        elif self.health.sound and open_span:
            begin, _ = self._unsound.pop()
            self._unsound.append((begin, t_ms))

    def _learn(self, small: Grey, looks: Looks, t_ms: int) -> None:
        if self._reference is None:
            self._learn_first(small)
        elif t_ms >= self._refresh_ms and looks.at_home >= REFRESH_AT_HOME:
            self._refresh_ms = t_ms + REFRESH_MS
            self._follow(self._reference, small)

    def _learn_first(self, small: Grey) -> None:
        """Wait for a picture that later ones can be compared with: in fog or behind a bag there is none."""
        self._learning.append(small)
        if len(self._learning) < LEARN_PICTURES:
            return
        learnt = reference_of(np.median(self._learning, axis=0).astype(np.float32))
        if learnt.good:
            self._first = self._reference = learnt
            self._learning.clear()
            self._remember()

    def _follow(self, reference: Reference, small: Grey) -> None:
        blended = np.asarray(reference.small + REFRESH_SHARE * (small - reference.small), dtype=np.float32)
        self._reference = reference_of(blended)
        if self._first is not None:
            lies = lies_where(self._reference.edges, self._first)
            self.health.moved |= lies.displaced >= DISPLACED_MIN and lies.displaced > lies.at_home
        self._remember()

    def _remember(self) -> None:
        if self.memory is not None and self._first is not None and self._reference is not None:
            self.memory.write(self._first.small, self._reference.small, moved=self.health.moved)
