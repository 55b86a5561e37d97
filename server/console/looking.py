"""What officers look at: a case with all that was reported of it, the refused events."""

from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.messages import ViolationReported
from server import audit
from server.access.police import police_of
from server.access.rights import Right, Role
from server.access.sessions import Visitor
from server.cases import opening, repository
from server.cases import service as cases
from server.cases.models import Case, RefusedEvent
from server.casework import service as casework
from server.console.act_forms import forms_of
from server.console.case_evidence import exhibits
from server.console.desk import CaseId, Desk
from server.console.refusal import Refusal
from server.db import unit_of_work
from server.decisions import reviewing
from server.decisions.act_rights import right_of
from server.decisions.reviewing import Seen
from server.decisions.situation import Situation, situation
from server.hand_off import service as hand_off
from server.lists import service as lists
from server.lists.policy import EFFECTIVE, is_listed_at
from server.own_page import repository as from_parties
from server.pages.render import language_of
from server.pages.texts import text
from server.procedure.history import announced_fen
from server.procedure.table import allowed_acts
from server.procedure.words import Act, AgeBand, Basis, CaseState
from server.retention import repository as retention
from server.service import Service
from server.suspensions import repository as suspensions

WITH_THE_FORM_MS: Final = 10 * 60_000
CLOSED: Final = (CaseState.DECIDED, CaseState.REJECTED)
SECOND_LOOK: Final = (CaseState.SECOND_REVIEW, CaseState.DISPUTED)
BLIND: Final = {False: SECOND_LOOK, True: (CaseState.RECEIVED, *SECOND_LOOK)}
"""Where a history is not shown; a reviewer's pages of a first and of a second review are one (reviewing.py)."""


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service = desk.service

    @console.get("/console/refused")
    def refused(request: Request) -> HTMLResponse:
        with service.sessions.reading() as session:
            who = desk.visitor(request)
            newest = session.scalars(select(RefusedEvent).order_by(RefusedEvent.id.desc()).limit(200)).all()
            return desk.show(request, "refused.html", who=who, refused=newest)

    @console.get("/console/cases/{case_id}")
    def case_page(request: Request, case_id: CaseId) -> HTMLResponse:
        _note_view(desk, request, case_id)
        return _show(desk, request, case_id, None)

    return console


def show_refusal(desk: Desk, request: Request, case_id: int, refusal: Refusal) -> HTMLResponse:
    """Answer a form that was refused with the case page, the refusal at its top and what was typed in its place.

    The page that the form stood on was viewed already; who has sent the form without it is noted as viewing it now.
    """
    who, since_ms = desk.visitor(request), desk.service.now_ms() - WITH_THE_FORM_MS
    with desk.service.sessions.reading() as session:
        known = audit.has_opened(session, who.name, "case.view", case_id, since_ms)
    if not known:
        _note_view(desk, request, case_id)
    answer = _show(desk, request, case_id, refusal)
    answer.headers["HX-Replace-Url"] = f"/console/cases/{case_id}"  # htmx would add the form's own to the history
    return answer


def _note_view(desk: Desk, request: Request, case_id: int) -> None:
    who, service = desk.visitor(request), desk.service
    with unit_of_work(service.sessions) as session:
        case = repository.get(session, case_id)
        audit.opened(session, service.now_ms(), who.name, "case.view", case.id, f"{who.role}: {case.state}")


def _show(desk: Desk, request: Request, case_id: int, refusal: Refusal | None) -> HTMLResponse:
    service, who = desk.service, desk.visitor(request)
    with service.sessions.reading() as session:  # no lock is held while the evidence is read
        case = repository.get(session, case_id)
        values = case_values(service, session, case, who)
        words, purged = partial(text, language=language_of(request)), bool(values["purge"])
        values["evidence"] = exhibits(session, case, cases.reported(case), service.store, words, purged=purged)
        status = 200 if refusal is None else refusal.error.http_status
        values["refused"] = refusal
        return desk.show(request, "case.html", status, **values)


def _further(session: Session, case: Case, decided_at_ms: int | None) -> list[dict[str, object]]:
    """Return what the page shows of each further report; one that came after the decision was not looked at in it."""
    return [
        {
            "row": row,
            "event": ViolationReported.model_validate_json(row.event.body),
            "stored": {file.name for file in row.event.files if file.stored_at_ms is not None},
            "late": decided_at_ms is not None and row.linked_at_ms > decided_at_ms,
        }
        for row in opening.further_reports(session, case.id)
    ]


def case_values(service: Service, session: Session, case: Case, who: Visitor) -> dict[str, object]:
    """Return what the page shows of a case beside its evidence; ``blind`` hides the first verdict and whose it was."""
    seen = _seen(service, session, case, who)
    stands, history, known = seen.stands, seen.history, seen.known is not None
    offence = stands.offence
    allowed = [act for act in allowed_acts(stands.state) if who.may(right_of(act, stands.state))]
    not_now = casework.impossible(session, service.house, stands, who.name, allowed)
    offered = forms_of(act for act in allowed if act not in not_now)
    closed_ms = next((act.at_ms for act in history if act.to_state in CLOSED), None)
    event = cases.reported(case)
    purge = retention.purge_of(session, case.event_id)
    hold, listing = retention.hold(session, case.id), lists.of_case(session, case.id)
    may_list = stands.state in EFFECTIVE and not listing and who.may(Right.PUBLISH_LISTING)
    listable = may_list and stands.party is not None and is_listed_at(AgeBand(stands.party.age_band))
    messages = from_parties.messages_of(session, case.id)
    return {
        "who": who,
        "refused": None,
        "case": stands.case,
        "event": event,
        "handed_off": hand_off.handed_off(session, case.site_id, event.entered_at_ms, event.confirmed_at_ms),
        "suspended": [row for row in (suspensions.standing_at(session, case.site_id),) if row is not None],
        "offence": offence,
        "fining_on": offence is not None and service.house.fining_on(offence),
        "acts": offered,
        "offered": {*(form.act.value for form in offered), *(("publish",) if listable else ())},
        "not_now": [(form.act, not_now[form.act]) for form in forms_of(not_now)],
        "amounts": _amounts_fen(stands),
        "blind": stands.state in BLIND[who.role is Role.REVIEWER] and who.may(Right.CONFIRM),
        "clocks": [clock for clock in stands.clocks if clock.met_ms is None],
        "listable": listable,
        "too_young": may_list and not listable,
        "stored": set() if purge else {file.name for file in case.event.files if file.stored_at_ms is not None},
        "complete": case.event.evidence_complete_at_ms is not None,
        "history": history,
        "people": {login: police.words for login, police in police_of(session, (a.actor for a in history)).items()},
        "further": _further(session, case, closed_ms),
        "from_party": [] if known else messages,
        "hold": None if known else hold,
        "purge": purge,
        "listing": None if known else listing,
        "rejections": service.house.law.rejection,
        "leniencies": service.house.law.leniency,
        "bases": [basis.value for basis in Basis if basis is not Basis.DEMONSTRATION or case.demonstration],
        "ages": [age.value for age in AgeBand],
        "days": service.settings.listing_days,
    }


def _seen(service: Service, session: Session, case: Case, who: Visitor) -> Seen:
    """Return the case as this visitor may see it."""
    if who.role is Role.REVIEWER:
        return reviewing.seen_by(session, who.name, case, service.house, service.now_ms())
    stands = situation(session, case, service.house, service.now_ms())
    return Seen(stands, repository.acts(session, case.id), None)


def _amounts_fen(stands: Situation) -> dict[Act, int]:
    """Return what a form proposes: the law table's amount, then what was announced, then less than was decided."""
    of_law = 0 if stands.offence is None else stands.offence.fine_fen
    announced = announced_fen(stands.history)
    decided = stands.case.amount_fen or of_law
    return {Act.NOTIFY: of_law, Act.FINE: announced or of_law, Act.REDUCE: decided // 2}
