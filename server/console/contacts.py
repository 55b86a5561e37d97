"""How a party is reached: contacts that an officer makes sure of, and the signed consent to electronic service."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final

from fastapi import APIRouter, File, Form, Path, Request, UploadFile
from fastapi.responses import Response
from sqlalchemy.orm import Session

from server.civil_time import beijing_ms
from server.console.desk import CaseId, Desk, to
from server.console.party_page import Shown, contact_of, party_of, show
from server.db import unit_of_work
from server.errors import ConflictError, WrongInputError
from server.parties import reaching
from server.parties.reaching import Contact, Signed
from server.parties.service import By
from server.parties.words import Channel

PARTY: Final = "/console/cases/{case_id}/party"
FILE_MAX: Final = 20_000_000
Text = Annotated[str, Form(max_length=400)]
ContactId = Annotated[int, Path(ge=1, le=2**53 - 1)]


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service, box = desk.service, desk.service.secrets_box

    @console.post(f"{PARTY}/contacts")
    def add(request: Request, case_id: CaseId, channel: Annotated[Channel, Form()], address: Text) -> Response:
        def do(session: Session, by: By) -> None:
            reaching.add_contact(session, box, party_of(session, case_id).id, Contact(channel, address), by)

        return act(desk, request, case_id, do, Shown(wrong="contact", typed={"channel": channel, "address": address}))

    @console.post(PARTY + "/contacts/{contact_id}/confirm")
    def confirm(request: Request, case_id: CaseId, contact_id: ContactId, how: Text) -> Response:
        def do(session: Session, by: By) -> None:
            reaching.confirm_contact(session, contact_of(session, case_id, contact_id).id, how, by)

        return act(desk, request, case_id, do, Shown(wrong="confirm", typed={"how": how}))

    @console.post(PARTY + "/contacts/{contact_id}/open")
    def open_(request: Request, case_id: CaseId, contact_id: ContactId, reason: Text) -> Response:
        by = By(desk.visitor(request).name, service.now_ms(), reason)
        try:
            with unit_of_work(service.sessions) as session:
                known = contact_of(session, case_id, contact_id).id
                opened = reaching.open_contact(session, box, known, by)
                return show(desk, session, request, case_id, Shown(contact=(contact_id, opened)))
        except WrongInputError as error:
            with service.sessions.reading() as session:
                return show(desk, session, request, case_id, Shown(wrong="open", error=error))

    _add_consent(console, desk)
    return console


def _add_consent(console: APIRouter, desk: Desk) -> None:
    @console.post(f"{PARTY}/consent")
    def consent(
        request: Request,
        case_id: CaseId,
        signed_at: Annotated[datetime, Form()],
        given: Annotated[bool, Form()],
        file: Annotated[UploadFile, File()],
    ) -> Response:
        def do(session: Session, by: By) -> None:
            signed = Signed(_hashed(file), beijing_ms(signed_at))
            reaching.record_consent(session, party_of(session, case_id).id, signed, by, given=given)

        return act(desk, request, case_id, do, Shown(wrong="consent"))


def act(desk: Desk, request: Request, case_id: int, do: Callable[[Session, By], None], if_wrong: Shown) -> Response:
    """Do something to a party and lead back to the page; what is wrong is told there, with what was typed in."""
    service = desk.service
    by = By(desk.visitor(request).name, service.now_ms())
    try:
        with unit_of_work(service.sessions) as session:
            do(session, by)
    except (WrongInputError, ConflictError) as error:
        shown = Shown(wrong=if_wrong.wrong, error=error, typed=if_wrong.typed)
        with service.sessions.reading() as session:
            return show(desk, session, request, case_id, shown)
    return to(f"/console/cases/{case_id}/party")


def _hashed(file: UploadFile) -> str:
    """Return the hash of a signed paper, which is kept where the operator keeps papers. Raises WrongInputError."""
    data = file.file.read(FILE_MAX + 1)
    if not 0 < len(data) <= FILE_MAX:
        raise WrongInputError(f"consent: expected the signed paper's file of 1 to {FILE_MAX} bytes")
    return sha256(data).hexdigest()
