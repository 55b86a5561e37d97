"""The documents of a case: the list, each opened as PDF for a reason, checked byte for byte, and how it was served."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, Response

from server import audit
from server.cases import repository as cases
from server.casework import demanding
from server.civil_time import beijing_ms
from server.console.desk import CaseId, Desk, to, work_of
from server.console.papers_page import Told, show
from server.db import unit_of_work
from server.documents.service import Printed, differences, must_print, print_again
from server.errors import ConflictError, WrongInputError
from server.own_page.codes import code_of
from server.papers import serving
from server.papers.register import document_of, documents_of
from server.papers.serving import Attempt
from server.papers.words import Came, ServedBy
from server.parties.service import By

DOCUMENTS: Final = "/console/cases/{case_id}/documents"
DocumentId = Annotated[int, Path(ge=1, le=2**53 - 1)]
Text = Annotated[str, Form(max_length=400)]


def router(desk: Desk) -> APIRouter:
    """Return the routes; who may use them: server/access/doors.py."""
    console = APIRouter()
    service = desk.service

    @console.get(DOCUMENTS)
    def listed(request: Request, case_id: CaseId) -> HTMLResponse:
        with unit_of_work(service.sessions) as session:
            who = desk.visitor(request)
            answer = show(desk, session, request, case_id)
            audit.opened(session, service.now_ms(), who.name, "documents.view", case_id, str(who.role))
            return answer

    @console.get(DOCUMENTS + "/{form}")
    @console.get(DOCUMENTS + "/{number}/{deed}")
    def after_a_form(case_id: CaseId) -> Response:
        """Lead back whoever loads the answer to a form again."""
        return to(f"/console/cases/{case_id}/documents")

    @console.post(f"{DOCUMENTS}/check")
    def check(request: Request, case_id: CaseId) -> HTMLResponse:
        """Print every document again and compare: nobody reads them, so no reason is asked; it is noted."""
        who, office = desk.visitor(request).name, must_print(desk.service.office)
        with unit_of_work(service.sessions) as session:
            case = cases.get(session, case_id)
            found = {r.document.id: differences(session, office, r.document) for r in documents_of(session, case.id)}
            detail = f"{len(found)} documents, {sum(map(bool, found.values()))} differ"
            audit.record(session, service.now_ms(), who, "document.check", case.id, detail)
            return show(desk, session, request, case_id, Told(checked=found))

    _add_asked_for(console, desk)
    _add_one(console, desk)
    return console


def _add_asked_for(console: APIRouter, desk: Desk) -> None:
    """Add what no act issues: the party's account, and the demand that comes before an enforcement."""
    service = desk.service

    @console.post(f"{DOCUMENTS}/account")
    def account(request: Request, case_id: CaseId) -> Response:
        return _asked_for(request, case_id, demanding.account)

    @console.post(f"{DOCUMENTS}/demand")
    def demand(request: Request, case_id: CaseId) -> Response:
        return _asked_for(request, case_id, demanding.demand)

    def _asked_for(request: Request, case_id: int, issue: Callable[..., Printed]) -> Response:
        by, work = By(desk.visitor(request).name, service.now_ms()), work_of(service)
        try:
            with unit_of_work(service.sessions) as session:
                issue(session, work, cases.get(session, case_id), by, code_of(service.secrets_box, case_id))
        except (ConflictError, WrongInputError) as error:
            return _told(desk, request, case_id, Told(error=error))
        return to(f"/console/cases/{case_id}/documents")


def _add_one(console: APIRouter, desk: Desk) -> None:
    service = desk.service

    @console.post(DOCUMENTS + "/{document_id}/open")
    def open_(
        request: Request,
        case_id: CaseId,
        document_id: DocumentId,
        reason: Text,
        anyway: Annotated[bool, Form()] = False,
    ) -> Response:
        """Answer with the PDF; one that is not what was issued is shown only when whoever asks knows it."""
        by = By(desk.visitor(request).name, service.now_ms(), reason)
        try:
            with unit_of_work(service.sessions) as session:
                document = document_of(session, case_id, document_id)
                printed = print_again(session, must_print(desk.service.office), document.id, by)
        except WrongInputError as error:
            return _told(desk, request, case_id, Told(document_id, error))
        if printed.differs and not anyway:
            return _told(desk, request, case_id, Told(document_id, ConflictError(printed.differs), differs=True))
        name = f"{document.kind}-{document.year}-{document.serial:06d}.pdf"
        headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
        return Response(printed.pdf, media_type="application/pdf", headers=headers)

    @console.post(DOCUMENTS + "/{document_id}/services")
    def served(
        request: Request,
        case_id: CaseId,
        document_id: DocumentId,
        channel: Annotated[ServedBy, Form()],
        outcome: Annotated[Came, Form()],
        served_at: Annotated[datetime, Form()],
        proof: Text,
    ) -> Response:
        by = By(desk.visitor(request).name, service.now_ms())
        try:
            with unit_of_work(service.sessions) as session:
                attempt = Attempt(channel, outcome, beijing_ms(served_at), proof)
                serving.note(session, case_id, document_id, attempt, by)
        except WrongInputError as error:
            typed = {"channel": channel, "outcome": outcome, "served_at": f"{served_at:%Y-%m-%dT%H:%M}", "proof": proof}
            return _told(desk, request, case_id, Told(document_id, error, typed=typed))
        return to(f"/console/cases/{case_id}/documents")


def _told(desk: Desk, request: Request, case_id: int, told: Told) -> HTMLResponse:
    with desk.service.sessions.reading() as session:
        return show(desk, session, request, case_id, told)
