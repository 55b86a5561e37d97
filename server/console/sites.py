"""The page of suspended sites: which, why, since when and by whom, the verdicts that tripped it, and the lifting."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from server.access.rights import Role
from server.cases import repository
from server.console.desk import Desk, to
from server.db import unit_of_work
from server.suspensions import repository as suspensions
from server.suspensions.service import lift

Reason = Annotated[str, Form(max_length=200)]


def router(desk: Desk) -> APIRouter:
    """Return the routes: who may use them: server/access/doors.py."""
    console = APIRouter()
    service = desk.service

    @console.get("/console/sites")
    def suspended(request: Request) -> HTMLResponse:
        with service.sessions.reading() as session:
            told = suspensions.told(session)
            standing = [row.suspension for row in told if row.lifting is None]
            who = desk.visitor(request)
            blind = who.role is Role.REVIEWER  # some of these cases wait for their independent second look
            return desk.show(
                request,
                "sites.html",
                who=who,
                standing=[(row, () if blind else suspensions.counted(session, row)) for row in standing],
                lifted=[row for row in told if row.lifting is not None],
                names=repository.names_of(session, {row.suspension.site_id for row in told}),
                reasons={reason.key: reason for reason in service.house.law.rejection},
            )

    @console.post("/console/sites/{site_id}/lift")
    def lift_site(request: Request, site_id: str, reason: Reason) -> Response:
        with unit_of_work(service.sessions) as session:
            lift(session, site_id, desk.visitor(request).name, reason, service.now_ms())
        service.tell_boxes()
        return to("/console/sites")

    return console
