"""What the ledger's desk prints of one case: the receipt of a payment, the party's account; and either again."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from server.cases import repository
from server.casework.demanding import account
from server.console.desk import CaseId, Desk, work_of
from server.console.ledger.fields import Reason
from server.console.ledger.statement import printed_file
from server.db import unit_of_work
from server.documents import service as documents
from server.documents.service import must_print
from server.own_page.codes import code_of
from server.papers.paid import DESK_KINDS
from server.papers.service import issue_receipt
from server.parties.service import By

PAGE: Final = "/console/ledger/cases/{case_id}"
Paid = Annotated[str, Form(min_length=1, max_length=80)]


def router(desk: Desk) -> APIRouter:
    """Return the routes; who may use them: server/access/doors.py. What is issued is in the audit log."""
    console = APIRouter()
    service = desk.service

    @console.post(f"{PAGE}/receipt")
    def receipt(request: Request, case_id: CaseId, reference: Paid) -> Response:
        by = By(desk.visitor(request).name, service.now_ms())
        with unit_of_work(service.sessions) as session:
            case, papers = repository.get(session, case_id), work_of(service).must_print()
            printed = issue_receipt(session, papers, case, reference, by)
        return printed_file(printed)

    @console.post(f"{PAGE}/statement")
    def statement(request: Request, case_id: CaseId) -> Response:
        by = By(desk.visitor(request).name, service.now_ms())
        with unit_of_work(service.sessions) as session:
            code = code_of(service.secrets_box, case_id)
            printed = account(session, work_of(service), repository.get(session, case_id), by, code)
        return printed_file(printed)

    @console.post(f"{PAGE}/again")
    def again(
        request: Request, case_id: CaseId, document_id: Annotated[int, Form(ge=1, le=2**53 - 1)], reason: Reason
    ) -> Response:
        by = By(desk.visitor(request).name, service.now_ms(), reason)
        with unit_of_work(service.sessions) as session:
            documents.must_be(session, document_id, DESK_KINDS, case_id)
            printed = documents.print_again(session, must_print(service.office), document_id, by)
        return printed_file(printed)

    return console
