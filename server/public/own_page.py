"""The party's own page: number and code open one case, and nothing else. The forms: server/public/own_forms.py."""

import secrets
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from server import audit
from server.cases import repository as cases
from server.db import unit_of_work
from server.errors import TooManyTriesError
from server.own_page import pictures, visits
from server.own_page.words import PARTY
from server.public.own_desk import OwnDesk, headed
from server.public.own_forms import add_forms
from server.public.own_gate import BEFORE, CASE, OwnGate, visit_of, word
from server.service import Service

Number = Annotated[str, Query(max_length=60)]
Role = Annotated[str, Path(pattern="^(before|entry|advanced)$")]
AT_HOME: Final = "/own/case"
WRONG: Final = 401


def router(service: Service) -> APIRouter:
    """Return the routes."""
    gate = OwnGate(service)
    desk = OwnDesk(service, gate)
    own = APIRouter(include_in_schema=False, dependencies=[Depends(gate)])
    _add_entrance(own, desk)
    _add_case(own, desk)
    add_forms(own, desk)
    return own


def _add_entrance(own: APIRouter, desk: OwnDesk) -> None:
    service, gate = desk.service, desk.gate

    @own.get("/own")
    def entrance(request: Request, number: Number = "") -> Response:
        return _entrance(desk, request, number)

    @own.post("/own")
    async def enter(request: Request) -> Response:
        typed = (word(request.state.form, "number"), word(request.state.form, "code"))
        address = request.client.host if request.client else ""
        try:
            token = await run_in_threadpool(_entered, service, typed, address)
        except TooManyTriesError as error:
            return await run_in_threadpool(_entrance, desk, request, typed[0][:60], error.http_status)
        if token is None:
            return await run_in_threadpool(_entrance, desk, request, typed[0][:60], WRONG)
        response = RedirectResponse(AT_HOME, 303)
        gate.set_cookie(response, CASE, token)
        return headed(response)

    @own.post("/own/leave")
    def leave(request: Request) -> Response:
        with unit_of_work(service.sessions) as session:
            visits.leave(session, gate.cookie(request, CASE))
        response = RedirectResponse("/own", 303)
        gate.set_cookie(response, CASE, "")
        return headed(response)


def _add_case(own: APIRouter, desk: OwnDesk) -> None:
    service = desk.service

    @own.get(AT_HOME)
    def case_page(request: Request) -> Response:
        return desk.case_page(request, visit_of(request))

    @own.get(AT_HOME + "/pictures/{role}.jpg")
    def picture(request: Request, role: Role) -> Response:
        visit, at_ms = visit_of(request), service.now_ms()
        with unit_of_work(service.sessions) as session:
            case = cases.get(session, visit.case_id)
            jpeg = pictures.masked(session, case, role, service.store)
            audit.opened(session, at_ms, PARTY, "own_page.picture", case.id, role)
        return headed(Response(jpeg, media_type="image/jpeg"))


def _entered(service: Service, typed: tuple[str, str], address: str) -> str | None:
    with unit_of_work(service.sessions) as session:
        return visits.enter(session, service.secrets_box, typed, address, service.now_ms())


def _entrance(desk: OwnDesk, request: Request, number: str, status: int = 200) -> Response:
    """Show the form with the token of this visit."""
    before = desk.gate.cookie(request, BEFORE) or secrets.token_urlsafe(24)
    response = desk.show(request, "own_entrance.html", status, number=number, failed=status, csrf=before)
    desk.gate.set_cookie(response, BEFORE, before)
    return response
