"""Files of the bank and of the payment service: imported, looked at line by line, their money moved on."""

from typing import Annotated, Final

from fastapi import APIRouter, File, Form, Path, Request, UploadFile
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from server import audit
from server.civil_time import beijing_day
from server.console.desk import Desk, to
from server.console.ledger.fields import Amount, Reference
from server.db import unit_of_work
from server.decisions.settling import settle_paid
from server.errors import ServerError
from server.ledger import bank_import, imported, payments
from server.ledger.bank_file import BYTES_MAX, BankFileError, one_line, read_bank_file
from server.ledger.bank_import import Delivery
from server.ledger.incoming import Source
from server.ledger.kinds import EntryKind
from server.ledger.postings import Basis
from server.ledger.references import cases_in
from server.service import Service

BY_HAND: Final = "—"
LINES: Final = 100
Sha = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
From = Annotated[Source, Form()]
Id = Annotated[str, Form(max_length=64)]
Day = Annotated[str, Form(max_length=10)]
Move = Annotated[EntryKind, Form()]


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service = desk.service

    @console.get("/console/ledger/bank")
    def files(request: Request) -> HTMLResponse:
        return _page(desk, request, None)

    @console.post("/console/ledger/bank")
    def take(request: Request, source: From, file: Annotated[UploadFile, File()]) -> Response:
        data = file.file.read(BYTES_MAX + 1)
        return _taken(desk, request, data, Delivery(source, file.filename or BY_HAND, service.secrets_box))

    @console.post("/console/ledger/bank/one")
    def take_one(
        request: Request, source: From, own_id: Id, amount: Amount, booked_on: Day, reference: Reference = ""
    ) -> Response:
        """One payment, typed from the bank's or the payment service's own page."""
        said = {"booked_on": booked_on, "amount": amount, "currency": "CNY", "reference": reference, "bank_id": own_id}
        data = one_line(said | {"payer_name": ""})
        return _taken(desk, request, data, Delivery(source, BY_HAND, service.secrets_box))

    @console.get("/console/ledger/bank/{sha256}")
    def one(request: Request, sha256: Sha, outcome: str = "", after: str = "", known: int = 0) -> HTMLResponse:
        with service.sessions.reading() as session:
            told = imported.file_told(session, sha256)
            lines = imported.lines(session, sha256, outcome[:40], after[:80], LINES + 1)
        more = lines[LINES - 1].reference if len(lines) > LINES else None
        return desk.show(
            request,
            "ledger_file.html",
            who=desk.visitor(request),
            file=told,
            lines=lines[:LINES],
            more=more,
            outcome=outcome,
            known=known,
        )

    @console.post("/console/ledger/bank/{sha256}/move")
    def move(request: Request, sha256: Sha, kind: Move) -> Response:
        """Settle a file's e-payments with the bank, or hand its money to the treasury."""
        who, now_ms = desk.visitor(request).name, service.now_ms()
        with unit_of_work(service.sessions) as session:
            bases = imported.bases(session, sha256, who, now_ms)
            made = payments.move(session, imported.movable(kind), bases, who)
            detail = f"{kind} of {sha256[:12]}: {sum(e.amount_fen for e in made)} fen of {len(made)} cases"
            audit.record(session, now_ms, who, "ledger.move", detail=detail)
        return to(f"/console/ledger/bank/{sha256}")

    return console


def _taken(desk: Desk, request: Request, data: bytes, delivery: Delivery) -> Response:
    service, who = desk.service, desk.visitor(request).name
    now_ms = service.now_ms()
    try:
        statement = read_bank_file(data, beijing_day(now_ms))
        basis = Basis(None, who, statement.sha256, now_ms, service.settings.demonstration)
        with unit_of_work(service.sessions) as session:
            if delivery.name == BY_HAND:  # a file pays whom it names; what a person types they answer for (art. 67)
                for case_id in sorted(cases_in(statement.entries[0].remark)):
                    payments.not_who_decided(session, case_id, who)
            told = bank_import.take_in(session, statement, delivery, basis)
            paid = [base.case_id for base in imported.bases(session, statement.sha256, who, now_ms)]
            settle_paid(session, paid, who, now_ms, service.house)
            _note(
                session, service, who, f"{statement.sha256[:12]} of {delivery.source}, {len(statement.entries)} lines"
            )
    except BankFileError as error:
        return _page(desk, request, error)
    return to(f"/console/ledger/bank/{statement.sha256}?known={told.known}")


def _note(session: Session, service: Service, who: str, detail: str) -> None:
    audit.record(session, service.now_ms(), who, "ledger.import", detail=detail)


def _page(desk: Desk, request: Request, error: ServerError | None) -> HTMLResponse:
    with desk.service.sessions.reading() as session:
        files = imported.files(session, 50)
    status = 200 if error is None else error.http_status
    problems = () if not isinstance(error, BankFileError) else error.problems[:200]
    who, today = desk.visitor(request), beijing_day(desk.service.now_ms())
    return desk.show(request, "ledger_bank.html", status, who=who, files=files, problems=problems, today=today)
