"""Money that belongs to no case yet: the list, and whose it is, or that it goes back, each with a reason."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from server import audit
from server.console.desk import Desk, to
from server.console.ledger.fields import Amount, CaseWord, Reason, Reference, amount_fen, case_id_of, reason_of
from server.db import unit_of_work
from server.decisions.settling import settle_paid
from server.ledger import suspense
from server.ledger.case_account import basis_of
from server.ledger.postings import Basis
from server.parties.service import By

PAGE: Final = "/console/ledger/suspense"
LINES: Final = 100


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service = desk.service

    @console.get(PAGE)
    def waiting(request: Request) -> HTMLResponse:
        return _page(desk, request)

    @console.post(f"{PAGE}/assign")
    def assign(request: Request, reference: Reference, case: CaseWord, amount: Amount, reason: Reason) -> Response:
        who, now_ms, case_id = desk.visitor(request).name, service.now_ms(), case_id_of(case)
        with unit_of_work(service.sessions) as session:
            basis = basis_of(session, case_id, who, now_ms)
            suspense.assign(session, reference, basis, amount_fen(amount), reason_of(reason))
            settle_paid(session, [case_id], who, now_ms, service.house)
            audit.record(session, now_ms, who, "ledger.assign", case_id, f"{reference}, {amount} yuan: {reason}")
        return to(PAGE)

    @console.post(f"{PAGE}/return")
    def give_back(request: Request, reference: Reference, reason: Reason) -> Response:
        who, now_ms = desk.visitor(request).name, service.now_ms()
        with unit_of_work(service.sessions) as session:
            evidence, demonstration = suspense.evidence_of(session, reference)
            made = suspense.give_back(
                session, reference, Basis(None, who, evidence, now_ms, demonstration), reason_of(reason)
            )
            audit.record(session, now_ms, who, "ledger.return", None, f"{reference}, {made.amount_fen} fen: {reason}")
        return to(PAGE)

    @console.post(f"{PAGE}/payer")
    def payer(request: Request, reference: Reference, reason: Reason) -> Response:
        by = By(desk.visitor(request).name, service.now_ms(), reason)
        with unit_of_work(service.sessions) as session:
            name = suspense.payer_name(session, service.secrets_box, reference, by)
        return _page(desk, request, {reference: name})

    return console


def _page(desk: Desk, request: Request, opened: dict[str, str] | None = None) -> HTMLResponse:
    with desk.service.sessions.reading() as session:
        lines, waiting = suspense.unmatched(session, LINES), suspense.waiting(session)
        with_payer = suspense.with_payer(session, [line.reference for line in lines])
    return desk.show(
        request,
        "ledger_suspense.html",
        who=desk.visitor(request),
        lines=lines,
        waiting=waiting,
        with_payer=with_payer,
        opened=opened or {},
    )
