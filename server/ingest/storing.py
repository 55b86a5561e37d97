"""Stores a batch of believed events: each once, in one statement a table, with the cases that follow from them.

The batch holds its sites from before it looks until its unit of work ends, so no other worker stores between the look
and the INSERT; all workers take their locks in one order: sites, events, chains.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from contract.evidence import EvidenceFile
from server.cases.holding import HeldBecause, Hold, Numbered, broken_links, clock_hold
from server.cases.manifests import DETAIL_MAX, hold_back
from server.cases.models import ChainCount, Event, EventFile
from server.cases.opening import NewEvent, open_cases
from server.db import insert_from, rows_of, table_of
from server.devices import claim_sites
from server.ingest.numbering import Line, Lines, Refusal, Reported, Stored, judge
from server.law.law_book import LawBook


@dataclass(frozen=True, slots=True)
class EventStore:
    """Stores into the caller's unit of work."""

    session: Session
    demonstration: bool
    now_ms: int
    book: LawBook

    def store(self, reported: Sequence[Reported]) -> list[Stored | Refusal]:
        """Store what is new; return what became of each, in the order of the batch."""
        if not reported:
            return []
        claim_sites(self.session, {one.report.site_id for one in reported})
        known, lines = self._known([one.event_id for one in reported]), self._lines(reported)
        there = {event_id for line in lines.values() for event_id in line.event_ids.values()}
        outcomes = [judge(one, known, lines) for one in reported]
        new = [one for one, outcome in zip(reported, outcomes, strict=True) if outcome is Stored.NEW]
        holds = self._holds(new, lines, there)
        stored = self._insert(new, holds)
        for number, (one, outcome) in enumerate(zip(reported, outcomes, strict=True)):
            if outcome is Stored.NEW:
                outcomes[number] = self._came_first(one, holds) if one.event_id in stored else self._too_late(one)
        self._count(reported, outcomes)
        return outcomes

    def _came_first(self, one: Reported, holds: dict[str, Hold]) -> Stored:
        return Stored.HELD if one.event_id in holds else Stored.NEW

    def _too_late(self, one: Reported) -> Stored | Refusal:
        """Say what stands in the way of an event: something of another site, stored since we looked."""
        outcome = judge(one, self._known([one.event_id]), self._lines([one]))
        if outcome is Stored.NEW:
            raise RuntimeError(f"event {one.event_id} was not stored, and nothing is in its way")
        return outcome

    def _known(self, event_ids: Collection[str]) -> dict[str, str]:
        known = select(Event.event_id, Event.body_sha256).where(Event.event_id.in_(event_ids))
        return dict(self.session.execute(known).all())

    def _lines(self, reported: Sequence[Reported]) -> Lines:
        """Read the numbers of the batch and their neighbours, as far as they are here."""
        wanted: dict[tuple[str, str], set[int]] = {}
        for one in reported:
            number = one.report.sequence
            wanted.setdefault(one.line, set()).update((number - 1, number, number + 1))
        lines: Lines = {line: Line() for line in wanted}
        asked = [
            {"device_id": device, "chain": chain, "sequence": number}
            for (device, chain), numbers in wanted.items()
            for number in sorted(numbers)
        ]
        told = rows_of(self.session, asked, table_of(Event), list(asked[0])).c
        same = (Event.device_id == told.device_id) & (Event.chain == told.chain) & (Event.sequence == told.sequence)
        columns = Event.device_id, Event.chain, Event.sequence, Event.event_id
        found = select(*columns, Event.manifest_sha256, Event.previous_manifest_sha256).where(same)
        for device, chain, sequence, event_id, manifest, previous in self.session.execute(found):
            lines[device, chain or ""].add(sequence, event_id, Numbered(manifest or "", previous))
        return lines

    def _holds(self, new: Sequence[Reported], lines: Lines, there: Collection[str]) -> dict[str, Hold]:
        """Return why new events are held; hold those that are here already and whose neighbour does not fit."""
        holds = {one.event_id: hold for one in new if (hold := clock_hold(one.report.clock)) is not None}
        for line in lines.values():
            for number, detail in broken_links(line.places).items():
                event_id, hold = line.event_ids[number], Hold(HeldBecause.CHAIN, detail)
                if event_id in there:
                    hold_back(self.session, event_id, hold)
                else:
                    holds[event_id] = hold
        return holds

    def _insert(self, new: Sequence[Reported], holds: dict[str, Hold]) -> set[str]:
        if not new:
            return set()
        rows = [self._row(one, holds.get(one.event_id)) for one in sorted(new, key=lambda one: one.event_id)]
        statement = insert_from(self.session, Event, rows).on_conflict_do_nothing().returning(Event.event_id)
        stored = set(self.session.execute(statement).scalars())
        here = [one for one in new if one.event_id in stored]
        if here:
            files = [_file_row(one.event_id, file) for one in here for file in one.report.evidence]
            self.session.execute(insert_from(self.session, EventFile, files))
        believed = [one for one in here if one.event_id not in holds]
        events = [NewEvent(one.report, one.report.demonstration or self.demonstration) for one in believed]
        open_cases(self.session, events, self.book, self.now_ms)
        return stored

    def _row(self, one: Reported, hold: Hold | None) -> dict[str, object]:
        report, place = one.report, one.numbered
        return {
            "event_id": one.event_id,
            "device_id": report.device_id,
            "chain": one.chain,
            "sequence": report.sequence,
            "manifest_sha256": place.manifest_sha256,
            "previous_manifest_sha256": place.previous_sha256,
            "clock_status": None if report.clock is None else report.clock.status.value,
            "held_because": None if hold is None else hold.because.value,
            "held_detail": None if hold is None else hold.detail[:DETAIL_MAX],
            "body": one.body.decode("utf-8"),
            "body_sha256": one.digest,
            "seen_at_ms": report.seen_at_ms,
            "received_at_ms": self.now_ms,
            "demonstration": report.demonstration or self.demonstration,
        }

    def _count(self, reported: Sequence[Reported], outcomes: Sequence[Stored | Refusal]) -> None:
        """Count what is here of each chain, and what came once more."""
        counts: dict[tuple[str, str], dict[str, object]] = {}
        for line in sorted({one.line for one in reported}):
            of_line = [(one, what) for one, what in zip(reported, outcomes, strict=True) if one.line == line]
            here = [one.report.sequence for one, what in of_line if what in {Stored.NEW, Stored.HELD}]
            again = sum(what is Stored.AGAIN for _, what in of_line)
            if here or again:
                counts[line] = {"highest": max(here, default=0), "here": len(here), "came_again": again}
        if not counts:
            return
        rows = [
            {"device_id": device, "chain": chain, "last_at_ms": self.now_ms, **count}
            for (device, chain), count in counts.items()
        ]
        statement = insert_from(self.session, ChainCount, rows)
        told = statement.excluded
        changes = {
            "highest": case((told.highest > ChainCount.highest, told.highest), else_=ChainCount.highest),
            "here": ChainCount.here + told.here,
            "came_again": ChainCount.came_again + told.came_again,
            "last_at_ms": told.last_at_ms,
        }
        self.session.execute(statement.on_conflict_do_update(index_elements=["device_id", "chain"], set_=changes))


def _file_row(event_id: str, file: EvidenceFile) -> dict[str, object]:
    return {
        "event_id": event_id,
        "name": file.name,
        "sha256": file.sha256,
        "size_bytes": file.size_bytes,
        "media_type": file.media_type,
    }
