"""Sets and releases legal holds, and purges evidence whose time is over.

A purge is noted first and committed, then the files leave the store: a crash in between leaves files that the next
sweep deletes, never a case whose evidence is gone without a note. scene.yaml stays: many events share it, and it shows
nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from server import audit
from server.cases.models import Case, EventFile
from server.db import Sessions, unit_of_work
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.evidence_store import EvidenceStore
from server.law.periods import Fate, Period, Retention
from server.parties import service as parties
from server.parties.service import By
from server.retention import repository
from server.retention.models import LegalHold, Purge, PurgedFile
from server.retention.policy import DAY_MS, Evidence, due

SHARED: Final = "application/yaml"


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    events: int
    files: int


def set_hold(session: Session, case_id: int, officer: str, reason: str, at_ms: int) -> LegalHold:
    """Hold all evidence of a case. Raises NotFoundError, ConflictError, WrongInputError."""
    if not reason.strip():
        raise WrongInputError("a legal hold needs a reason: who asks for it, and for which proceeding")
    if session.scalar(select(Case.id).where(Case.id == case_id).with_for_update()) is None:
        raise NotFoundError(f"there is no case {case_id}")
    if repository.hold(session, case_id) is not None:
        raise ConflictError(f"case {case_id} is under a legal hold already")
    held = LegalHold(case_id=case_id, set_by=officer, reason=reason, at_ms=at_ms)
    session.add(held)
    audit.record(session, at_ms, officer, "hold.set", case_id, reason)
    return held


def release_hold(session: Session, case_id: int, officer: str, because: str, at_ms: int) -> None:
    """End a case's hold; its evidence is purged when its period is over. Raises NotFoundError, WrongInputError."""
    if not because.strip():
        raise WrongInputError("releasing a legal hold needs a reason")
    held = repository.hold(session, case_id)
    if held is None:
        raise NotFoundError(f"case {case_id} is under no legal hold")
    held.released_by, held.released_because, held.released_at_ms = officer, because, at_ms
    audit.record(session, at_ms, officer, "hold.release", case_id, because)


def sweep(make: Sessions, store: EvidenceStore, retention: Retention, now_ms: int) -> Swept:
    """Purge what is due, and delete from the store what was purged; several at once do no harm."""
    periods = retention.at(now_ms)
    events = sum(_purge_all(make, fate, period, now_ms) for fate, period in periods.items() if period.days is not None)
    return Swept(events, _delete_all(make, store))


def count_due(session: Session, retention: Retention, now_ms: int) -> dict[Fate, int]:
    """Return how many events' evidence a sweep would purge now, by fate."""
    periods = retention.at(now_ms)
    return {
        fate: len(repository.candidates(session, fate, now_ms - period.days * DAY_MS, limit=1_000_000))
        for fate, period in periods.items()
        if period.days is not None
    }


def _purge_all(make: Sessions, fate: Fate, period: Period, now_ms: int) -> int:
    return _until_none(lambda: _purge_some(make, fate, period, now_ms))


def _purge_some(make: Sessions, fate: Fate, period: Period, now_ms: int) -> int:
    with unit_of_work(make) as session:
        before_ms = now_ms - (period.days or 0) * DAY_MS
        over = due(repository.candidates(session, fate, before_ms), {fate: period}, now_ms)
        for evidence in over:
            _note(session, evidence, period, now_ms)
    return len(over)


def _note(session: Session, evidence: Evidence, period: Period, now_ms: int) -> None:
    event = repository.event(session, evidence.event_id)
    stored = [file for file in event.files if file.stored_at_ms is not None]
    session.add(
        Purge(
            event_id=event.event_id,
            case_id=evidence.case_id,
            fate=evidence.fate,
            days=period.days or 0,
            basis=period.source,
            files=len(stored),
            bytes=sum(file.size_bytes for file in stored),
            at_ms=now_ms,
            demonstration=event.demonstration,
        )
    )
    session.flush()
    for digest in sorted({file.sha256 for file in stored if _leaves(session, file)}):
        session.merge(PurgedFile(sha256=digest, event_id=event.event_id))
    _erase_persons(session, evidence, period, now_ms)
    detail = f"{event.event_id}: {evidence.fate}, {period.days} days"
    audit.record(session, now_ms, "service", "evidence.purge", evidence.case_id, detail)


def _erase_persons(session: Session, evidence: Evidence, period: Period, now_ms: int) -> None:
    """Erase what names somebody with the evidence of the case itself, its documents' data as well (PIPL art. 19).

    A further report's evidence is not the case's: its time may be over sooner.
    """
    case = None if evidence.case_id is None else session.get(Case, evidence.case_id)
    if case is not None and case.event_id == evidence.event_id:
        why = f"its time is over: {evidence.fate}, {period.days} days"
        parties.erase(session, case.id, By("service", now_ms, why))


def _leaves(session: Session, file: EventFile) -> bool:
    return file.media_type != SHARED and not repository.needed_elsewhere(session, file.sha256)


def _delete_all(make: Sessions, store: EvidenceStore) -> int:
    return _until_none(lambda: _delete_some(make, store))


def _delete_some(make: Sessions, store: EvidenceStore) -> int:
    with make.reading() as session:
        digests = [file.sha256 for file in repository.to_delete(session)]
    for digest in digests:
        store.delete(digest)
    with unit_of_work(make) as session:
        for digest in digests:
            gone = session.get(PurgedFile, digest)
            if gone is not None:
                session.delete(gone)
    return len(digests)


def _until_none(some: Callable[[], int]) -> int:
    done = 0
    while found := some():
        done += found
    return done
