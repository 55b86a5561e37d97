"""All queries about what is kept, held and purged."""

from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from server.cases.models import Case, CaseAct, Event, EventFile, FurtherReport
from server.law.periods import Fate
from server.procedure.words import CaseState
from server.retention.models import LegalHold, Purge, PurgedFile
from server.retention.policy import FATES, Evidence

BATCH = 500


def candidates(session: Session, fate: Fate, before_ms: int, limit: int = BATCH) -> list[Evidence]:
    """Return evidence of one fate that has rested since before a time and is not purged, the oldest first."""
    if fate is Fate.HELD:
        return _held(session, before_ms, limit)
    states = [state for state, known in FATES.items() if known is fate]
    rests = select(CaseAct.case_id, func.max(CaseAct.at_ms).label("at_ms")).group_by(CaseAct.case_id).subquery()
    further = (FurtherReport.event_id == Event.event_id) & FurtherReport.parted_at_ms.is_(None)
    query = (
        select(Event.event_id, Case.id, Case.state, func.coalesce(rests.c.at_ms, Case.created_at_ms))
        .join(FurtherReport, further, isouter=True)
        .join(Case, or_(Case.event_id == Event.event_id, Case.id == FurtherReport.case_id))
        .join(rests, rests.c.case_id == Case.id, isouter=True)
        .join(Purge, Purge.event_id == Event.event_id, isouter=True)
        .where(Case.state.in_(states), Purge.event_id.is_(None))
        .where(func.coalesce(rests.c.at_ms, Case.created_at_ms) <= before_ms)
        .where(Case.id.not_in(_on_hold()))
        .order_by(func.coalesce(rests.c.at_ms, Case.created_at_ms), Event.event_id)
    )
    rows = session.execute(query.limit(limit)).all()
    return [Evidence(event_id, case_id, CaseState(state), since_ms) for event_id, case_id, state, since_ms in rows]


def _held(session: Session, before_ms: int, limit: int) -> list[Evidence]:
    query = (
        select(Event.event_id, Event.received_at_ms)
        .join(Case, Case.event_id == Event.event_id, isouter=True)
        .join(FurtherReport, FurtherReport.event_id == Event.event_id, isouter=True)
        .join(Purge, Purge.event_id == Event.event_id, isouter=True)
        .where(Case.id.is_(None), FurtherReport.event_id.is_(None), Purge.event_id.is_(None))
        .where(Event.received_at_ms <= before_ms)
        .order_by(Event.received_at_ms, Event.event_id)
    )
    return [Evidence(event_id, None, None, at_ms) for event_id, at_ms in session.execute(query.limit(limit))]


def _on_hold() -> Select[int]:
    return select(LegalHold.case_id).where(LegalHold.released_at_ms.is_(None))


def event(session: Session, event_id: str) -> Event:
    """Return an event with its files."""
    return session.scalars(select(Event).where(Event.event_id == event_id).options(selectinload(Event.files))).one()


def needed_elsewhere(session: Session, digest: str) -> bool:
    """Tell whether an event that is not purged names this file as well."""
    query = select(EventFile.event_id).join(Purge, Purge.event_id == EventFile.event_id, isouter=True)
    return session.scalar(query.where(EventFile.sha256 == digest, Purge.event_id.is_(None)).limit(1)) is not None


def to_delete(session: Session, limit: int = BATCH) -> Sequence[PurgedFile]:
    """Return the files that are to be deleted from the store."""
    return session.scalars(select(PurgedFile).order_by(PurgedFile.sha256).limit(limit)).all()


def purge_of(session: Session, event_id: str) -> Purge | None:
    """Return what was noted when an event's evidence was purged."""
    return session.get(Purge, event_id)


def purges(session: Session, limit: int = 100) -> Sequence[Purge]:
    """Return the newest purges."""
    return session.scalars(select(Purge).order_by(Purge.at_ms.desc(), Purge.event_id).limit(limit)).all()


def hold(session: Session, case_id: int) -> LegalHold | None:
    """Return the hold that a case is under."""
    query = select(LegalHold).where(LegalHold.case_id == case_id, LegalHold.released_at_ms.is_(None))
    return session.scalars(query.order_by(LegalHold.id)).first()


def holds(session: Session, limit: int = 200) -> Sequence[LegalHold]:
    """Return the holds in force, the oldest first."""
    query = select(LegalHold).where(LegalHold.released_at_ms.is_(None)).order_by(LegalHold.at_ms)
    return session.scalars(query.limit(limit)).all()
