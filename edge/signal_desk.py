"""One camera's signals: every source that is configured, opened, read and brought together."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from contract.messages import SignalHealth
from contract.words import LampSource
from edge.lamp_sources.inbox import Inbox
from edge.lamp_sources.link import Link
from edge.observations import Judged, Observation
from edge.pipeline import Frame, LampPort, Rules
from edge.signals.fusion import FusedSignals
from edge.signals.reading import Reading, Why

HEALTH_MAX: Final = 64


@dataclass(slots=True)
class SignalDesk:
    """The signals of one watch and who speaks of them.

    The thread that judges reads lamps, settles and asks; another may ask for the counts meanwhile.
    """

    signals: FusedSignals
    inbox: Inbox = field(default_factory=Inbox)
    lamps: LampPort | None = None
    links: dict[str, Link] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Begin to listen. Raises PartMissingError, InputProblemError."""
        for link in self.links.values():
            link.start()

    def stop(self) -> None:
        """Listen no more."""
        for link in self.links.values():
            link.stop()

    def read_lamps(self, frame: Frame) -> None:
        """Look at the lamps in a frame; what did not change is confirmed by the look."""
        if self.lamps is None:
            return
        changes = self.lamps.read(frame)
        with self._lock:
            self.signals.hear(Reading(LampSource.LAMP, c.signal_id, c.t_ms, frame.t_ms, c.state) for c in changes)
            self.signals.confirm(LampSource.LAMP, frame.t_ms)

    def settle(self, t_ms: int) -> None:
        """Hear what has come, and decide everything up to an instant."""
        with self._lock:
            self.signals.hear(self.inbox.take())
            self.signals.settle(t_ms)

    def health(self) -> tuple[SignalHealth, ...]:
        """Return, signal by signal, for how long nobody knew, and why: for the heartbeat."""
        with self._lock:
            tallies = list(self.signals.tallies().items())[:HEALTH_MAX]
        return tuple(
            SignalHealth(
                signal_id=signal_id,
                known_s=tally.known_ms // 1000,
                silent_s=tally.unknown_ms[Why.SILENT] // 1000,
                stale_s=tally.unknown_ms[Why.STALE] // 1000,
                unsure_s=tally.unknown_ms[Why.UNSURE] // 1000,
                disagreeing_s=tally.unknown_ms[Why.DISAGREE] // 1000,
                disagreements=tally.disagreements,
            )
            for signal_id, tally in tallies
        )


@dataclass(frozen=True, slots=True)
class SettledRules:
    """The rules, asked only about what is settled: nothing that is heard later changes what they saw.

    The rules judge an instant ``behind_ms`` after it; until then a lamp may still be told of, dated when it changed.
    """

    rules: Rules
    settle: Callable[[int], None]
    behind_ms: int = 0
    _last: list[int] = field(default_factory=list)

    def observe(self, observation: Observation) -> Judged:
        """Settle the instants that are judged now, then judge them."""
        self._last[:] = [observation.t_ms]
        self.settle(observation.t_ms - self.behind_ms)
        return self.rules.observe(observation)

    def finish(self) -> Judged:
        """Settle what is left, and close every open passage."""
        for t_ms in self._last:
            self.settle(t_ms)
        return self.rules.finish()
