"""What officers do: an act on a case, an approval for the public list. Each is a form with its session's token."""

import secrets
from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Limit

from server.access.doors import Holders
from server.access.rights import Role
from server.cases import opening, repository
from server.cases.opening import Parting
from server.cases.service import Order
from server.casework import service as casework
from server.civil_time import day_ends_ms
from server.console.desk import CaseId, Desk, Field, to, work_of
from server.db import unit_of_work
from server.decisions import reviewing
from server.decisions.act_rights import right_of
from server.lists import service as lists
from server.own_page.codes import code_of
from server.procedure.words import Act, AgeBand, Basis, CaseState

Reason = Annotated[str, Form(max_length=200)]
Yuan = Annotated[Decimal, Limit(gt=0, le=100_000, decimal_places=2)]


class ActForm(BaseModel):
    """The form of an act. ``until`` is a last day in Beijing; empty fields are not filled in."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    csrf: str
    version: Annotated[int, Limit(ge=0, le=2**53 - 1)]
    act: Act
    reason: Annotated[str, Limit(max_length=500)] = ""
    basis: Basis | None = None
    age_band: AgeBand | None = None
    amount_yuan: Yuan | None = None
    until: date | None = None

    def order(self, officer: str, now_ms: int) -> Order:
        """Return what the officer asks for."""
        return Order(
            act=self.act,
            version=self.version,
            actor=officer,
            at_ms=now_ms,
            reason=self.reason,
            age_band=self.age_band,
            basis=self.basis,
            amount_fen=None if self.amount_yuan is None else int(self.amount_yuan * 100),
            until_ms=None if self.until is None else day_ends_ms(self.until) - 1,
        )


def router(desk: Desk) -> APIRouter:
    """Return the routes for officers."""
    console = APIRouter()
    service = desk.service

    @console.post("/console/cases/{case_id}/act")
    def do(request: Request, case_id: CaseId, form: Annotated[ActForm, Form()]) -> Response:
        who, work = desk.visitor(request), work_of(service)
        with service.sessions.reading() as session:  # no lock is held while the evidence is read
            case = repository.get(session, case_id)
            who.must(Holders(frozenset({right_of(form.act, CaseState(case.state))})))
            casework.prove(session, work, case, form.act)
        with unit_of_work(service.sessions) as session:
            case = repository.get(session, case_id)
            order, code = form.order(who.name, service.now_ms()), code_of(service.secrets_box, case.id)
            if who.role is Role.REVIEWER:
                reviewing.act(session, case, order, work.house, lambda o: casework.do(session, work, case, o, code))
            else:
                casework.do(session, work, case, order, code)
        if form.act is Act.REJECT:
            service.tell_boxes()  # it may have suspended the site
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
            parting = Parting(desk.visitor(request).name, reason, service.now_ms())
            case = opening.part(session, case_id, event_id, parting, service.house.book)
        return to(f"/console/cases/{case.id}")

    return console
