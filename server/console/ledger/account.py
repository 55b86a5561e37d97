"""One case's account: what was posted, what is owed, what a surcharge may come to today; and what is decided of it."""

import re
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from server import audit
from server.console.desk import CaseId, Desk, to
from server.console.ledger.fields import Amount, Reason, amount_fen, case_id_of, day_of, reason_of
from server.db import unit_of_work
from server.decisions.due import reckon
from server.decisions.settling import settle_paid
from server.errors import ConflictError, WrongInputError
from server.ledger import agreements, payments
from server.ledger.case_account import account_of, ask_surcharge, basis_of
from server.ledger.imported import movable
from server.ledger.instalments import PARTS_MAX, Due
from server.ledger.kinds import EntryKind
from server.ledger.lateness import LawOfPayment
from server.ledger.references import grouped, payment_reference
from server.ledger.refusals import Refusal, refused
from server.ledger.sheets import party_sheet
from server.papers.paid import papers_of, payments_of
from server.service import Service

PAGE: Final = "/console/ledger/cases/{case_id}"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Parts = Annotated[str, Form(max_length=4000)]
WAIVED: Final = {"fine": EntryKind.WAIVED, "surcharge": EntryKind.SURCHARGE_WAIVED}


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service = desk.service

    @console.get("/console/ledger/find")
    def find(case: Annotated[str, Query(max_length=40)] = "") -> Response:
        return to(f"/console/ledger/cases/{case_id_of(case)}")

    @console.get(PAGE)
    def account(request: Request, case_id: CaseId) -> HTMLResponse:
        with service.sessions.reading() as session:
            told = account_of(session, case_id, law_of(service), service.now_ms())
            paid, papers = payments_of(session, case_id), papers_of(session, case_id)
        return desk.show(
            request,
            "ledger_account.html",
            who=desk.visitor(request),
            told=told,
            payments=paid,
            papers=papers,
            reference=grouped(payment_reference(case_id)),
            social=service.settings.social_service,
            can_print=service.office is not None,
        )

    @console.get(f"{PAGE}/account.xlsx")
    def sheet(request: Request, case_id: CaseId) -> Response:
        with unit_of_work(service.sessions) as session:
            told = account_of(session, case_id, law_of(service), service.now_ms())
            who = desk.visitor(request).name
            audit.record(session, service.now_ms(), who, "ledger.export", case_id, "account, XLSX")
        headers = {
            "Content-Disposition": f'attachment; filename="{told.case.number}.xlsx"',
            "Cache-Control": "no-store",
        }
        return Response(party_sheet(told.statement), media_type=XLSX, headers=headers)

    _add_decisions(console, desk)
    _add_payments(console, desk)
    return console


def _add_decisions(console: APIRouter, desk: Desk) -> None:
    service = desk.service

    @console.post(f"{PAGE}/surcharge")
    def surcharge(request: Request, case_id: CaseId, amount: Amount, reason: Reason) -> Response:
        """Ask for a surcharge: an officer decides whether, the law how much at the most."""
        who, now_ms = desk.visitor(request).name, service.now_ms()
        with unit_of_work(service.sessions) as session:
            basis = basis_of(session, case_id, who, now_ms)
            ask_surcharge(session, basis, law_of(service), amount_fen(amount), reason_of(reason))
            audit.record(session, now_ms, who, "ledger.surcharge", case_id, f"{amount} yuan: {reason}")
        return _back(case_id)

    @console.post(f"{PAGE}/waive")
    def waive(
        request: Request, case_id: CaseId, of: Annotated[str, Form(max_length=20)], amount: Amount, reason: Reason
    ) -> Response:
        if of not in WAIVED:
            raise WrongInputError(*refused(Refusal.FINE_OR_SURCHARGE, found=of))
        _decide(desk, request, case_id, WAIVED[of], amount, reason)
        return _back(case_id)

    @console.post(f"{PAGE}/social-service")
    def serve(request: Request, case_id: CaseId, amount: Amount, reason: Reason) -> Response:
        if not service.settings.social_service:
            raise ConflictError(*refused(Refusal.NO_SOCIAL_SERVICE))
        _decide(desk, request, case_id, EntryKind.SERVED_SOCIALLY, amount, reason)
        return _back(case_id)

    @console.post(f"{PAGE}/agree")
    def agree(request: Request, case_id: CaseId, parts: Parts, reason: Reason) -> Response:
        """Grant a deferral (one part) or instalments: a line a part, its day and its yuan."""
        who, now_ms = desk.visitor(request).name, service.now_ms()
        with unit_of_work(service.sessions) as session:
            agreements.grant(session, case_id, dues_of(parts), who, reason_of(reason), now_ms)
            reckon(session, case_id, service.house, now_ms)
            audit.record(session, now_ms, who, "ledger.agree", case_id, reason)
        return _back(case_id)


def _add_payments(console: APIRouter, desk: Desk) -> None:
    service = desk.service

    @console.post(f"{PAGE}/refund")
    def refund(request: Request, case_id: CaseId, reason: Reason) -> Response:
        who, now_ms = desk.visitor(request).name, service.now_ms()
        with unit_of_work(service.sessions) as session:
            payments.not_who_decided(session, case_id, who)
            payments.refund(session, basis_of(session, case_id, who, now_ms), reason_of(reason))
            audit.record(session, now_ms, who, "ledger.refund", case_id, reason)
        return _back(case_id)

    @console.post(f"{PAGE}/move")
    def move(request: Request, case_id: CaseId, kind: Annotated[EntryKind, Form()]) -> Response:
        """Settle the case's e-payments with the bank, or hand its money to the treasury."""
        who, now_ms = desk.visitor(request).name, service.now_ms()
        with unit_of_work(service.sessions) as session:
            made = payments.move(session, movable(kind), [basis_of(session, case_id, who, now_ms)], who)
            detail = f"{kind}: {sum(entry.amount_fen for entry in made)} fen"
            audit.record(session, now_ms, who, "ledger.move", case_id, detail)
        return _back(case_id)


def _decide(desk: Desk, request: Request, case_id: int, kind: EntryKind, amount: str, reason: str) -> None:
    who, now_ms = desk.visitor(request).name, desk.service.now_ms()
    with unit_of_work(desk.service.sessions) as session:
        basis = basis_of(session, case_id, who, now_ms)
        payments.decide_otherwise(session, kind, basis, amount_fen(amount), reason_of(reason))
        settle_paid(session, [case_id], who, now_ms, desk.service.house)
        audit.record(session, now_ms, who, f"ledger.{kind}", case_id, f"{amount} yuan: {reason}")


def dues_of(text: str) -> list[Due]:
    """Return the parts of an agreement, a line each: ``2026-12-31 10.00``. Raises WrongInputError."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not 1 <= len(lines) <= PARTS_MAX:
        raise WrongInputError(*refused(Refusal.PARTS_OUT_OF_RANGE, most=PARTS_MAX, found=len(lines)))
    parts = [re.split(r"[\s,，]+", line.strip()) for line in lines]
    wrong = [line for line, part in zip(lines, parts, strict=True) if len(part) != 2]
    if wrong:
        raise WrongInputError(*refused(Refusal.NO_PART, found=wrong[0][:40]))
    return [Due(day_of(day), amount_fen(yuan)) for day, yuan in parts]


def law_of(service: Service) -> LawOfPayment:
    """Return what the law's data say of paying."""
    return LawOfPayment(service.house.book.terms, service.house.book.limits, service.house.book.calendar)


def _back(case_id: int) -> Response:
    return to(f"/console/ledger/cases/{case_id}")
