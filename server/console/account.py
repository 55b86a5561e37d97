"""A user's own page: their sessions, their password, new recovery codes."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from server import audit
from server.access import passwords, recovery, tries, users
from server.access import service as access
from server.access import sessions as logins
from server.access.tries import Asker, Kind
from server.console.desk import Desk, to
from server.console.entrance import Password
from server.db import unit_of_work
from server.errors import ConflictError, ServerError, WrongInputError

PAGE = "/console/account"
LoginId = Annotated[str, Form(max_length=64)]


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()

    @console.get(PAGE)
    def account(request: Request) -> HTMLResponse:
        return _page(desk, request, None)

    @console.post(f"{PAGE}/password")
    def change_password(request: Request, present: Password, password: Password, again: Password) -> Response:
        if password != again:
            return _page(desk, request, WrongInputError("expected the same password twice, found two"))
        if not _knows(desk, request, present):
            return _page(desk, request, WrongInputError("the present password is another"))
        try:
            with unit_of_work(desk.service.sessions) as session:
                user = users.get(session, desk.visitor(request).name)
                access.change_password(session, user, password, desk.service.now_ms())
        except WrongInputError as error:
            return _page(desk, request, error)
        return to("/login")  # every session has ended, this one as well

    _add_sessions(console, desk)
    _add_recovery(console, desk)
    return console


def _add_sessions(console: APIRouter, desk: Desk) -> None:
    @console.post(f"{PAGE}/sessions/end")
    def end(request: Request, login: LoginId) -> Response:
        who = desk.visitor(request)
        with unit_of_work(desk.service.sessions) as session:
            logins.end_one(session, who.name, login)
            audit.record(session, desk.service.now_ms(), who.name, "session.end")
        return to(PAGE)


def _add_recovery(console: APIRouter, desk: Desk) -> None:
    @console.post(f"{PAGE}/recovery-codes")
    def new_codes(request: Request, present: Password) -> Response:
        who = desk.visitor(request)
        if not _knows(desk, request, present):
            return _page(desk, request, WrongInputError("the present password is another"))
        with unit_of_work(desk.service.sessions) as session:
            if not users.get(session, who.name).has_second_factor:
                raise ConflictError(f"{who.name} has no second factor for which a code could stand")
            codes = recovery.make(session, who.name)
            audit.record(session, desk.service.now_ms(), who.name, "recovery_code.make")
        return desk.show(request, "recovery.html", codes=codes, on=PAGE)


def _knows(desk: Desk, request: Request, present: str) -> bool:
    """Ask for the present password: a session that was left open is not enough. It counts as a login's try."""
    who, when = desk.visitor(request), desk.moment(request)
    asker = Asker(who.name, tries.network(when.address))
    with unit_of_work(desk.service.sessions) as session:
        tries.check(session, asker, Kind.PASSWORD, when.at_ms)
        if passwords.fits(users.get(session, who.name), present):
            return True
        tries.failed(session, asker, Kind.PASSWORD, when.at_ms)
        audit.record(session, when.at_ms, who.name, "password.wrong", detail=f"from {when.address}")
        return False


def _page(desk: Desk, request: Request, error: ServerError | None) -> HTMLResponse:
    who, at_ms = desk.visitor(request), desk.service.now_ms()
    with desk.service.sessions.reading() as session:
        return desk.show(
            request,
            "account.html",
            200 if error is None else error.http_status,
            who=who,
            user=users.get(session, who.name),
            codes_left=recovery.left(session, who.name),
            logins=logins.of_user(session, who.name, at_ms),
            problem=None if error is None else str(error),
        )
