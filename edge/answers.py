"""What the box says of the hand-off switch: at once when it has taken a word, and again every minute.

The officer who has set the switch sees by it that the box knows; until then it may still accuse.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from contract.hand_off import HandOffHeld
from edge.hand_offs import HandOffs

EVERY_S: Final = 60.0
LOOK_S: Final = 0.5


@dataclass(slots=True)
class Answers:
    """The answers of one box. ``send`` returns whether it could be sent; what could not is tried again."""

    device_id: str
    sites: frozenset[str]
    hand_offs: HandOffs
    now_ms: Callable[[], int]
    send: Callable[[HandOffHeld], bool]
    now_s: Callable[[], float] = time.monotonic
    _told: dict[str, tuple[float, int, bool]] = field(default_factory=dict)
    _looked_s: float = -LOOK_S

    def pump(self) -> None:
        """Say what is due."""
        now_s = self.now_s()
        if now_s - self._looked_s < LOOK_S:
            return
        self._looked_s = now_s
        for site_id in sorted(self.sites):
            held = self.held(site_id)
            told = self._told.get(site_id)
            due = told is None or now_s - told[0] >= EVERY_S or told[1:] != (held.sequence, held.is_set)
            if due and self.send(held):
                self._told[site_id] = (now_s, held.sequence, held.is_set)

    def held(self, site_id: str) -> HandOffHeld:
        """Return what the box holds of a site now; a switch whose time is over is released."""
        words, now_ms = self.hand_offs.words(site_id), self.now_ms()
        last = words[-1] if words else None
        is_set = last is not None and last.is_set and (last.until_ms is None or now_ms < last.until_ms)
        sequence = 0 if last is None else last.sequence
        return HandOffHeld(
            device_id=self.device_id, site_id=site_id, sequence=sequence, is_set=is_set, said_at_ms=now_ms
        )
