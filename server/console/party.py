"""The page of a case's party: keep or correct who it is, open it for a reason. No face search, no pictures."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Limit

from server import audit
from server.civil_time import beijing_day
from server.console.desk import CaseId, Desk, to
from server.console.party_page import FIELDS, Shown, party_of, show, typed_of
from server.db import unit_of_work
from server.errors import ConflictError, WrongInputError
from server.parties import service as parties
from server.parties.identity import read_identity
from server.parties.service import By

PARTY = "/console/cases/{case_id}/party"
Reason = Annotated[str, Form(max_length=400)]
Typed = Annotated[str, Limit(max_length=400)]


class IdentityForm(BaseModel):
    """The form of an identity, as it was typed in; printing it prints nothing of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    csrf: str
    reason: Typed = ""
    name: Typed = ""
    document_kind: Typed = ""
    document_number: Typed = ""
    date_of_birth: Typed = ""
    phone: Typed = ""
    address: Typed = ""
    rider_code: Typed = ""
    plate: Typed = ""
    company: Typed = ""

    def __repr__(self) -> str:
        """Return nothing that a log could keep."""
        return "IdentityForm(hidden)"

    __str__ = __repr__

    def typed(self) -> dict[str, str]:
        """Return the identity's fields."""
        return {name: str(getattr(self, name)) for name in FIELDS}


def router(desk: Desk) -> APIRouter:
    """Return the routes; who may use them: server/access/doors.py."""
    console = APIRouter()
    service = desk.service

    @console.get(PARTY)
    def page(request: Request, case_id: CaseId) -> HTMLResponse:
        with unit_of_work(service.sessions) as session:
            who = desk.visitor(request)
            answer = show(desk, session, request, case_id)
            audit.opened(session, service.now_ms(), who.name, "party.view", case_id, str(who.role))
            return answer

    @console.get(PARTY + "/{form}")
    @console.get(PARTY + "/{form}/{number}/{deed}")
    def after_a_form(case_id: CaseId) -> Response:
        """Lead back whoever loads the answer to a form again: what was opened is shown once."""
        return to(f"/console/cases/{case_id}/party")

    @console.post(f"{PARTY}/identity")
    def keep(request: Request, case_id: CaseId, form: Annotated[IdentityForm, Form()]) -> Response:
        by = By(desk.visitor(request).name, service.now_ms(), form.reason)
        try:
            with unit_of_work(service.sessions) as session:
                identity = read_identity(form.typed(), beijing_day(by.at_ms))
                parties.keep_identity(session, service.secrets_box, party_of(session, case_id).id, identity, by)
        except (WrongInputError, ConflictError) as error:
            shown = Shown(wrong="identity", error=error, typed=form.typed() | {"reason": form.reason})
            with service.sessions.reading() as session:
                return show(desk, session, request, case_id, shown)
        return to(f"/console/cases/{case_id}/party")

    @console.post(f"{PARTY}/open")
    def open_(request: Request, case_id: CaseId, reason: Reason) -> HTMLResponse:
        by = By(desk.visitor(request).name, service.now_ms(), reason)
        try:
            with unit_of_work(service.sessions) as session:
                identity = parties.open_identity(session, service.secrets_box, party_of(session, case_id).id, by)
                shown = Shown(identity=identity, typed=typed_of(identity))
                answer = show(desk, session, request, case_id, shown)
        except WrongInputError as error:
            with service.sessions.reading() as session:
                return show(desk, session, request, case_id, Shown(wrong="open", error=error))
        return answer

    return console
