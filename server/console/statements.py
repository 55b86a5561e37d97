"""What a party says and what is answered: taken down, opened for a reason, answered once (行政处罚法 arts 44, 45)."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from server.console.contacts import act
from server.console.desk import CaseId, Desk
from server.console.party_page import Shown, party_of, show, statement_of
from server.db import unit_of_work
from server.errors import WrongInputError
from server.parties import hearing
from server.parties.service import By
from server.parties.words import CameBy, Outcome, StatementKind

PARTY: Final = "/console/cases/{case_id}/party"
Words = Annotated[str, Form(max_length=hearing.LONGEST)]
StatementId = Annotated[int, Path(ge=1, le=2**53 - 1)]


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service, box = desk.service, desk.service.secrets_box

    @console.post(f"{PARTY}/statements")
    def take(
        request: Request,
        case_id: CaseId,
        kind: Annotated[StatementKind, Form()],
        came_by: Annotated[CameBy, Form()],
        words: Words,
    ) -> Response:
        def do(session: Session, by: By) -> None:
            hearing.take_statement(session, box, party_of(session, case_id).id, (kind, came_by, words), by)

        typed = {"kind": kind, "came_by": came_by, "words": words}
        return act(desk, request, case_id, do, Shown(wrong="statement", typed=typed))

    @console.post(PARTY + "/statements/{statement_id}/answer")
    def answer(
        request: Request,
        case_id: CaseId,
        statement_id: StatementId,
        outcome: Annotated[Outcome, Form()],
        words: Words,
    ) -> Response:
        def do(session: Session, by: By) -> None:
            said = statement_of(session, case_id, statement_id).id
            hearing.answer_statement(session, box, said, (outcome, words), by)

        typed = {"outcome": outcome, "answer": words}
        return act(desk, request, case_id, do, Shown(wrong="answer", typed=typed))

    @console.post(PARTY + "/statements/{statement_id}/open")
    def open_(
        request: Request, case_id: CaseId, statement_id: StatementId, reason: Annotated[str, Form(max_length=400)]
    ) -> Response:
        by = By(desk.visitor(request).name, service.now_ms(), reason)
        try:
            with unit_of_work(service.sessions) as session:
                known = statement_of(session, case_id, statement_id).id
                said, answered = hearing.open_statement(session, box, known, by)
                return show(desk, session, request, case_id, Shown(statement=(statement_id, said, answered)))
        except WrongInputError as error:
            with service.sessions.reading() as session:
                return show(desk, session, request, case_id, Shown(wrong="open", error=error))

    return console
