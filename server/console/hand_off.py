"""The page of the hand-off switches: an officer sets one while they direct the traffic, and sees which boxes know."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from contract.words import HandOffCause
from server.cases import repository
from server.civil_time import beijing
from server.console.desk import Desk, to
from server.db import unit_of_work
from server.errors import WrongInputError
from server.hand_off import service as hand_off
from server.hand_off.service import Order

Clock = Annotated[str, Form(max_length=5)]
Day = Annotated[str, Form(max_length=10)]
Cause = Annotated[HandOffCause, Form()]
Reason = Annotated[str, Form(max_length=200)]


def router(desk: Desk) -> APIRouter:
    """Return the routes: who may use them: server/access/doors.py."""
    console = APIRouter()
    service = desk.service

    @console.get("/console/hand-off")
    def switches(request: Request) -> HTMLResponse:
        with service.sessions.reading() as session:
            who = desk.visitor(request)
            found = hand_off.sites(session, service.now_ms())
            names = repository.site_names(session)
            return desk.show(request, "hand_off.html", who=who, switches=found, names=names)

    @console.post("/console/hand-off/{site_id}/set")
    def set_switch(
        request: Request,
        site_id: str,
        reason: Reason,
        until: Clock = "",
        day: Day = "",
        cause: Cause = HandOffCause.DIRECTED,
    ) -> Response:
        now_ms = service.now_ms()
        with unit_of_work(service.sessions) as session:
            who = desk.visitor(request)
            hand_off.switch(session, Order(site_id, end_ms(until, now_ms, day), who.name, reason, now_ms, cause))
        service.tell_boxes()
        return to("/console/hand-off")

    @console.post("/console/hand-off/{site_id}/release")
    def release(request: Request, site_id: str, reason: Reason) -> Response:
        with unit_of_work(service.sessions) as session:
            who = desk.visitor(request)
            hand_off.switch(session, Order(site_id, None, who.name, reason, service.now_ms()))
        service.tell_boxes()
        return to("/console/hand-off")

    return console


def end_ms(clock: str, now_ms: int, day: str = "") -> int:
    """Return when a time of day (``17:30``, China's time) comes next, or comes on a day; without one, at midnight."""
    if clock and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", clock):
        raise WrongInputError(f"expected a time of day such as 17:30, found {clock!r}")
    now = beijing(now_ms)
    hour, minute = (int(part) for part in clock.split(":")) if clock else (0, 0)
    end = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if day:
        end = _on(day, end) + timedelta(days=0 if clock else 1)  # midnight ends the day
    elif end <= now:
        end += timedelta(days=1)
    return round(end.timestamp() * 1000)


def _on(day: str, at: datetime) -> datetime:
    try:
        given = date.fromisoformat(day)
    except ValueError as error:
        raise WrongInputError(f"expected a day such as 2026-12-31, found {day!r}") from error
    return at.replace(year=given.year, month=given.month, day=given.day)
