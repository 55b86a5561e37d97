"""What officers do: an act on a case, an approval for the public list. Each is a form with its session's token."""

import secrets
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Limit

from server.access.doors import Holders
from server.access.rights import Right
from server.cases import opening, repository, verifying
from server.cases import service as cases
from server.cases.procedure import Act, AgeBand, Basis
from server.cases.service import Order
from server.console.desk import CaseId, Desk, Field, to
from server.db import unit_of_work
from server.decisions import decide
from server.lists import service as lists

Reason = Annotated[str, Form(max_length=200)]
RIGHTS: Final = {
    Act.CONFIRM: Right.CONFIRM,
    Act.REJECT: Right.CONFIRM,
    Act.IDENTIFY: Right.IDENTIFY,
    Act.FINE: Right.DECIDE,
    Act.WARN: Right.DECIDE,
    Act.EDUCATE: Right.DECIDE,
    Act.REVOKE: Right.REVOKE,
}
"""The right that each act takes; the door of the route lets in whoever has one of them."""


class ActForm(BaseModel):
    """The form of an act."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    csrf: str
    version: Annotated[int, Limit(ge=0, le=2**53 - 1)]
    act: Act
    reason: str = ""
    basis: Basis | None = None
    age_band: AgeBand | None = None

    def order(self, officer: str, now_ms: int, amount_fen: int | None) -> Order:
        """Return what the officer asks for; the amount is the law table's, never the form's."""
        return Order(self.act, self.version, officer, now_ms, self.reason, self.age_band, self.basis, amount_fen)


def router(desk: Desk) -> APIRouter:
    """Return the routes for officers."""
    console = APIRouter()
    service = desk.service

    @console.post("/console/cases/{case_id}/act")
    def do(request: Request, case_id: CaseId, form: Annotated[ActForm, Form()]) -> Response:
        who = desk.visitor(request)
        who.must(Holders(frozenset({RIGHTS[form.act]})))
        if form.act is Act.CONFIRM:
            with service.sessions.reading() as session:  # no lock is held while the evidence is read
                verifying.must_hold(session, repository.get(session, case_id), service.store)
        with unit_of_work(service.sessions) as session:
            case = repository.get(session, case_id)
            offence = cases.offence_of(case, service.house.law) if form.act is Act.FINE else None
            fine_fen = None if offence is None else offence.fine_fen
            order = form.order(who.name, service.now_ms(), fine_fen)
            decide(session, case, order, service.house)
        return to(f"/console/cases/{case_id}")

    @console.post("/console/cases/{case_id}/publish")
    def publish(request: Request, case_id: CaseId, reason: Field, days: Annotated[int, Form()]) -> Response:
        with unit_of_work(service.sessions) as session:
            who = desk.visitor(request)
            approval = lists.Approval(f"l{secrets.token_hex(12)}", who.name, reason, days, service.now_ms())
            lists.publish(session, repository.get(session, case_id), approval, service.store)
        return to(f"/console/cases/{case_id}")

    @console.post("/console/cases/{case_id}/reports/{event_id}/part")
    def part(request: Request, case_id: CaseId, event_id: str, reason: Reason) -> Response:
        with unit_of_work(service.sessions) as session:
            who = desk.visitor(request)
            case = opening.part(session, case_id, event_id, who.name, reason, service.now_ms())
        return to(f"/console/cases/{case.id}")

    return console
