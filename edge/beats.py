"""Heartbeats: how each camera of a box is, every few seconds, and at once when its state has changed.

A camera whose process says nothing any more is ``lost``, whatever it said last.
"""

import itertools
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from contract.box import DiskUse, Dropped
from contract.evidence import ClockProof
from contract.messages import Heartbeat, SignalHealth
from contract.words import CameraState
from edge.outbox import Outbox
from edge.outbox_values import Counts, Progress

EVERY_S: Final = 5.0
LOOK_S: Final = 0.5
SILENT_MS: Final = 10_000
"""A camera's process leaves word every second."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the box knows of itself and of one camera besides what the camera's process says."""

    software_version: str | None = None
    uptime_s: int | None = None
    restarts: int | None = None
    prompts_unsent: int = 0
    clock: ClockProof | None = None
    disk: DiskUse | None = None
    temperature_c: float | None = None


@dataclass(slots=True)
class Beats:
    """The heartbeats of one box. ``sites`` gives the site of each camera, ``facts`` what else is known of it.

    ``start`` numbers the box's starts: the centre goes by it and by a running number, since a clock may be set back.
    """

    device_id: str
    sites: Mapping[str, str]
    outbox: Outbox
    now_ms: Callable[[], int]
    send: Callable[[Heartbeat], None]
    facts: Callable[[str], Facts] = lambda _camera_id: Facts()
    now_s: Callable[[], float] = time.monotonic
    start: int | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _told: dict[str, CameraState] = field(default_factory=dict)
    _told_s: dict[str, float] = field(default_factory=dict)
    _looked_s: float = 0.0

    def pump(self, ended: Collection[str]) -> None:
        """Send what is due. ``ended`` are the cameras whose footage is over: their last word stands."""
        now_s = self.now_s()
        if now_s - self._looked_s < LOOK_S:
            return
        self._looked_s = now_s
        for camera_id, progress in self.outbox.progress().items():
            state, _ = self._state(progress, over=camera_id in ended)
            due = now_s - self._told_s.get(camera_id, -EVERY_S) >= EVERY_S
            if camera_id in self.sites and (due or state is not self._told.get(camera_id)):
                self._beat(camera_id, progress, self.outbox.counts(), over=camera_id in ended)

    def last(self, ended: Collection[str]) -> None:
        """Say everything once more before the box ends."""
        for heartbeat in self.current(ended):
            self.send(heartbeat)

    def current(self, ended: Collection[str]) -> list[Heartbeat]:
        """Return what would be said now of every camera."""
        counts = self.outbox.counts()
        return [
            self._heartbeat(camera_id, progress, counts, over=camera_id in ended)
            for camera_id, progress in self.outbox.progress().items()
            if camera_id in self.sites
        ]

    def _beat(self, camera_id: str, progress: Progress, counts: Counts, *, over: bool) -> None:
        heartbeat = self._heartbeat(camera_id, progress, counts, over=over)
        self._told[camera_id], self._told_s[camera_id] = heartbeat.camera_state, self.now_s()
        self.send(heartbeat)

    def _heartbeat(self, camera_id: str, progress: Progress, counts: Counts, *, over: bool) -> Heartbeat:
        state, since_ms = self._state(progress, over=over)
        now_ms, facts, oldest_ms = self.now_ms(), self.facts(camera_id), self.outbox.oldest_waiting_ms()
        lost = Dropped.model_validate(progress.lost)
        return Heartbeat(
            device_id=self.device_id,
            site_id=self.sites[camera_id],
            camera_id=camera_id,
            sent_at_ms=now_ms,
            frames_processed=progress.frames,
            frames_dropped=progress.dropped,
            reconnections=progress.reconnections,
            camera_state=state,
            camera_state_since_ms=since_ms,
            frames_per_second=round(progress.frames_per_second, 2),
            events_waiting=counts.waiting,
            files_waiting=counts.files_waiting,
            events_refused=counts.refused,
            files_stuck=counts.files_stuck,
            signals=tuple(SignalHealth.model_validate(signal) for signal in progress.signals),
            software_version=facts.software_version,
            uptime_s=facts.uptime_s,
            restarts=facts.restarts,
            oldest_waiting_ms=None if oldest_ms is None else max(0, now_ms - oldest_ms),
            dropped=lost.model_copy(update={"prompts": lost.prompts + facts.prompts_unsent}),
            clock=facts.clock,
            disk=facts.disk,
            temperature_c=facts.temperature_c,
            start=self.start,
            number=None if self.start is None else next(self._numbers),
        )

    def _state(self, progress: Progress, *, over: bool) -> tuple[CameraState, int]:
        if not over and self.now_ms() - progress.noted_at_ms > SILENT_MS:
            return CameraState.LOST, progress.noted_at_ms
        return CameraState(progress.state), progress.state_since_ms
