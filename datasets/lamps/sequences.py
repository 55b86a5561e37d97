"""Some seconds of one lamp, frame by frame, with the truth of what it shows.

Changes, flashing, flicker, a bus before it, dropped frames; at 5 to 30 frames a second.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from contract.words import LampState
from datasets.lamps.backgrounds import Backgrounds
from datasets.lamps.exposing import expose
from datasets.lamps.pictures import photograph
from datasets.lamps.setting import Random, Setting, drawn_by_hand, set_up
from datasets.lamps.values import LIT, Cover, Flicker, Kind
from edge.pipeline import Frame
from edge.signals.timeline import LampChange, SignalTimeline

SIGNAL: Final = "lamp"
RATES_FPS: Final = (5, 8, 10, 15, 25, 30)
PROGRAMMES: Final = (
    "green, flashing, red",
    "red, green",
    "green, yellow, red",
    "flashing yellow",
    "flashing red",
    "goes dark",
    "covered",
)
FLASHING: Final = {LampState.FLASHING_GREEN: LampState.GREEN, LampState.FLASHING_YELLOW: LampState.YELLOW}
DROPPED_MAX, DARK_FRAMES_MAX = 0.15, 0.06


@dataclass(frozen=True, slots=True)
class Story:
    """One lamp over time. A red that flashes is, in truth, unknown: it tells nobody to stop for good."""

    name: str
    fps: int
    setting: Setting
    truth: SignalTimeline
    end_ms: int
    flash_ms: int
    flashing_red: bool
    covered_ms: tuple[int, int] | None
    lamp_xywh_px: tuple[float, float, float, float]
    chance: int

    def frames(self) -> Iterator[Frame]:
        """Yield the frames that are not dropped."""
        random = np.random.default_rng(self.chance)
        dropped, dark = random.uniform(0, DROPPED_MAX), random.choice([0, 0, 1]) * random.uniform(0, DARK_FRAMES_MAX)
        for number in range(round(self.end_ms * self.fps / 1000)):
            t_ms = round(number * 1000 / self.fps)
            if random.random() < dropped:
                continue
            state = self.shining(t_ms)
            if state in LIT and random.random() < dark:
                state = LampState.DARK  # an exposure between two pulses
            setting = self._setting(t_ms)
            yield Frame(t_ms, expose(setting, state, _dimmer(random), random).picture(setting))

    def shining(self, t_ms: int) -> LampState:
        """Return which colour is lit at a time, dark in the dark half of a flash."""
        shown = self.truth.shown(SIGNAL, t_ms)
        state = LampState.RED if self.flashing_red else FLASHING.get(shown.state, shown.state)
        if state is LampState.UNKNOWN:  # covered: what it shows goes on behind
            state = LampState.RED
        flashes = self.flashing_red or shown.state in FLASHING
        on = (t_ms - (shown.since_ms or 0)) % self.flash_ms < self.flash_ms / 2
        return state if on or not flashes else LampState.DARK

    def _setting(self, t_ms: int) -> Setting:
        if self.covered_ms is None or not self.covered_ms[0] <= t_ms < self.covered_ms[1]:
            return self.setting
        hidden = replace(self.setting, mask=np.ones_like(self.setting.mask), cover=Cover.VEHICLE)
        return replace(hidden, unlit=np.ascontiguousarray(self.setting.behind[::-1, ::-1]))


def _dimmer(random: Random) -> Flicker:
    return Flicker(float(random.uniform(0.6, 1)) if random.random() < 0.2 else 1.0)


def tell_story(backgrounds: Backgrounds, chance: int, name: str) -> Story:
    """Return a story by chance, of a lamp that is well to be seen."""
    random = np.random.default_rng(chance)
    wanted = {"green, yellow, red": {Kind.VEHICLE_3}, "flashing yellow": {Kind.VEHICLE_3}}.get(name, set(Kind))
    while True:
        setting = set_up(backgrounds, random, cover=Cover.NOTHING, swapped=False)
        lit = LampState.YELLOW if "yellow" in name else LampState.GREEN
        if setting.body.kind in wanted and all(
            photograph(setting, state, Flicker(), random).owed for state in (lit, LampState.RED)
        ):
            break
    changes = _programme(name, random)
    covered = None
    if name == "covered":
        begin = int(random.integers(2000, 3000))
        covered = (begin, begin + int(random.integers(1200, 4000)))
        changes = [(0, LampState.RED), (covered[0], LampState.UNKNOWN), (covered[1], LampState.RED)]
    return Story(
        name=name,
        fps=int(random.choice(RATES_FPS)),
        setting=setting,
        truth=SignalTimeline(LampChange(t_ms, SIGNAL, state) for t_ms, state in changes),
        end_ms=changes[-1][0] + 4000,
        flash_ms=round(1000 / float(random.uniform(0.5, 2.0))),
        flashing_red=name == "flashing red",
        covered_ms=covered,
        lamp_xywh_px=drawn_by_hand(setting, random),
        chance=int(random.integers(2**31)),
    )


def _programme(name: str, random: Random) -> list[tuple[int, LampState]]:
    """Return (begin in ms, state), each stretch 2.5 to 5 s long."""
    states = {
        "green, flashing, red": (LampState.GREEN, LampState.FLASHING_GREEN, LampState.RED),
        "red, green": (LampState.RED, LampState.GREEN),
        "green, yellow, red": (LampState.GREEN, LampState.YELLOW, LampState.RED),
        "flashing yellow": (LampState.FLASHING_YELLOW,),
        "flashing red": (LampState.UNKNOWN,),
        "goes dark": (LampState.RED, LampState.DARK),
    }.get(name, (LampState.RED,))
    starts = np.cumsum([0, *random.integers(2500, 5000, len(states) - 1)])
    return [(int(start), state) for start, state in zip(starts, states, strict=True)]
