"""From looks at lamps in time order to what each lamp shows: steady, flashing, dark or unknown. Pure.

A state is said late but dated by the capture time at which it began. Red is said as soon as it has been seen for
``RED_MS`` after a green or yellow light (said at most 0.4 s after it began, at 5 frames a second and more), and it ends
with the last sight of it, so that no instant after that is ever red. Where red may be the first half of a flash (after
darkness, after the unknown, or soon after another red), it must have been steady for longer than a flash's half.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from contract.words import LampState
from edge.signals.lamp_look import Look
from edge.signals.lamp_sights import Absence, Sights, shines
from edge.signals.timeline import LampChange

GAP_MS: Final = 700
"""Without a look for longer, nobody knows what was shown meanwhile."""
SURE_MS: Final = 150
"""A colour must have been seen twice, and for so long."""
STEADY_MS: Final = 1200
"""Longer than the lit half of the slowest flash (0.5 Hz)."""
RED_HELD_MS: Final = 300
"""Red outlives its last sight by so much, then it is unknown from that sight on."""
AGAIN_MS: Final = 3000
"""Red that comes back so soon may be a flash, or an alternation."""
VEILED_MS: Final = 600
"""Any other state outlives looks that cannot tell by so much,"""
DARK_MS: Final = 1500
"""and looks without light by so much: longer than the dark half of the slowest flash."""
MISSED_MAX: Final = 0.34
MISSED_MAX_STEADY: Final = 0.2
"""Shares of looks without light in which a light still counts as one that flickers, at first and in the long run."""
FLASHES: Final = {LampState.GREEN: LampState.FLASHING_GREEN, LampState.YELLOW: LampState.FLASHING_YELLOW}
STEADY: Final = frozenset({*FLASHES, *FLASHES.values()})
"""After these red is red at once."""
MANY: Final = 2


Change = tuple[int, LampState]


class LampWatch:
    """Any number of lamps. Looks come in time order; changes of one lamp never go back in time."""

    def __init__(self) -> None:
        self._lamps: dict[str, _Lamp] = {}

    def see(self, t_ms: int, looks: Mapping[str, Look]) -> tuple[LampChange, ...]:
        """Take in what one frame showed of each lamp; return what is known since. The same instant twice is once.

        A change may be dated as the lamp's last one: then it takes its place. Raises ValueError for an instant before
        the last one.
        """
        changes: list[LampChange] = []
        for signal_id, look in looks.items():
            lamp = self._lamps.setdefault(signal_id, _Lamp())
            changes += (LampChange(at_ms, signal_id, state) for at_ms, state in lamp.see(t_ms, look))
        return tuple(changes)


@dataclass(slots=True)
class _Lamp:
    """One lamp: what was seen, what was said of it and as of when."""

    sights: Sights = field(default_factory=Sights)
    said: LampState = LampState.UNKNOWN
    said_ms: int = 0
    last_ms: int | None = None
    red_ms: int = 0
    """The last sight of red."""

    def see(self, t_ms: int, look: Look) -> list[Change]:
        """Take a look in; return what it decides."""
        if self.last_ms is not None and t_ms <= self.last_ms:
            if t_ms == self.last_ms:
                return []
            raise ValueError(f"expected a look at or after {self.last_ms} ms, found one at {t_ms} ms")
        changes = self._after_gap(t_ms)
        self.last_ms = t_ms
        self.red_ms = t_ms if look.state is LampState.RED and shines(look) else self.red_ms
        self.sights.take(t_ms, look)
        if self.said is LampState.RED and t_ms - self.red_ms >= RED_HELD_MS:
            changes += self._say(self.red_ms + 1, LampState.UNKNOWN)
        return changes + (self._lit(t_ms) if self.sights.absence is None else self._unlit(t_ms, self.sights.absence))

    def _after_gap(self, t_ms: int) -> list[Change]:
        if self.last_ms is None or t_ms - self.last_ms <= GAP_MS:
            return []
        former = self.sights.last_ms if self.sights.colour is LampState.RED else self.sights.former_red_ms
        self.sights = Sights(former_red_ms=former)
        return self._say(self.last_ms + 1, LampState.UNKNOWN)

    def _say(self, at_ms: int, state: LampState) -> list[Change]:
        if state is self.said:
            return []
        self.said, self.said_ms = state, max(at_ms, self.said_ms)
        return [(self.said_ms, state)]

    def _lit(self, t_ms: int) -> list[Change]:
        sights, colour = self.sights, self.sights.colour
        if colour is LampState.RED:
            return self._red(t_ms)
        if colour is None:
            return []
        began_ms = _flash_began(sights, t_ms)
        if began_ms is not None and self.said is not FLASHES[colour]:
            return self._after_red(began_ms if self.said is colour else sights.onset_ms, FLASHES[colour])
        if self.said is FLASHES[colour]:
            ended_ms = sights.pauses[-1].until_ms if sights.pauses else sights.onset_ms
            return self._say(ended_ms, colour) if t_ms - ended_ms >= STEADY_MS else []
        return self._after_red(sights.onset_ms, colour) if sights.lasted_ms(t_ms) >= SURE_MS else []

    def _after_red(self, at_ms: int, state: LampState) -> list[Change]:
        """Say another colour. Red ended with its last sight; what lies between is unknown."""
        ended = self._say(self.red_ms + 1, LampState.UNKNOWN) if self.said is LampState.RED else []
        return ended + self._say(at_ms, state)

    def _red(self, t_ms: int) -> list[Change]:
        sights = self.sights
        if self.said is LampState.RED:
            pauses = sights.recent_pauses(t_ms, STEADY_MS)
            flashes = len(pauses) > 1 and sights.missing(pauses[0].from_ms, t_ms) > MISSED_MAX
            return self._say(pauses[0].from_ms, LampState.UNKNOWN) if flashes else []
        first = self.said in STEADY and not (
            sights.former_red_ms is not None and sights.onset_ms - sights.former_red_ms < AGAIN_MS
        )
        if _steady(sights, t_ms, SURE_MS, MISSED_MAX) if first else _steady(sights, t_ms, STEADY_MS, MISSED_MAX_STEADY):
            return self._say(sights.onset_ms, LampState.RED)
        return self._say(sights.onset_ms, LampState.UNKNOWN) if sights.lasted_ms(t_ms) >= SURE_MS else []

    def _unlit(self, t_ms: int, absence: Absence) -> list[Change]:
        if self.said is LampState.DARK:
            dark_ms = self.said_ms if absence.last_dark_ms is None else absence.last_dark_ms
            return self._say(dark_ms + 1, LampState.UNKNOWN) if t_ms - dark_ms >= VEILED_MS else []
        lasted_ms = t_ms - absence.from_ms
        if absence.unclear and lasted_ms >= VEILED_MS:
            self.sights.forget()
            return self._say(absence.from_ms, LampState.UNKNOWN)
        if lasted_ms < DARK_MS:
            return []
        if not absence.is_dark:
            self.sights.forget()
        return self._say(absence.from_ms, LampState.DARK if absence.is_dark else LampState.UNKNOWN)


def _steady(sights: Sights, t_ms: int, needed_ms: int, missed_max: float) -> bool:
    """Tell whether a colour has shone for so long, with no more missing, nor in the seconds before."""
    if sights.lasted_ms(t_ms) < needed_ms or sights.missing(sights.onset_ms, t_ms) > missed_max:
        return False
    return sights.missing(t_ms - AGAIN_MS, t_ms) <= missed_max


def _flash_began(sights: Sights, t_ms: int) -> int | None:
    """Return when the first pause of a flash began: a long pause, or so many short ones that it is no flicker."""
    pauses = sights.recent_pauses(t_ms, STEADY_MS)
    long = [pause.from_ms for pause in pauses if pause.deliberate]
    if long:
        return long[0]
    if len(pauses) > MANY and sights.missing(pauses[0].from_ms, t_ms) > MISSED_MAX:
        return pauses[0].from_ms
    return None
