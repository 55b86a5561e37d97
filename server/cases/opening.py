"""Makes a case of an event, or adds the event to the case of the same act, and lets an officer part them again.

Two workers must not both find nothing and both open a case: whoever opens holds the site's row (``devices.claim_site``)
until the unit of work ends. On SQLite a writer is alone anyway.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from contract.messages import ViolationReported
from contract.words import ViolationKind
from server import audit
from server.cases.models import Case, CaseAct, Event, FurtherReport
from server.cases.procedure import CaseState
from server.cases.same_act import DEEDS, Tolerances, home
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.law.reading import Law

RIDE_MS_MAX: Final = 120_000
"""No ride against a lane takes longer to be sure of: how far back the beginning of one act is looked for."""


def open_case(session: Session, event: Event, report: ViolationReported, law: Law, now_ms: int) -> None:
    """Put an event that is new here to the case of its act; the caller holds the site."""
    case_id = _home(session, report, law)
    if case_id is None:
        session.add(_new_case(event, report, now_ms))
    else:
        session.add(FurtherReport(event_id=event.event_id, case_id=case_id, linked_at_ms=now_ms))
        audit.record(session, now_ms, "service", "case.same_act", case_id, event.event_id)
    session.flush()


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
    return Case(
        event_id=event.event_id,
        state=CaseState.RECEIVED,
        site_id=report.site_id,
        site_name=report.site_name,
        kind=report.kind,
        entered_at_ms=report.entered_at_ms,
        created_at_ms=now_ms,
        demonstration=event.demonstration,
    )


def _home(session: Session, report: ViolationReported, law: Law) -> int | None:
    entry = law.same_act_at(report.entered_at_ms)
    if entry is None or report.entered_at_m is None:
        return None
    tolerances = Tolerances(**entry.model_dump(include=set(Tolerances.__dataclass_fields__)))
    return home(report, _near(session, report, tolerances), tolerances)


def _near(session: Session, report: ViolationReported, tolerances: Tolerances) -> dict[int, list[ViolationReported]]:
    """Return the cases that could be of the same act by site, kind and time, with every report of each."""
    before_ms = after_ms = round(tolerances.entry_s * 1000)
    if report.kind is ViolationKind.WRONG_WAY:
        before_ms = RIDE_MS_MAX
        after_ms = report.confirmed_at_ms - report.entered_at_ms + round(tolerances.ride_gap_s * 1000)
    kinds = [kind for kind in ViolationKind if DEEDS[kind] == DEEDS[report.kind]]
    span = Case.entered_at_ms.between(report.entered_at_ms - before_ms, report.entered_at_ms + after_ms)
    cases = select(Case.event_id, Case.id).where(Case.site_id == report.site_id, Case.kind.in_(kinds), span)
    own = dict(session.execute(cases).all())
    standing = FurtherReport.case_id.in_(own.values()) & FurtherReport.parted_at_ms.is_(None)
    further = select(FurtherReport.event_id, FurtherReport.case_id).where(standing)
    of_case = own | dict(session.execute(further).all())
    near: dict[int, list[ViolationReported]] = {}
    for event_id, body in session.execute(select(Event.event_id, Event.body).where(Event.event_id.in_(of_case))):
        near.setdefault(of_case[event_id], []).append(ViolationReported.model_validate_json(body))
    return near
