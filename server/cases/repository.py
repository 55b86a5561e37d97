"""All queries about cases."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from server.cases.models import Case, CaseAct, Event, EventFile, Party
from server.errors import NotFoundError


def get(session: Session, case_id: int) -> Case:
    """Return a case with its event and files. Raises NotFoundError."""
    query = select(Case).where(Case.id == case_id).options(selectinload(Case.event).selectinload(Event.files))
    case = session.scalar(query)
    if case is None:
        raise NotFoundError(f"there is no case {case_id}")
    return case


def cases_of(session: Session, event_ids: Sequence[str]) -> dict[str, Case]:
    """Return the cases that were opened for these events."""
    return {case.event_id: case for case in session.scalars(select(Case).where(Case.event_id.in_(event_ids)))}


def acts(session: Session, case_id: int) -> Sequence[CaseAct]:
    """Return a case's history, oldest first."""
    return session.scalars(select(CaseAct).where(CaseAct.case_id == case_id).order_by(CaseAct.id)).all()


def party(session: Session, case_id: int) -> Party | None:
    """Return who the case is about now, once identified."""
    return session.scalar(select(Party).where(Party.case_id == case_id).order_by(Party.id.desc()).limit(1))


def by_state(session: Session) -> dict[str, int]:
    """Count the cases by state."""
    rows = session.execute(select(Case.state, func.count()).group_by(Case.state))
    return dict(rows.all())


def awaited_file(session: Session, device_id: str, digest: str) -> Sequence[EventFile]:
    """Return every mention of a file by an accepted event of this device."""
    query = select(EventFile).join(Event).where(Event.device_id == device_id, EventFile.sha256 == digest)
    return session.scalars(query).all()


def file_of(case: Case, name: str) -> EventFile:
    """Return a stored evidence file of a case by its name. Raises NotFoundError."""
    return stored_file(case.event, name)


def stored_file(event: Event, name: str) -> EventFile:
    """Return a stored evidence file of an event by its name. Raises NotFoundError."""
    for file in event.files:
        if file.name == name and file.stored_at_ms is not None:
            return file
    raise NotFoundError(f"event {event.event_id} has no evidence file {name!r} here")


def by_kind(session: Session) -> dict[str, int]:
    """Count the cases by kind."""
    return dict(session.execute(select(Case.kind, func.count()).group_by(Case.kind).order_by(Case.kind)).all())


def names_of(session: Session, site_ids: Collection[str]) -> dict[str, str]:
    """Return the names of some sites, each as the case of its latest act has it."""
    latest = (
        select(Case.site_id, Case.site_name).where(Case.site_id == one).order_by(Case.entered_at_ms.desc()).limit(1)
        for one in sorted(site_ids)
    )
    return {row.site_id: row.site_name for query in latest for row in session.execute(query)}


def site_names(session: Session) -> dict[str, str]:
    """Return the name of each site, as its newest act has it; a site without a case has none.

    From one site to the next by the index: as many steps as there are sites, not cases.
    """
    sites = select(func.min(Case.site_id).label("id")).cte(recursive=True)
    following = select(func.min(Case.site_id)).where(Case.site_id > sites.c.id).scalar_subquery()
    sites = sites.union_all(select(following).where(sites.c.id.is_not(None)))
    newest = select(Case.site_name).where(Case.site_id == sites.c.id).order_by(Case.entered_at_ms.desc()).limit(1)
    return dict(session.execute(select(sites.c.id, newest.scalar_subquery()).where(sites.c.id.is_not(None))).all())
