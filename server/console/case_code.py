"""Tells the code of a party's own page, at the counter or by telephone, to whom an officer has made sure of."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from server import audit
from server.cases import repository
from server.cases import service as deeds
from server.console.desk import CaseId, Desk
from server.db import unit_of_work
from server.errors import ConflictError
from server.own_page.codes import code_of
from server.own_page.history import was_entered
from server.parties.service import checked_reason

Reason = Annotated[str, Form(max_length=400)]


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service = desk.service

    @console.get("/console/cases/{case_id}/code")
    def ask(request: Request, case_id: CaseId) -> HTMLResponse:
        with service.sessions.reading() as session:
            case, is_open = repository.get(session, case_id), was_entered(deeds.history(session, case_id))
        return desk.show(request, "case_code.html", who=desk.visitor(request), case=case, is_open=is_open, code=None)

    @console.post("/console/cases/{case_id}/code")
    def show(request: Request, case_id: CaseId, reason: Reason) -> HTMLResponse:
        who, at_ms = desk.visitor(request), service.now_ms()
        with unit_of_work(service.sessions) as session:
            case = repository.get(session, case_id)
            why = checked_reason(reason, "telling the code of a party's page")
            if not was_entered(deeds.history(session, case_id)):
                raise ConflictError(f"case {case.number} is not confirmed: its party cannot look it up yet")
            audit.opened(session, at_ms, who.name, "own_page.code", case.id, why)
            code = code_of(service.secrets_box, case_id)
        return desk.show(request, "case_code.html", who=who, case=case, is_open=True, code=code)

    return console
