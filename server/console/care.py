"""The page of reviewers' care: a supervisor and the auditor see each reviewer, a reviewer their own line alone."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from server.access.rights import Role
from server.care.service import care_of, reviewers
from server.console.desk import Desk, to
from server.db import unit_of_work
from server.known_answers.seeding import COUNT_MAX, DAYS_MAX, seed
from server.known_answers.service import KEPT_UP_MS
from server.law.limits import LimitKey

Days = Annotated[int, Form(ge=1, le=DAYS_MAX)]
Count = Annotated[int, Form(ge=1, le=COUNT_MAX)]


def router(desk: Desk) -> APIRouter:
    """Return the routes: who may use them: server/access/doors.py."""
    console = APIRouter()
    service = desk.service

    @console.get("/console/care")
    def care(request: Request) -> HTMLResponse:
        now_ms, who = service.now_ms(), desk.visitor(request)
        with service.sessions.reading() as session:
            names = [who.name] if who.role is Role.REVIEWER else reviewers(session)
            figures = [care_of(session, name, service.house, now_ms) for name in names]
        least, share = (
            service.house.limit(key, now_ms) for key in (LimitKey.CARE_FIGURE_MIN, LimitKey.KNOWN_ANSWER_SHARE)
        )
        days = KEPT_UP_MS // 86_400_000
        values = {"who": who, "figures": figures, "least": least, "share": share, "days": days}
        return desk.show(request, "care.html", 200, **values)

    @console.post("/console/care/seed")
    def seed_known(request: Request, days: Days, count: Count) -> Response:
        with unit_of_work(service.sessions) as session:
            who = desk.visitor(request)
            seed(session, who.name, days, count, service.house.salt, service.now_ms())
        return to("/console/care")

    return console
