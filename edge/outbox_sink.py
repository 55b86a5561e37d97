"""What one camera's process leaves in the outbox: events and passage counts."""

import sqlite3
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from contract import topics
from contract.evidence import ClockProof
from contract.seal import seal
from edge.camera_progress import Arrival
from edge.chain import Link
from edge.clock import Instant
from edge.errors import InputProblemError
from edge.evidence.package import Package, discard
from edge.evidence.sealing import Closed, Seal, close, left_open, reopen, seal_package
from edge.full_disk import disk_full
from edge.observations import Observation, Passage, Violation, Yielding
from edge.outbox import Outbox
from edge.outbox_values import Sealed
from edge.report import Place, act_reported, passage_counts, violation_reported
from edge.signals.timeline import Signals

log = structlog.get_logger()

NowMs = Callable[[], int]
CLOSED_MAX: Final = 1000
"""Closed packages that wait for room in the outbox; what is beyond is put in at the next start (``recover``)."""


@dataclass(slots=True)
class OutboxSink:
    """Puts what a watch sees into the outbox, sealed with the device's key.

    ``clock_at`` says how far the clock could be believed at an instant (``edge.clock.Clock.proof_at``).
    """

    place: Place
    signals: Signals
    outbox: Outbox
    by: Seal
    clock_at: Callable[[Instant, float | None], ClockProof]
    arrival: Callable[[int], Arrival]
    now_ms: NowMs
    prompt: Callable[[Violation], None] = lambda _violation: None
    not_kept: int = 0
    """Acts of which nothing was kept, since the disk was full."""
    counts_lost: int = 0
    """Passages and meetings that could not be counted, since the disk was full."""
    _closed: deque[Closed] = field(default_factory=lambda: deque(maxlen=CLOSED_MAX))

    def observed(self, observation: Observation) -> None:
        """Keep nothing: the box sends no tracks."""

    def confirmed(self, violation: Violation) -> None:
        """Prompt at the crossing, at once."""
        self.prompt(violation)

    def violated(self, violation: Violation, package: Package) -> None:
        """Close the package and store the event; one that is in the outbox already keeps the package it has."""
        place, event_id = self.place, str(self.place.event_id(violation))
        if package.not_kept is not None:
            self._lost(violation, package.not_kept)
            return
        if self.outbox.knows(event_id):
            discard(package)
            log.info("violation.known", event_id=event_id)
            return
        said = () if violation.signal_id is None else self.signals.said(violation.signal_id, violation.entered_ms)
        arrival, source = self.arrival(violation.confirmed_ms), package.clock_source
        clock = self.clock_at(arrival.seen, arrival.camera_offset_ms if source == "stream" else None)
        act = act_reported(place, violation, said, source, clock, arrival.seen.wall_ms)
        try:
            self._closed.append(close(package, act))
        except OSError as error:
            if not disk_full(error):
                raise
            discard(package)
            self._lost(violation, str(error))
            return
        self.put_late()
        log.info("violation.seen", event_id=event_id, kind=violation.kind.value, track=violation.track_id)

    def _lost(self, violation: Violation, why: str) -> None:
        """Count an act of which nothing could be kept, and say which."""
        self.not_kept += 1
        place = self.place
        log.error(
            "violation.not_kept",
            event_id=str(place.event_id(violation)),
            entered_at_ms=place.start_ms + violation.entered_ms,
            kind=violation.kind.value,
            why=why,
            not_kept=self.not_kept,
        )

    def put_late(self) -> None:
        """Put in what is closed, in its order; on a full disk it stays closed, and the next act or start brings it."""
        while self._closed:
            try:
                put_closed(self.outbox, self._closed[0], self.by, self.now_ms())
            except (OSError, sqlite3.OperationalError) as error:
                if not disk_full(error):
                    raise
                log.error("violation.waits_for_room", waiting=len(self._closed), why=str(error))
                return
            self._closed.popleft()

    def passed(self, passages: tuple[Passage, ...], yields: tuple[Yielding, ...]) -> None:
        """Store the counts of the passages that ended, and of the vehicles that yielded or did not."""
        place = self.place

        def sealed(sequence: int) -> bytes:
            return seal(passage_counts(place, passages, sequence, yields=yields), place.device_id, self.by.key)

        topic = topics.passages(place.site_id, place.camera_id)
        self.put_late()
        try:
            self.outbox.put_counts(topic, self.by.chain, sealed)
        except sqlite3.OperationalError as error:
            if not disk_full(error):
                raise
            self.counts_lost += len(passages) + len(yields)
            log.error("passages.not_kept", counts_lost=self.counts_lost, why=str(error))


def put_closed(outbox: Outbox, closed: Closed, by: Seal, now_ms: int) -> bool:
    """Seal a closed package at its place in the device's chain and store its event, both or neither."""

    def sealed(link: Link) -> Sealed:
        manifest = seal_package(closed, link, by, now_ms)
        files = (*closed.files, manifest)
        message = violation_reported(closed.act, link, files)
        where = tuple((file, closed.folder / file.name) for file in files)
        return Sealed(seal(message, by.key_id, by.key), manifest.sha256, where)

    topic = topics.violation(closed.act.site_id, closed.act.camera_id)
    return outbox.put_event(str(closed.act.event_id), topic, by.chain, sealed)


def recover(root: Path, outbox: Outbox, by: Seal, now_ms: int) -> int:
    """Seal and store what one camera's last process had closed and not stored when it died; return how many."""
    recovered = 0
    for folder in left_open(root, outbox.knows):
        try:
            recovered += put_closed(outbox, reopen(folder), by, now_ms)
        except InputProblemError as error:
            log.error("package.unreadable", folder=str(folder), why=str(error))
        except (OSError, sqlite3.OperationalError) as error:
            if not disk_full(error):
                raise
            log.error("package.waits_for_room", folder=str(folder), why=str(error))
    return recovered
