"""What officers do: an act on a case, an approval for the public list. Each is a form with its session's token."""

import secrets
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Limit

from server.access.doors import Holders
from server.access.rights import Role
from server.access.sessions import Visitor
from server.cases import opening, repository
from server.cases.opening import Parting
from server.cases.service import Order
from server.casework import service as casework
from server.civil_time import day_ends_ms
from server.console.desk import CaseId, Desk, Field, to, work_of
from server.console.looking import show_refusal
from server.console.refusal import REFUSALS, Refusal
from server.db import unit_of_work
from server.decisions import reviewing
from server.decisions.act_rights import right_of
from server.lists import service as lists
from server.own_page.codes import code_of
from server.procedure.words import Act, AgeBand, Basis, CaseState
from server.service import Service

CASE: Final = "/console/cases/{case_id}"
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

    def typed(self) -> dict[str, str]:
        """Return what was filled in, as the fields hold it."""
        said = self.model_dump(mode="json", exclude={"csrf", "version", "act"}, exclude_none=True)
        return {name: str(value) for name, value in said.items()}

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

    @console.post(CASE)
    def do(request: Request, case_id: CaseId, form: Annotated[ActForm, Form()]) -> Response:
        answer = _told(desk, request, (form.act, form.typed()), lambda who: _act(service, who, case_id, form))
        if form.act is Act.REJECT:
            service.tell_boxes()  # it may have suspended the site
        return answer

    @console.post(CASE + "/publish")
    def publish(request: Request, case_id: CaseId, reason: Field, days: Annotated[int, Form()]) -> Response:
        def approve(who: Visitor) -> int:
            with unit_of_work(service.sessions) as session:
                approval = lists.Approval(f"l{secrets.token_hex(12)}", who.name, reason, days, service.now_ms())
                lists.publish(session, repository.get(session, case_id), approval, service.store)
            return case_id

        return _told(desk, request, ("publish", {"reason": reason, "days": str(days)}), approve)

    @console.post(CASE + "/reports/{event_id}/part")
    def part(request: Request, case_id: CaseId, event_id: str, reason: Reason) -> Response:
        def part_it(who: Visitor) -> int:
            with unit_of_work(service.sessions) as session:
                parting = Parting(who.name, reason, service.now_ms())
                return opening.part(session, case_id, event_id, parting, service.house.book).id

        return _told(desk, request, ("part", {"reason": reason}), part_it)

    @console.get(CASE + "/publish")
    @console.get(CASE + "/reports/{event_id}/part")
    def after_a_form(case_id: CaseId) -> Response:
        """Lead back whoever asks for the address of a form that was refused."""
        return to(f"/console/cases/{case_id}")

    return console


def _told(desk: Desk, request: Request, asked: tuple[str, dict[str, str]], do: Callable[[Visitor], int]) -> Response:
    """Do what a form asks for and lead to the case that it says; what is refused is told on the page of the form's."""
    try:
        return to(f"/console/cases/{do(desk.visitor(request))}")
    except REFUSALS as error:
        return show_refusal(desk, request, int(request.path_params["case_id"]), Refusal(*asked, error))


def _act(service: Service, who: Visitor, case_id: int, form: ActForm) -> int:
    work = work_of(service)
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
    return case_id
