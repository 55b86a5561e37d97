"""One lamp's looks in time order, boiled down to what a decision needs: what shines since when, and every pause in it.

Everything is in ms of capture time, so that neither the frame rate nor a dropped frame changes a verdict.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from contract.words import LampState
from edge.signals.lamp_look import Doubt, Look

COLOURS: Final = frozenset({LampState.RED, LampState.GREEN, LampState.YELLOW})
RED_SURE_MIN: Final = 0.95
"""A red that is less sure (a red lens in a low sun is) counts as one that cannot be told."""
FLICKER_MS: Final = 250
"""From light to light: after a longer pause, of more than one look, a light has begun anew."""
PAUSE_MIN_MS, PAUSE_MAX_MS = 250, 1500
"""From light to light: a pause of a lamp that flashes with 0.5 to 2 Hz, at 5 frames a second."""
KEPT_MS: Final = 3000


def shines(look: Look) -> bool:
    """Tell whether a look saw a light, sure enough."""
    return look.state in COLOURS and (look.state is not LampState.RED or look.sure >= RED_SURE_MIN)


@dataclass(frozen=True, slots=True)
class Pause:
    """A span without light: from the first look without it to the first with it.

    ``deliberate``: as long as the dark half of a flash, and nothing stood before the lamp.
    """

    from_ms: int
    until_ms: int
    deliberate: bool


@dataclass(slots=True)
class Absence:
    """What was seen since the last light: unlit, hidden, or not to be told."""

    from_ms: int
    dark: int = 0
    veiled: int = 0
    looks: int = 0
    last_dark_ms: int | None = None

    def count(self, t_ms: int, look: Look) -> None:
        """Take a look without light in."""
        self.looks += 1
        if look.state is LampState.DARK:
            self.dark += 1
            self.last_dark_ms = t_ms
        elif look.doubt is not Doubt.HIDDEN:  # an unsure red as well
            self.veiled += 1

    @property
    def unclear(self) -> bool:
        """Tell whether most looks could not tell what the lamp shows: no pause of a flash, no darkness."""
        return 2 * self.veiled > self.looks

    @property
    def is_dark(self) -> bool:
        """Tell whether most looks saw an unlit lamp."""
        return 2 * self.dark > self.looks


@dataclass(slots=True)
class Sights:
    """One lamp's sights. ``colour`` shines since ``onset_ms``, was seen ``seen`` times, last at ``last_ms``."""

    colour: LampState | None = None
    onset_ms: int = 0
    seen: int = 0
    last_ms: int = 0
    absence: Absence | None = None
    pauses: deque[Pause] = field(default_factory=deque)
    """Of the colour that shines, of the last three seconds."""
    former_red_ms: int | None = None
    """The last sight of the red before, which ended."""

    def take(self, t_ms: int, look: Look) -> None:
        """Take a look in."""
        if shines(look):
            self._shine(t_ms, look.state)
            self.absence = None
            return
        if self.absence is None:
            self.absence = Absence(t_ms)
        self.absence.count(t_ms, look)

    def lasted_ms(self, t_ms: int) -> int:
        """Return for how long the colour has shone."""
        return t_ms - self.onset_ms if self.seen > 1 else 0

    def recent_pauses(self, t_ms: int, span_ms: int) -> list[Pause]:
        """Return the pauses that ended within a span."""
        return [pause for pause in self.pauses if pause.until_ms > t_ms - span_ms]

    def missing(self, from_ms: int, t_ms: int) -> float:
        """Return the share of a span, of its last three seconds at most, in which the light was not seen, 0 to 1."""
        from_ms = max(from_ms, t_ms - KEPT_MS)
        missed_ms = sum(pause.until_ms - pause.from_ms for pause in self.pauses if pause.from_ms >= from_ms)
        return missed_ms / max(1, t_ms - from_ms)

    def forget(self) -> None:
        """Forget what shone: what shines next has begun anew."""
        if self.colour is LampState.RED:
            self.former_red_ms = self.last_ms
        self.colour, self.absence = None, None
        self.pauses.clear()

    def _shine(self, t_ms: int, colour: LampState) -> None:
        if colour is not self.colour:
            self._begin(t_ms, colour)
            self.pauses.clear()
        elif self.absence is not None:
            self._resume(t_ms, colour, self.absence)
        while self.pauses and self.pauses[0].until_ms < t_ms - KEPT_MS:
            self.pauses.popleft()
        self.last_ms = t_ms
        self.seen += 1

    def _resume(self, t_ms: int, colour: LampState, absence: Absence) -> None:
        dark_ms = t_ms - self.last_ms
        deliberate = absence.looks > 1 and PAUSE_MIN_MS <= dark_ms <= PAUSE_MAX_MS and not absence.unclear
        self.pauses.append(Pause(absence.from_ms, t_ms, deliberate))
        if absence.looks > 1 and dark_ms > FLICKER_MS and (colour is LampState.RED or not deliberate):
            self._begin(t_ms, colour)

    def _begin(self, t_ms: int, colour: LampState) -> None:
        if self.colour is LampState.RED:
            self.former_red_ms = self.last_ms
        self.colour, self.onset_ms, self.seen = colour, t_ms, 0
