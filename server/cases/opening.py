"""Makes cases of events, or adds an event to the case of the same act, and lets an officer part them again.

Two workers must not both find nothing and both open a case: whoever opens holds the sites' rows
(``devices.claim_sites``) until the unit of work ends. On SQLite a writer is alone anyway.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from contract.messages import ViolationReported
from server import audit
from server.cases.known_acts import KnownActs
from server.cases.models import Case, CaseAct, Event, FurtherReport
from server.cases.procedure import CaseState
from server.db import insert_from
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.law.reading import Law


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that is new here and believed. ``demonstration``: the box's word or the centre's."""

    report: ViolationReported
    demonstration: bool


def open_cases(session: Session, events: Sequence[NewEvent], law: Law, now_ms: int) -> None:
    """Put events that are new here to the cases of their acts, in their order; the caller holds their sites."""
    acts = KnownActs()
    acts.look_up(session, [event.report for event in events], law)
    homes = [acts.place(event.report, law) for event in events]
    opened = {str(event.report.event_id): place for event, (place, is_new) in zip(events, homes, strict=True) if is_new}
    rows = [_case_row(event.report, event.demonstration, now_ms) for event in events]
    number_of = _insert(session, [row for row in rows if row["event_id"] in opened], opened)
    for event, (place, is_new) in zip(events, homes, strict=True):
        if not is_new:
            case_id, event_id = number_of.get(place, place), str(event.report.event_id)
            session.add(FurtherReport(event_id=event_id, case_id=case_id, linked_at_ms=now_ms))
            audit.record(session, now_ms, "service", "case.same_act", case_id, event_id)
    session.flush()


def _insert(session: Session, rows: Sequence[dict[str, object]], places: Mapping[str, int]) -> dict[int, int]:
    """Insert cases; return each one's number by the stand-in for it."""
    if not rows:
        return {}
    made = session.execute(insert_from(session, Case, rows).returning(Case.event_id, Case.id))
    return {places[event_id]: case_id for event_id, case_id in made}


def part(session: Session, case_id: int, event_id: str, officer: str, because: str, at_ms: int) -> Case:
    """Make a further report a case of its own: an officer has seen that it is another person.

    Raises:
        NotFoundError: the case has no such report.
        ConflictError: somebody has parted them already.
        WrongInputError: no reason is given.
    """
    further = session.get(FurtherReport, event_id, with_for_update=True)
    if further is None or further.case_id != case_id:
        raise NotFoundError(f"case {case_id} has no further report {event_id[:64]!r}")
    if further.parted_at_ms is not None:
        raise ConflictError(f"report {event_id} is a case of its own already")
    if not because.strip():
        raise WrongInputError("parting two reports needs a reason: why it is another person")
    further.parted_at_ms, further.parted_by, further.parted_because = at_ms, officer, because
    event = further.event
    case = _new_case(event, ViolationReported.model_validate_json(event.body), at_ms)
    session.add(case)
    session.flush()
    audit.record(session, at_ms, officer, "case.part", case_id, f"{event_id} is now {case.number}: {because}")
    return case


def further_reports(session: Session, case_id: int) -> Sequence[FurtherReport]:
    """Return what else was reported of a case's act, with what an officer has parted from it, in the order it came."""
    query = select(FurtherReport).where(FurtherReport.case_id == case_id)
    query = query.order_by(FurtherReport.linked_at_ms, FurtherReport.event_id)
    return session.scalars(query.options(selectinload(FurtherReport.event).selectinload(Event.files))).all()


def after_rejection(session: Session, limit: int = 50) -> Sequence[FurtherReport]:
    """Return the reports that came when their case had been rejected, so nobody has looked at them, newest first."""
    rejected = (CaseAct.case_id == FurtherReport.case_id) & (CaseAct.to_state == CaseState.REJECTED)
    late = FurtherReport.parted_at_ms.is_(None) & (FurtherReport.linked_at_ms > CaseAct.at_ms)
    query = select(FurtherReport).join(CaseAct, rejected).where(late).order_by(FurtherReport.linked_at_ms.desc())
    return session.scalars(query.limit(limit)).all()


def _new_case(event: Event, report: ViolationReported, now_ms: int) -> Case:
    return Case(**_case_row(report, event.demonstration, now_ms))


def _case_row(report: ViolationReported, demonstration: bool, now_ms: int) -> dict[str, object]:  # noqa: FBT001
    return {
        "event_id": str(report.event_id),
        "state": CaseState.RECEIVED,
        "version": 1,
        "site_id": report.site_id,
        "site_name": report.site_name,
        "kind": report.kind,
        "entered_at_ms": report.entered_at_ms,
        "created_at_ms": now_ms,
        "demonstration": demonstration,
    }
