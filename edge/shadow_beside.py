"""The shadow's thread: it judges beside the live rules, and nothing that happens in it reaches them.

What is judged live is handed on when it has been said. A shadow that is slow misses instants, one that fails is begun
anew; both are told, and written as gaps in which nothing is compared.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from edge.observations import Judged, Observation
from edge.pipeline import Rules
from edge.shadow import Line, MissedLine, lines_of

WAITING_MAX: Final = 512
"""Instants that wait for the shadow: most of a minute at 10 a second, and a few megabytes."""
FAILURES_MAX: Final = 10
"""After so many failures it is given up: it would fail at every instant."""
UNSAID_MAX: Final = 500
"""Of what was said live while nothing could be handed on, so much is kept: a hung shadow must not fill the memory."""
END_S: Final = 10.0
NO_END_MS: Final = 2**53 - 1

Tell = Callable[[int, Line], None]
"""Takes the time (ms) at which something was said, and the line about it."""


@dataclass(frozen=True, slots=True)
class _Instant:
    """What was seen (None: nothing more will be), what was said of it live, and what could not be handed on before."""

    t_ms: int
    observation: Observation | None
    live: Judged
    missed: MissedLine | None


@dataclass(slots=True)
class Shadow:
    """The thread's side: judges what it is handed, and writes what both sides said."""

    anew: Callable[[], Rules]
    tell: Tell
    trouble: Callable[[str], None]
    failures: int = 0
    _rules: Rules | None = None
    _gap: MissedLine | None = None

    def run(self, waiting: "queue.Queue[_Instant]") -> None:
        """Judge until nothing more comes."""
        while True:
            instant = waiting.get()
            try:
                self._take(instant)
            except Exception as error:
                # The one place where all is caught: a rule set on trial may fail in any way, and so may its file's
                # disk. The live verdicts must not even know.
                self._failed(instant.t_ms, error)
            if instant.observation is None:
                return

    def _take(self, instant: _Instant) -> None:
        self._gap = _merged(self._gap, instant.missed)
        if self._gap is not None:
            self.tell(instant.t_ms, self._gap)
            self._gap = None
        for line in lines_of("live", instant.live):
            self.tell(instant.t_ms, line)
        if self.failures < FAILURES_MAX:
            for line in lines_of("shadow", self._judged(instant.observation)):
                self.tell(instant.t_ms, line)

    def _judged(self, observation: Observation | None) -> Judged:
        if self._rules is None:
            self._rules = self.anew()
        return self._rules.finish() if observation is None else self._rules.observe(observation)

    def _failed(self, t_ms: int, error: Exception) -> None:
        self.failures += 1
        self._rules = None  # what it remembers may be half done
        over = self.failures == FAILURES_MAX
        why = f"failed: {type(error).__name__}: {error}"[:500] + ("; given up" if over else "")
        gap = MissedLine(from_ms=t_ms, to_ms=NO_END_MS if over else t_ms, observations=1, why=why)
        self._gap = _merged(self._gap, gap)
        if self.failures <= FAILURES_MAX:  # a disk that stays full is not told a million times
            self.trouble(f"the shadow {why} (at {t_ms} ms, {self.failures} times)")


@dataclass(slots=True)
class ShadowedRules:
    """The live rules as the pipeline asks them, with a shadow beside them: it fills the port ``Rules``."""

    live: Rules
    shadow: Shadow
    waiting_max: int = WAITING_MAX
    _waiting: "queue.Queue[_Instant]" = field(init=False)
    _thread: threading.Thread = field(init=False)
    _missed: MissedLine | None = None
    _unsaid: Judged = field(default_factory=Judged)
    _last_ms: int = 0

    def __post_init__(self) -> None:
        self._waiting = queue.Queue(self.waiting_max)
        self._thread = threading.Thread(target=self.shadow.run, args=(self._waiting,), name="shadow", daemon=True)
        self._thread.start()  # a daemon: one that hangs does not keep the process

    def observe(self, observation: Observation) -> Judged:
        """Judge live, then hand the instant to the shadow, if it has room for it."""
        judged, self._last_ms = self.live.observe(observation), observation.t_ms
        self._unsaid = _joined(self._unsaid, judged)
        try:
            self._waiting.put_nowait(_Instant(observation.t_ms, observation, self._unsaid, self._missed))
            self._missed, self._unsaid = None, Judged()
        except queue.Full:
            if self._missed is None:
                self.shadow.trouble(f"the shadow is too slow (at {observation.t_ms} ms); it misses instants")
            self._miss(observation.t_ms)
        return judged

    def _miss(self, t_ms: int) -> None:
        """Count an instant as missed; of what was said live in a long gap the newest is kept for the file."""
        said = self._unsaid
        self._unsaid = Judged(said.violations[-UNSAID_MAX:], said.passages[-UNSAID_MAX:])
        lost = sum(max(0, len(part) - UNSAID_MAX) for part in (said.violations, said.passages))
        gap = MissedLine(from_ms=t_ms, to_ms=t_ms, observations=1, live_lost=lost, why="too slow")
        self._missed = _merged(self._missed, gap)

    def finish(self) -> Judged:
        """Close what is open live, and give the shadow some seconds to do the same."""
        judged = self.live.finish()
        try:
            last = _Instant(self._last_ms, None, _joined(self._unsaid, judged), self._missed)
            self._waiting.put(last, timeout=END_S)
            self._thread.join(END_S)
        except queue.Full:
            pass
        if self._thread.is_alive():
            self.shadow.trouble("the shadow was too slow to finish: its file lacks the end")
        return judged


def _joined(before: Judged, after: Judged) -> Judged:
    """Return what was said together; yields and what is foreseen are no verdicts."""
    return Judged(before.violations + after.violations, before.passages + after.passages)


def _merged(first: MissedLine | None, second: MissedLine | None) -> MissedLine | None:
    """Return one gap for two; what lies between them counts as missed."""
    if first is None or second is None:
        return first or second
    return MissedLine(
        from_ms=min(first.from_ms, second.from_ms),
        to_ms=max(first.to_ms, second.to_ms),
        observations=first.observations + second.observations,
        live_lost=first.live_lost + second.live_lost,
        why=first.why if first.why == second.why else f"{first.why}; {second.why}"[:1000],
    )
