"""What a party sends: one form for statement, defence and objection, and its receipt to keep or print."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from server.cases import repository as cases
from server.civil_time import beijing_day
from server.db import unit_of_work
from server.own_page import answering, repository
from server.own_page import service as own
from server.own_page.attachments import BYTES_MAX, FILES_MAX
from server.own_page.problems import NotTakenError, Problem
from server.own_page.service import WORDS_MAX, Keeping, Message
from server.own_page.telling import answer_due
from server.own_page.visits import Visit
from server.own_page.words import PARTY, MessageKind, taken
from server.parties.numbers import masked
from server.parties.service import By
from server.procedure.words import CaseState
from server.public.own_desk import OwnDesk, headed
from server.public.own_gate import visit_of, word

FORM: Final = "/own/case/message"
REASON: Final = "the party's own page"
Kind = Annotated[str, Query(max_length=20)]
Position = Annotated[int, Path(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form when it is shown: also what was typed before something in it was wrong."""

    kind: str = ""
    words: str = ""
    phone: str = ""
    in_person: bool = False


def add_forms(routes: APIRouter, desk: OwnDesk) -> None:
    """Add the routes."""
    service = desk.service

    @routes.get(FORM)
    def form(request: Request, kind: Kind = "") -> Response:
        return _form_page(desk, request, visit_of(request), Typed(kind))

    @routes.post(FORM)
    async def send(request: Request) -> Response:
        given, visit = request.state.form, visit_of(request)
        files = await _files(given)
        return await run_in_threadpool(_sent, desk, request, visit, (_typed(given), files))

    @routes.get("/own/case/receipts/{position}")
    def receipt(request: Request, position: Position) -> Response:
        visit = visit_of(request)
        with unit_of_work(service.sessions) as session:
            row = repository.message_at(session, visit.case_id, position)
            said = answering.opened(session, service.secrets_box, row.id, By(PARTY, service.now_ms(), REASON))
            sent = repository.sent(session, row)
        due = answer_due(service.house.terms, service.house.calendar, MessageKind(row.kind), beijing_day(row.at_ms))
        values = {"phone": masked(said.phone) if said.phone else "", "due": due, "csrf": visit.csrf}
        return desk.show(request, "own_receipt.html", 200, sent=sent, said=said, **values)


def _sent(desk: OwnDesk, request: Request, visit: Visit, given: tuple[Typed, tuple[bytes, ...]]) -> Response:
    """Keep what was sent and lead to its receipt; what is wrong in it is told with all that was typed."""
    service, (typed, files) = desk.service, given
    try:
        message = Message(_kind(typed.kind), typed.words, typed.in_person, typed.phone, files)
        with unit_of_work(service.sessions) as session:
            keeping = Keeping(service.secrets_box, service.store, service.house)
            row = own.take(session, keeping, visit.case_id, message, service.now_ms())
    except NotTakenError as error:
        return _form_page(desk, request, visit, typed, error)
    return headed(RedirectResponse(f"/own/case/receipts/{row.position}", 303))


def _form_page(
    desk: OwnDesk, request: Request, visit: Visit, typed: Typed, error: NotTakenError | None = None
) -> Response:
    with desk.service.sessions.reading() as session:
        case = cases.get(session, visit.case_id)
        kinds = taken(CaseState(case.state), party_known=cases.party(session, case.id) is not None)
    limits = {"words_max": WORDS_MAX, "files_max": FILES_MAX, "mb_max": BYTES_MAX // 2**20}
    values = {
        "case": case,
        "kinds": kinds,
        "typed": typed,
        "csrf": visit.csrf,
        "problems": error.problems if error else (),
        **limits,
    }
    return desk.show(request, "own_message.html", 200 if error is None else error.http_status, **values)


def _typed(form: FormData) -> Typed:
    words = word(form, "words").replace("\r\n", "\n")
    return Typed(
        word(form, "kind")[:20], words[: 2 * WORDS_MAX], word(form, "phone")[:40], bool(word(form, "in_person"))
    )


def _kind(typed: str) -> MessageKind:
    try:
        return MessageKind(typed)
    except ValueError as error:
        raise NotTakenError([Problem("kind")]) from error


async def _files(form: FormData) -> tuple[bytes, ...]:
    """Read the files, no more of each than one byte beyond what is taken; an empty choice is none."""
    found = [item for item in form.getlist("files") if isinstance(item, UploadFile)]
    read = [await item.read(BYTES_MAX + 1) for item in found[: FILES_MAX + 1]]
    return tuple(data for data in read if data)
