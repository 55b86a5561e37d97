"""The first page of the ledger: what is to be done, the trial balance of a day, a month or all; as XLSX and as PDF."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from server import audit
from server.access.sessions import Visitor
from server.civil_time import beijing_day
from server.console.desk import Desk
from server.console.ledger.fields import Reason, day_of
from server.db import unit_of_work
from server.documents import service as documents
from server.documents.service import Printed, must_print
from server.documents.words import Kind
from server.ledger import statements, suspense
from server.ledger.cash_clocks import cash_clocks
from server.ledger.checking import newest_check
from server.ledger.printed import statement_said
from server.ledger.sheets import period_sheet
from server.ledger.statements import PeriodStatement
from server.parties.service import By
from server.service import Service

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: Final = (Kind.DAILY_STATEMENT, Kind.MONTHLY_STATEMENT)
Span = Literal["day", "month", "all"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which days: the day itself, its month, or all up to it. ``day`` empty: today."""

    span: Annotated[Span, Query()] = "day"
    day: Annotated[str, Query(max_length=10)] = ""

    def on(self, today: date) -> date:
        """Return the day. Raises WrongInputError."""
        return day_of(self.day) if self.day else today


Asked = Annotated[Filter, Depends()]


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service = desk.service

    @console.get("/console/ledger")
    def ledger(request: Request, asked: Asked) -> HTMLResponse:
        day = asked.on(_today(service))
        with service.sessions.reading() as session:
            told = _statement(session, service, asked.span, day)
            issued = documents.newest(session, KINDS, 12)
            todo = _todo(session, service, told)
        return desk.show(
            request,
            "ledger.html",
            who=desk.visitor(request),
            told=told,
            todo=todo,
            issued=issued,
            span=asked.span,
            day=day,
            can_print=service.office is not None,
        )

    @console.get("/console/ledger/statement.xlsx")
    def sheet(request: Request, asked: Asked) -> Response:
        day = asked.on(_today(service))
        with unit_of_work(service.sessions) as session:
            told = _statement(session, service, asked.span, day)
            _note(session, service, desk.visitor(request), f"{told.first} to {told.last}, XLSX")
        return _file(period_sheet(told), XLSX, f"ledger-{told.first}-{told.last}.xlsx")

    _add_printing(console, desk)
    return console


def _add_printing(console: APIRouter, desk: Desk) -> None:
    service = desk.service

    @console.post("/console/ledger/statement")
    def issue(request: Request, day: Annotated[str, Form(max_length=10)], span: Annotated[Span, Form()]) -> Response:
        """Number and keep a statement; a month's is asked for by any of its days."""
        who, of, now_ms = desk.visitor(request), day_of(day), service.now_ms()
        with unit_of_work(service.sessions) as session:
            told = _statement(session, service, "day" if span == "day" else "month", of)
            said = statement_said(session, told, who.name)
            printed = documents.issue(session, must_print(service.office), said, None, By(who.name, now_ms))
        return printed_file(printed)

    @console.post("/console/ledger/statement/again")
    def again(request: Request, document_id: Annotated[int, Form(ge=1, le=2**53 - 1)], reason: Reason) -> Response:
        who, now_ms = desk.visitor(request), service.now_ms()
        with unit_of_work(service.sessions) as session:
            documents.must_be(session, document_id, KINDS)
            printed = documents.print_again(
                session, must_print(service.office), document_id, By(who.name, now_ms, reason)
            )
        return printed_file(printed)


@dataclass(frozen=True, slots=True)
class Todo:
    """What waits for a cashier, and whether the book is whole."""

    waiting: int
    cash_pressing: int
    cash_on_its_way: int
    broken: bool


def _todo(session: Session, service: Service, told: PeriodStatement) -> Todo:
    law, cash = service.house.book, told.cash_on_its_way
    clocks = cash_clocks(cash, law.terms, law.calendar, service.now_ms())
    check = newest_check(session)
    broken = check is not None and (check.broken_at is not None or not check.fits_head)
    return Todo(suspense.waiting(session), sum(c.pressing for c in clocks), len(cash), broken)


def _statement(session: Session, service: Service, span: Span, day: date) -> PeriodStatement:
    demonstration = service.settings.demonstration
    if span == "month":
        return statements.month(session, day.year, day.month, demonstration=demonstration)
    first = statements.FIRST_DAY + timedelta(days=1) if span == "all" else day
    return statements.period(session, first, day, demonstration=demonstration)


def _today(service: Service) -> date:
    return beijing_day(service.now_ms())


def _note(session: Session, service: Service, who: Visitor, detail: str) -> None:
    audit.record(session, service.now_ms(), who.name, "ledger.export", detail=detail)


def printed_file(printed: Printed) -> Response:
    """Return a document as the file that a visitor keeps."""
    name = printed.document.data_name.partition("/")[0]
    return _file(printed.pdf, "application/pdf", f"{name}.pdf")


def _file(data: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type=media_type, headers=headers)
