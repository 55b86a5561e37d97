"""What officers look at: the queue, a case with its evidence, the refused events."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import audit
from server.access.service import Visitor
from server.cases import repository
from server.cases import service as cases
from server.cases.models import Case, RefusedEvent
from server.cases.procedure import AgeBand, Basis, CaseState, allowed_acts
from server.console.desk import CaseId, Desk, to
from server.db import unit_of_work
from server.errors import ConflictError, NotFoundError
from server.evidence_store import EvidenceChangedError
from server.lists import service as lists
from server.service import Service


def router(desk: Desk) -> APIRouter:
    """Return the routes for whoever is logged in."""
    console = APIRouter()
    service = desk.service

    @console.get("/console")
    def queue(request: Request) -> HTMLResponse:
        with service.sessions.reading() as session:
            who = desk.visitor(session, request)
            return desk.show(request, "queue.html", who=who, cases=repository.queue(session))

    @console.get("/console/refused")
    def refused(request: Request) -> HTMLResponse:
        with service.sessions.reading() as session:
            who = desk.visitor(session, request)
            newest = session.scalars(select(RefusedEvent).order_by(RefusedEvent.id.desc()).limit(200)).all()
            return desk.show(request, "refused.html", who=who, refused=newest)

    @console.get("/console/cases/{case_id}")
    def case_page(request: Request, case_id: CaseId) -> HTMLResponse:
        with unit_of_work(service.sessions) as session:
            who = desk.visitor(session, request)
            case = repository.get(session, case_id)
            audit.record(session, service.now_ms(), who.name, "case.view", case.id)
            return desk.show(request, "case.html", 200, **_case_values(service, session, case, who))

    @console.get("/console/cases/{case_id}/next")
    def next_case(request: Request, case_id: CaseId) -> Response:
        with service.sessions.reading() as session:
            desk.visitor(session, request)
            behind = repository.next_in_queue(session, repository.get(session, case_id))
        return to("/console" if behind is None else f"/console/cases/{behind.id}")

    @console.get("/console/cases/{case_id}/evidence/{name}")
    def evidence(request: Request, case_id: CaseId, name: str) -> Response:
        with service.sessions.reading() as session:
            desk.visitor(session, request)
            file = repository.file_of(repository.get(session, case_id), name)
        try:
            data = service.store.read(file.sha256)
        except EvidenceChangedError as error:
            raise ConflictError(str(error)) from error
        except FileNotFoundError as error:
            raise NotFoundError(f"evidence {name} is not in the store") from error
        return Response(data, media_type=file.media_type, headers={"Cache-Control": "private, max-age=300"})

    return console


def _case_values(service: Service, session: Session, case: Case, who: Visitor) -> dict[str, object]:
    offence = cases.offence_of(case, service.house.law)
    return {
        "who": who,
        "case": case,
        "event": cases.reported(case),
        "offence": offence,
        "fining_on": offence is not None and service.house.fining_on(offence),
        "acts": [act.value for act in allowed_acts(CaseState(case.state))],
        "stored": {file.name for file in case.event.files if file.stored_at_ms is not None},
        "complete": case.event.evidence_complete_at_ms is not None,
        "history": repository.acts(session, case.id),
        "listing": lists.of_case(session, case.id),
        "rejections": service.house.law.rejection,
        "bases": [basis.value for basis in Basis if basis is not Basis.DEMONSTRATION or case.demonstration],
        "ages": [age.value for age in AgeBand],
        "days": service.settings.listing_days,
    }
