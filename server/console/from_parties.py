"""What parties have sent and nobody has answered: the list, a message opened for a reason, its files, its answer."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from server import audit
from server.access.doors import Holders
from server.access.rights import Right
from server.access.sessions import Visitor
from server.cases.house import House
from server.civil_time import beijing_day
from server.console.desk import Desk, to
from server.db import unit_of_work
from server.errors import NotAllowedError
from server.law.calendar import Due
from server.own_page import answering, repository
from server.own_page.answering import Said
from server.own_page.attachments import ENDINGS
from server.own_page.models import OwnPageMessage
from server.own_page.repository import Sent
from server.own_page.service import WORDS_MAX, Keeping
from server.own_page.telling import answer_due
from server.own_page.words import MessageKind
from server.parties.service import By
from server.parties.words import Outcome

PLACE: Final = "/console/from-parties"
OPENED_MS: Final = 10 * 60_000
"""So long the files of a message come with its opening."""
MessageId = Annotated[int, Path(ge=1, le=2**53 - 1)]
Position = Annotated[int, Path(ge=1, le=100)]
Reason = Annotated[str, Form(max_length=400)]
Words = Annotated[str, Form(max_length=2 * WORDS_MAX)]
OBJECTIONS: Final = Holders(frozenset({Right.ANSWER_OBJECTION}))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits, and until when it is to be answered; ``due`` None: before the decision."""

    message: OwnPageMessage
    due: Due | None
    is_late: bool


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service = desk.service

    @console.get(PLACE)
    def waiting(request: Request) -> HTMLResponse:
        at_ms = service.now_ms()
        with service.sessions.reading() as session:
            lines = [_waiting(row, service.house, at_ms) for row in repository.unanswered(session)]
        return desk.show(request, "from_parties.html", who=desk.visitor(request), lines=lines)

    @console.get(PLACE + "/{message_id}")
    def message(request: Request, message_id: MessageId) -> HTMLResponse:
        with service.sessions.reading() as session:
            sent = repository.sent(session, repository.message(session, message_id))
        return _show(desk, request, sent, None)

    _add_opening(console, desk)
    _add_answer(console, desk)
    return console


def _add_opening(console: APIRouter, desk: Desk) -> None:
    service = desk.service

    @console.post(PLACE + "/{message_id}/open")
    def open_(request: Request, message_id: MessageId, reason: Reason) -> HTMLResponse:
        by = By(desk.visitor(request).name, service.now_ms(), reason)
        with unit_of_work(service.sessions) as session:
            said = answering.opened(session, service.secrets_box, message_id, by)
            sent = repository.sent(session, repository.message(session, message_id))
        return _show(desk, request, sent, said)

    @console.get(PLACE + "/{message_id}/files/{position}")
    def file(request: Request, message_id: MessageId, position: Position) -> Response:
        who, at_ms = desk.visitor(request), service.now_ms()
        with unit_of_work(service.sessions) as session:
            row = repository.message(session, message_id)
            _must_have_opened(session, who, row, at_ms)
            keeping = Keeping(service.secrets_box, service.store, service.house)
            data, media_type = answering.open_file(session, keeping, message_id, position)
            audit.opened(session, at_ms, who.name, "own_page.file", row.case_id, f"{row.number}: file {position}")
        name = f"{row.number}-{position}.{ENDINGS[media_type]}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "sandbox"}
        return Response(data, media_type=media_type, headers=headers)  # never shown inline, whatever is in it


def _add_answer(console: APIRouter, desk: Desk) -> None:
    service = desk.service

    @console.post(PLACE + "/{message_id}/answer")
    def answer(request: Request, message_id: MessageId, outcome: Annotated[Outcome, Form()], words: Words) -> Response:
        who = desk.visitor(request)
        with unit_of_work(service.sessions) as session:
            if repository.message(session, message_id).kind == MessageKind.OBJECTION:
                who.must(OBJECTIONS)
            by = By(who.name, service.now_ms())
            answering.answer(session, service.secrets_box, message_id, (outcome, words), by)
        return to(f"{PLACE}/{message_id}")


def _show(desk: Desk, request: Request, sent: Sent, said: Said | None) -> HTMLResponse:
    who = desk.visitor(request)
    right = Right.ANSWER_OBJECTION if sent.message.kind == MessageKind.OBJECTION else Right.HEAR_STATEMENT
    values = {"sent": sent, "said": said, "may_answer": who.may(right), "outcomes": [o.value for o in Outcome]}
    return desk.show(request, "from_party.html", 200, who=who, **values)


def _waiting(row: OwnPageMessage, house: House, at_ms: int) -> Waiting:
    due = answer_due(house.terms, house.calendar, MessageKind(row.kind), beijing_day(row.at_ms))
    return Waiting(row, due, is_late=due is not None and beijing_day(at_ms) > due.day)


def _must_have_opened(session: Session, who: Visitor, row: OwnPageMessage, at_ms: int) -> None:
    if not audit.has_opened(session, who.name, "own_page.open", row.case_id, at_ms - OPENED_MS):
        raise NotAllowedError("open the message first, with a reason: its files come with it")
