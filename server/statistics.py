"""Figures, each counted from the database when it is asked for."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.cases import repository
from server.cases.models import Case, Event, PassageRow, RefusedEvent
from server.ledger.book import LedgerEntry, broken_at
from server.lists.models import Listing


@dataclass(frozen=True, slots=True)
class Counts:
    """What the centre holds. ``passages`` by verdict; latencies in ms, sorted: event and evidence since it was seen."""

    events: int
    events_with_evidence: int
    refused: int
    cases: dict[str, int]
    demonstration_cases: int
    ledger_entries: int
    ledger_fen: int
    ledger_broken_at: int | None
    listings: int
    passages: dict[str, int]
    event_latencies_ms: tuple[int, ...]
    evidence_latencies_ms: tuple[int, ...]


def counts(session: Session) -> Counts:
    """Count everything."""
    passages = select(PassageRow.verdict, func.sum(PassageRow.count)).group_by(PassageRow.verdict)
    times = session.execute(select(Event.seen_at_ms, Event.received_at_ms, Event.evidence_complete_at_ms)).all()
    return Counts(
        events=len(times),
        events_with_evidence=sum(complete is not None for _, _, complete in times),
        refused=refused(session),
        cases=repository.by_state(session),
        demonstration_cases=session.scalar(select(func.count()).where(Case.demonstration)) or 0,
        ledger_entries=_count(session, LedgerEntry),
        ledger_fen=session.scalar(select(func.sum(LedgerEntry.amount_fen))) or 0,
        ledger_broken_at=broken_at(session),
        listings=session.scalar(select(func.count()).where(Listing.withdrawn_at_ms.is_(None))) or 0,
        passages={verdict: int(count) for verdict, count in session.execute(passages)},
        event_latencies_ms=tuple(sorted(received - seen for seen, received, _ in times)),
        evidence_latencies_ms=tuple(sorted(done - seen for seen, _, done in times if done is not None)),
    )


def refused(session: Session) -> int:
    """Count the refused messages that are kept."""
    return _count(session, RefusedEvent)


def _count(session: Session, table: type[RefusedEvent] | type[LedgerEntry]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0
