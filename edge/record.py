"""What a verdict rested on, as files of its evidence package: scene, tracks, lamps, and the verdict itself.

What is written is judged again at once, so that ``replayable`` in verdict.json is a fact and no hope.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from contract.evidence import RuleApplied
from contract.fields import EpochMs, Identifier, Message, ShortText
from contract.seal import message_bytes
from edge.history import History
from edge.observations import Observation, Violation
from edge.replay import NamedRules, Verdict, judged_again
from edge.report import Place
from edge.signals.hand_off import HandOff, Switched
from edge.signals.shown import said_over, shown_over
from edge.signals.timeline import LampChange, Said, Signals, SignalTimeline
from edge.trajectories import hand_off_csv, signals_csv, sources_csv, tracks_csv

SCENE, TRACKS, SIGNALS, HAND_OFF, VERDICT = "scene.yaml", "tracks.csv", "signals.csv", "hand_off.csv", "verdict.json"
SOURCES: Final = "sources.csv"
SOURCES_EVERY_MS: Final = 500
LEAD_MS: Final = 10_000
"""So long before the entry a record begins at least; earlier where the accused had been seen earlier."""

RulesOf = Callable[[Signals, HandOff | None], NamedRules]
"""Makes fresh rules of the record's scene for some lamps."""


class VerdictFile(Message):
    """``verdict.json``: what was said, by which rule, from which rows, and whether they give it again.

    Times count from the footage's first frame, as in tracks.csv; ``start_ms`` is that frame's time of day.
    """

    event_id: UUID
    camera_id: Identifier
    start_ms: EpochMs
    violation: Violation
    rule: RuleApplied
    software_version: ShortText
    from_ms: int = Field(description="the first row of tracks.csv")
    said_ms: int = Field(description="the observation at which the rules said it: the last row of tracks.csv")
    at_end: bool = Field(description="said when the source had ended and nothing more was to come")
    replayable: bool
    reason: Annotated[str, Field(max_length=500)] | None = Field(description="why it is not replayable")

    @property
    def verdict(self) -> Verdict:
        """Return what was said and when."""
        return Verdict(self.violation, self.said_ms, self.at_end)


@dataclass(frozen=True, slots=True)
class _Window:
    """The rows and the lamps of a span of time."""

    observations: Sequence[Observation]
    changes: tuple[LampChange, ...]
    switched: tuple[Switched, ...]
    said: tuple[tuple[int, str, Said], ...]

    @property
    def from_ms(self) -> int:
        return self.observations[0].t_ms


@dataclass(slots=True)
class Recorder:
    """One camera's memory: it fills the port ``Memory`` of edge.watch.

    ``behind_ms``: the rules ask of nothing later than so long before the last observation, and what the lamps showed
    since may not be settled yet.
    """

    place: Place
    scene_yaml: bytes
    signal_ids: tuple[str, ...]
    signals: Signals
    hand_off: HandOff | None
    rules_of: RulesOf
    history: History = field(default_factory=History)
    behind_ms: int = 0

    def observed(self, observation: Observation) -> None:
        """Remember one instant."""
        self.history.add(observation)

    def record(self, violation: Violation, *, at_end: bool) -> Mapping[str, bytes]:
        """Return the files by their names, at the moment at which the verdict is said."""
        verdict = Verdict(violation, self.history.last_ms, at_end)
        window, reason = self._shortest_that_replays(verdict)
        files = {
            SCENE: self.scene_yaml,
            TRACKS: tracks_csv(window.observations).encode(),
            SIGNALS: signals_csv(window.changes, window.from_ms).encode(),
            SOURCES: sources_csv(window.said).encode(),
            VERDICT: message_bytes(self._verdict_file(verdict, window.from_ms, reason)),
        }
        return files | ({HAND_OFF: hand_off_csv(window.switched, window.from_ms).encode()} if window.switched else {})

    def _shortest_that_replays(self, verdict: Verdict) -> tuple[_Window, str | None]:
        """Return the act with some seconds before it, or all that is remembered where the rules looked further back."""
        violation, history = verdict.violation, self.history
        lead_ms = violation.entered_ms - LEAD_MS
        seen_ms = history.first_ms(violation.track_id)
        for from_ms in (min(lead_ms, lead_ms if seen_ms is None else seen_ms), history.since()[0].t_ms):
            window = self._window(from_ms, 0 if verdict.at_end else self.behind_ms)
            if self._gives(window, verdict):
                return window, None
        if history.reaches(violation.entered_ms):
            return window, "judging these rows again does not give the verdict: the rules looked further back"
        return window, f"the act began at {violation.entered_ms} ms, what is remembered at {window.from_ms} ms"

    def _window(self, from_ms: int, behind_ms: int) -> _Window:
        observations = self.history.since(from_ms)
        first_ms, last_ms = observations[0].t_ms, observations[-1].t_ms
        settled_ms = max(first_ms, last_ms - behind_ms)
        return _Window(
            observations,
            shown_over(self.signals, self.signal_ids, first_ms, settled_ms),
            () if self.hand_off is None else self.hand_off.over(first_ms, last_ms),
            tuple(said_over(self.signals, self.signal_ids, first_ms, settled_ms, SOURCES_EVERY_MS)),
        )

    def _gives(self, window: _Window, verdict: Verdict) -> bool:
        hand_off = HandOff(window.switched) if window.switched else None
        rules = self.rules_of(SignalTimeline(window.changes), hand_off)
        return verdict in judged_again(rules, window.observations).verdicts

    def _verdict_file(self, verdict: Verdict, from_ms: int, reason: str | None) -> VerdictFile:
        place = self.place
        return VerdictFile(
            event_id=place.event_id(verdict.violation),
            camera_id=place.camera_id,
            start_ms=place.start_ms,
            violation=verdict.violation,
            rule=place.rules[verdict.violation.kind],
            software_version=place.software_version,
            from_ms=from_ms,
            said_ms=verdict.said_ms,
            at_end=verdict.at_end,
            replayable=reason is None,
            reason=reason,
        )
