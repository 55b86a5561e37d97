"""The page of devices: an admin makes a one-time code and revokes; everybody who is logged in sees what is enrolled."""

import json
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from server import devices as register
from server.access.rights import Right
from server.access.sessions import Visitor
from server.boxes import service as boxes
from server.boxes.facts import facts
from server.cases import repository
from server.console.desk import Desk, to
from server.db import unit_of_work
from server.enrolment import codes
from server.enrolment import service as enrolment

PAGE = "/console/devices"
Id = Annotated[str, Form(max_length=63)]
Ids = Annotated[str, Form(max_length=4096)]
Reason = Annotated[str, Form(max_length=200)]
Key = Annotated[Literal["kept", "lost"], Form()]
"""Whether a revoked device's key is still in the operator's hands."""
CodeId = Annotated[int, Path(ge=1, le=2**53 - 1)]


def router(desk: Desk) -> APIRouter:
    """Return the routes: who may use them: server/access/doors.py."""
    console = APIRouter()
    service = desk.service

    @console.get(PAGE)
    def devices(request: Request) -> HTMLResponse:
        with service.sessions.reading() as session:
            return _page(desk, session, request, desk.visitor(request))

    @console.get(f"{PAGE}/codes")
    def after_a_code() -> Response:
        """Lead back whoever loads the page of a code again, or changes its language: a code is shown once."""
        return to(PAGE)

    @console.post(f"{PAGE}/codes")
    def new_code(request: Request, device_id: Id, site_id: Id, cameras: Ids = "") -> HTMLResponse:
        ids = tuple(cameras.replace(",", " ").replace("，", " ").split())
        with unit_of_work(service.sessions) as session:
            who = desk.visitor(request)
            wanted = codes.Wanted(device_id.strip(), site_id.strip(), ids, who.name, service.now_ms())
            code = codes.make(session, wanted)
            session.flush()
            return _page(desk, session, request, who, (wanted.device_id, code))

    @console.post(PAGE + "/codes/{code_id}/withdraw")
    def withdraw(request: Request, code_id: CodeId) -> Response:
        with unit_of_work(service.sessions) as session:
            who = desk.visitor(request)
            codes.withdraw(session, code_id, who.name, service.now_ms())
        return to(PAGE)

    @console.post(PAGE + "/{device_id}/revoke")
    def revoke(request: Request, device_id: str, reason: Reason, key: Key) -> Response:
        with unit_of_work(service.sessions) as session:
            who = desk.visitor(request)
            lost = key == "lost"
            codes.revoke_device(session, device_id, who.name, reason, service.now_ms(), key_is_lost=lost)
        told = service.broker_access.shut_out(device_id)
        return to(PAGE if told else f"{PAGE}?broker=later")

    return console


def _page(
    desk: Desk, session: Session, request: Request, who: Visitor, made: tuple[str, str] | None = None
) -> HTMLResponse:
    """Show the register; ``made`` is a device's new code, shown this once."""
    shown = desk.show(
        request,
        "devices.html",
        who=who,
        may_manage=who.may(Right.MANAGE_DEVICES),
        devices=(devices := register.all_devices(session)),
        boxes=boxes.seen(session, [device.id for device in devices]),
        facts=facts,
        names=repository.site_names(session),
        made=made,
        codes=[(code, json.loads(code.cameras)) for code in codes.open_codes(session, desk.service.now_ms())],
        refusals=enrolment.refusals(session),
        broker_later=request.query_params.get("broker") == "later",
        centre=str(request.base_url).rstrip("/"),
    )
    shown.headers["Cache-Control"] = "no-store"
    return shown
