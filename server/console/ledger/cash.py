"""On-the-spot cash: taken with its receipt, handed in to another, paid into the bank; what is due today or late."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from server import audit
from server.civil_time import beijing_day
from server.console.desk import Desk, to
from server.console.ledger.fields import Amount, CaseWord, amount_fen, case_id_of
from server.db import unit_of_work
from server.decisions.settling import settle_paid
from server.law.limits import Limit, LimitKey
from server.ledger import cash, payments
from server.ledger.case_account import basis_of
from server.ledger.cash_clocks import CashClock, cash_clocks
from server.ledger.postings import Basis
from server.service import Service

PAGE: Final = "/console/ledger/cash"
RECEIPTS_MAX: Final = 200
Receipt = Annotated[str, Form(min_length=1, max_length=64)]
Receipts = Annotated[list[str], Form(min_length=1, max_length=RECEIPTS_MAX)]
Slip = Annotated[str, Form(min_length=1, max_length=64)]
Name = Annotated[str, Form(min_length=1, max_length=100)]


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service = desk.service

    @console.get(PAGE)
    def on_its_way(request: Request) -> HTMLResponse:
        who = desk.visitor(request)
        with service.sessions.reading() as session:
            found = _clocks(session, service)
        by_taker: dict[str, list[CashClock]] = {}
        for one in found:
            if one.cash.handed_in_at_ms is None:
                by_taker.setdefault(one.cash.officer, []).append(one)
        with_unit = [one for one in found if one.cash.handed_in_at_ms is not None]
        return desk.show(
            request,
            "ledger_cash.html",
            who=who,
            found=found,
            by_taker=by_taker,
            with_unit=with_unit,
            limit=_limit(service),
        )

    @console.post(f"{PAGE}/take")
    def take(request: Request, case: CaseWord, amount: Amount, receipt: Receipt) -> Response:
        """Whoever is logged in has the cash from now on."""
        who, now_ms, case_id = desk.visitor(request).name, service.now_ms(), case_id_of(case)
        with unit_of_work(service.sessions) as session:
            payments.not_who_decided(session, case_id, who)
            basis = basis_of(session, case_id, who, now_ms)
            cash.take_cash(session, basis, amount_fen(amount), receipt.strip(), _limit(service).value)
            settle_paid(session, [case_id], who, now_ms, service.house)
            audit.record(session, now_ms, who, "ledger.cash", case_id, f"receipt {receipt}, {amount} yuan")
        return to(PAGE)

    _add_steps(console, desk)
    return console


def _add_steps(console: APIRouter, desk: Desk) -> None:
    service = desk.service

    @console.post(f"{PAGE}/hand-in")
    def hand_in(request: Request, receipts: Receipts, officer: Name) -> Response:
        """Receive cash from whoever took it: two people."""
        who, now_ms = desk.visitor(request).name, service.now_ms()
        with unit_of_work(service.sessions) as session:
            basis = Basis(None, who, "", now_ms, service.settings.demonstration)
            cash.hand_in(session, receipts, officer, basis)
            audit.record(session, now_ms, who, "ledger.cash.hand_in", detail=f"from {officer}: {', '.join(receipts)}")
        return to(PAGE)

    @console.post(f"{PAGE}/bank")
    def bank(request: Request, receipts: Receipts, slip: Slip) -> Response:
        who, now_ms = desk.visitor(request).name, service.now_ms()
        with unit_of_work(service.sessions) as session:
            basis = Basis(None, who, "", now_ms, service.settings.demonstration)
            cash.bank_cash(session, receipts, basis, slip.strip())
            audit.record(session, now_ms, who, "ledger.cash.bank", detail=f"deposit {slip}: {', '.join(receipts)}")
        return to(PAGE)


def _clocks(session: Session, service: Service) -> list[CashClock]:
    law = service.house.book
    return cash_clocks(cash.cash_moments(session), law.terms, law.calendar, service.now_ms())


def _limit(service: Service) -> Limit:
    return service.house.book.limits.at(LimitKey.CASH_ON_THE_SPOT_MAX, beijing_day(service.now_ms()))
