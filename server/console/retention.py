"""The page of what is kept and what was purged, and the forms of a legal hold."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from server.console.desk import CaseId, Desk, to
from server.db import unit_of_work
from server.retention import repository
from server.retention import service as retention

Reason = Annotated[str, Form(max_length=200)]


def router(desk: Desk) -> APIRouter:
    """Return the routes: who may use them: server/access/doors.py."""
    console = APIRouter()
    service = desk.service

    @console.get("/console/retention")
    def kept(request: Request) -> HTMLResponse:
        with service.sessions.reading() as session:
            return desk.show(
                request,
                "retention.html",
                who=desk.visitor(request),
                periods=service.retention.at(service.now_ms()).values(),
                holds=repository.holds(session),
                purges=repository.purges(session),
            )

    @console.post("/console/cases/{case_id}/hold")
    def hold(request: Request, case_id: CaseId, reason: Reason) -> Response:
        with unit_of_work(service.sessions) as session:
            who = desk.visitor(request)
            retention.set_hold(session, case_id, who.name, reason, service.now_ms())
        return to(f"/console/cases/{case_id}")

    @console.post("/console/cases/{case_id}/release-hold")
    def release(request: Request, case_id: CaseId, reason: Reason) -> Response:
        with unit_of_work(service.sessions) as session:
            who = desk.visitor(request)
            retention.release_hold(session, case_id, who.name, reason, service.now_ms())
        return to(f"/console/cases/{case_id}")

    return console
