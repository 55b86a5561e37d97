"""Makes cases of events, or adds an event to the case of the same act, and lets an officer part them again.

Two workers must not both find nothing and both open a case: whoever opens holds the sites' rows
(``devices.claim_sites``) until the unit of work ends. On SQLite a writer is alone anyway.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from contract.messages import ViolationReported
from server import audit
from server.cases.known_acts import KnownActs
from server.cases.models import Case, Event, FurtherReport
from server.civil_time import beijing_day
from server.db import insert_from
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.law.law_book import LawBook
from server.law.moments import Moment
from server.procedure.clocks import clocks, next_due_ms
from server.procedure.words import CaseState


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that is new here and believed. ``demonstration``: the box's word or the centre's."""

    report: ViolationReported
    demonstration: bool


@dataclass(frozen=True, slots=True)
class Parting:
    """Who parts a report from a case, why, and when."""

    officer: str
    because: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class FirstDue:
    """When a new record's first clock is over; the acts of one day have the same."""

    book: LawBook
    now_ms: int
    _of_day: dict[date, int | None] = field(default_factory=dict)

    def due_ms(self, act_ms: int) -> int | None:
        """Return it for an act, which the device recorded as it was done."""
        day = beijing_day(act_ms)
        if day not in self._of_day:
            known = {Moment.ACT: act_ms, Moment.COLLECTED: act_ms}
            running = clocks(known, self.book.terms, self.book.calendar, max(self.now_ms, act_ms))
            self._of_day[day] = next_due_ms(running)
        return self._of_day[day]


def open_cases(session: Session, events: Sequence[NewEvent], book: LawBook, now_ms: int) -> None:
    """Put events that are new here to the cases of their acts, in their order; the caller holds their sites."""
    acts = KnownActs()
    acts.look_up(session, [event.report for event in events], book.offences)
    homes = [acts.place(event.report, book.offences) for event in events]
    opened = {str(event.report.event_id): place for event, (place, is_new) in zip(events, homes, strict=True) if is_new}
    first = FirstDue(book, now_ms)
    rows = [_case_row(event.report, event.demonstration, first) for event in events]
    number_of = _insert(session, [row for row in rows if row["event_id"] in opened], opened)
    rejected = _rejected(session, {place for place, is_new in homes if not is_new})
    for event, (place, is_new) in zip(events, homes, strict=True):
        if not is_new:
            case_id, event_id = number_of.get(place, place), str(event.report.event_id)
            unseen = place in rejected
            session.add(FurtherReport(event_id=event_id, case_id=case_id, linked_at_ms=now_ms, after_rejection=unseen))
            audit.record(session, now_ms, "service", "case.same_act", case_id, event_id)
    session.flush()


def _insert(session: Session, rows: Sequence[dict[str, object]], places: Mapping[str, int]) -> dict[int, int]:
    """Insert cases; return each one's number by the stand-in for it."""
    if not rows:
        return {}
    made = session.execute(insert_from(session, Case, rows).returning(Case.event_id, Case.id))
    return {places[event_id]: case_id for event_id, case_id in made}


def _rejected(session: Session, numbers: AbstractSet[int]) -> AbstractSet[int]:
    """Return which of these cases stand rejected."""
    if not numbers:
        return set()
    return set(session.scalars(select(Case.id).where(Case.id.in_(numbers), Case.state == CaseState.REJECTED)))


def part(session: Session, case_id: int, event_id: str, by: Parting, book: LawBook) -> Case:
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
    if not by.because.strip():
        raise WrongInputError("parting two reports needs a reason: why it is another person")
    further.parted_at_ms, further.parted_by, further.parted_because = by.at_ms, by.officer, by.because
    event = further.event
    report = ViolationReported.model_validate_json(event.body)
    case = Case(**_case_row(report, event.demonstration, FirstDue(book, by.at_ms)))
    session.add(case)
    session.flush()
    audit.record(session, by.at_ms, by.officer, "case.part", case_id, f"{event_id} is now {case.number}: {by.because}")
    return case


def further_reports(session: Session, case_id: int) -> Sequence[FurtherReport]:
    """Return what else was reported of a case's act, with what an officer has parted from it, in the order it came."""
    query = select(FurtherReport).where(FurtherReport.case_id == case_id)
    query = query.order_by(FurtherReport.linked_at_ms, FurtherReport.event_id)
    return session.scalars(query.options(selectinload(FurtherReport.event).selectinload(Event.files))).all()


def after_rejection(session: Session, limit: int = 50) -> Sequence[FurtherReport]:
    """Return the reports that came when their case had been rejected, so nobody has looked at them, newest first.

    A case that lives again is looked at with all its reports.
    """
    unseen = FurtherReport.after_rejection & FurtherReport.parted_at_ms.is_(None)
    stands = select(FurtherReport).join(Case).where(unseen, Case.state == CaseState.REJECTED)
    return session.scalars(stands.order_by(FurtherReport.linked_at_ms.desc()).limit(limit)).all()


def _case_row(report: ViolationReported, demonstration: bool, first: FirstDue) -> dict[str, object]:  # noqa: FBT001
    return {
        "event_id": str(report.event_id),
        "state": CaseState.RECEIVED,
        "version": 1,
        "site_id": report.site_id,
        "site_name": report.site_name,
        "kind": report.kind,
        "entered_at_ms": report.entered_at_ms,
        "created_at_ms": first.now_ms,
        "next_due_ms": first.due_ms(report.entered_at_ms),
        "demonstration": demonstration,
    }
