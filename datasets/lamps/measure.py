"""What the reader makes of drawn pictures and stories, as counts: answered, right, confusions, red where it was not."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from contract.words import LampState
from datasets.lamps.baseline import hsv_threshold
from datasets.lamps.sequences import SIGNAL, Story
from datasets.lamps.values import Drawn
from edge.lamp.look import look
from edge.lamp.reader import LampReader, LampRegion
from edge.signals.lamp_look import Look
from edge.signals.timeline import LampChange, SignalTimeline

ASKED_AFTER_MS: Final = 500
"""A rule asks what a lamp showed at an instant half a second later at the earliest."""
ASKED_EVERY_MS: Final = 50


@dataclass(frozen=True, slots=True)
class Judged:
    """A picture and what was said of it."""

    drawn: Drawn
    said: Look

    @property
    def answered(self) -> bool:
        """Tell whether anything but unknown was said."""
        return self.said.state is not LampState.UNKNOWN

    @property
    def right(self) -> bool:
        """Tell whether what was said is one of the right answers."""
        return self.said.state in self.drawn.right


@dataclass(slots=True)
class Counts:
    """``owed`` pictures should be answered, ``kept`` of them are; of all that are ``answered`` some are ``right``."""

    owed: int = 0
    kept: int = 0
    answered: int = 0
    right: int = 0

    def add(self, judged: Judged) -> None:
        """Count one picture in."""
        self.owed += judged.drawn.owed
        self.kept += judged.drawn.owed and judged.answered
        self.answered += judged.answered
        self.right += judged.answered and judged.right


@dataclass(frozen=True, slots=True)
class Told:
    """All pictures, as read."""

    judged: tuple[Judged, ...]
    ms_per_look: float

    def counts(self) -> Counts:
        """Return the counts of all."""
        return counted(self.judged)

    def by_condition(self) -> dict[str, Counts]:
        """Return the counts by condition, those of most pictures first."""
        names = Counter(name for judged in self.judged for name in judged.drawn.conditions)
        return {name: counted(j for j in self.judged if name in j.drawn.conditions) for name, _ in names.most_common()}

    def confusions(self) -> dict[str, dict[str, int]]:
        """Return, for what was shown (swapped and hidden lamps apart), how often what was said."""
        pairs = Counter((_name(j.drawn), j.said.state.value) for j in self.judged)
        shown = sorted({name for name, _ in pairs})
        return {name: {said: n for (of, said), n in sorted(pairs.items()) if of == name} for name in shown}

    def red_for(self, state: LampState) -> int:
        """Return how often red was said where another state was shown."""
        return sum(j.said.state is LampState.RED and j.drawn.shown is state for j in self.judged)


def _name(drawn: Drawn) -> str:
    if "channels swapped" in drawn.conditions:
        return f"{drawn.shown.value}, channels swapped"
    return drawn.shown.value if drawn.right != {LampState.UNKNOWN} else f"{drawn.shown.value}, not to be seen"


def counted(judged: Iterable[Judged]) -> Counts:
    """Return the counts."""
    counts = Counts()
    for one in judged:
        counts.add(one)
    return counts


def read_all(pictures: Sequence[Drawn]) -> Told:
    """Read every picture. The time is the processor's, of one thread."""
    began_ns = time.process_time_ns()
    said = [look(drawn.picture_bgr, drawn.lamp_xywh_px, drawn.user) for drawn in pictures]
    spent_ms = (time.process_time_ns() - began_ns) / 1e6
    return Told(tuple(map(Judged, pictures, said)), spent_ms / max(1, len(pictures)))


def read_plainly(pictures: Sequence[Drawn]) -> Told:
    """Read every picture by the baseline."""
    said = [Look(hsv_threshold(drawn.picture_bgr, drawn.lamp_xywh_px), 1.0) for drawn in pictures]
    return Told(tuple(map(Judged, pictures, said)), 0.0)


@dataclass(slots=True)
class Watched:
    """What half a second later was known of every 50 ms of the stories, as (shown, said); and how late red was said."""

    asked: Counter[tuple[LampState, LampState]] = field(default_factory=Counter)
    red_late_ms: list[int] = field(default_factory=list)
    stories: int = 0
    false_red: list[str] = field(default_factory=list)
    """Stories in which red was known where there was none."""

    def red_wrongly(self) -> int:
        """Return how often red was known where something else was shown."""
        return sum(n for (shown, said), n in self.asked.items() if said is LampState.RED and shown is not LampState.RED)

    def end(self, story: Story, said_ms: dict[LampChange, int], *, wrongly: bool) -> None:
        """Count a story that is told: when its changes were said, and whether red was known where there was none."""
        self.stories += 1
        self.red_late_ms += _late(story, said_ms)
        if wrongly:
            self.false_red.append(f"{story.name}, {story.fps} frames a second, chance {story.chance}")


def watch_story(story: Story, watched: Watched) -> None:
    """Read a story's frames and count what is known when it is asked for."""
    reader = LampReader({SIGNAL: LampRegion(story.lamp_xywh_px, story.setting.body.user)})
    timeline = SignalTimeline()
    said_ms: dict[LampChange, int] = {}
    ask_ms, wrong_before = 0, watched.red_wrongly()
    for frame in story.frames():
        for change in reader.read(frame):
            timeline.add(change)
            said_ms.setdefault(change, frame.t_ms)
        while ask_ms + ASKED_AFTER_MS <= frame.t_ms:
            shown, said = (line.shown(SIGNAL, ask_ms).state for line in (story.truth, timeline))
            watched.asked[shown, said] += 1
            ask_ms += ASKED_EVERY_MS
    watched.end(story, said_ms, wrongly=watched.red_wrongly() > wrong_before)


def _late(story: Story, said_ms: dict[LampChange, int]) -> list[int]:
    """Return how late red was said, of a red that follows a green or yellow light."""
    late = []
    for turned_ms in range(ASKED_EVERY_MS, story.end_ms):
        shown = story.truth.shown(SIGNAL, turned_ms)
        before = story.truth.shown(SIGNAL, turned_ms - 1).state
        if shown.state is LampState.RED and shown.since_ms == turned_ms and before is not LampState.UNKNOWN:
            said = [at for change, at in said_ms.items() if change.state is LampState.RED and at >= turned_ms]
            late += [min(said) - turned_ms] if said else []
    return late
