"""The way in and out: login step by step, logout, language."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from server import audit
from server.access import service as access
from server.access import sessions as logins
from server.access import totp
from server.access.doors import Stage
from server.access.rights import Right
from server.access.sessions import Visitor
from server.console.desk import Desk, Field, to
from server.console.gate import page_of
from server.db import unit_of_work
from server.errors import WrongInputError
from server.pages.qr import qr_svg
from server.pages.render import LANGUAGE_COOKIE

Name = Annotated[str, Form(max_length=100)]
Password = Annotated[str, Form(max_length=200)]
Code = Annotated[str, Form(max_length=40)]


def router(desk: Desk) -> APIRouter:
    """Return the routes for everybody."""
    console = APIRouter()

    @console.get("/", include_in_schema=False)
    def start() -> Response:
        return to("/list")

    @console.post("/language")
    def choose_language(language: Field, back: Field) -> Response:
        response = to(back if back.startswith("/") and not back.startswith("//") else "/")
        response.set_cookie(LANGUAGE_COOKIE, "en" if language == "en" else "zh", samesite="lax", httponly=True)
        return response

    @console.post("/logout")
    def log_out(request: Request) -> Response:
        who = desk.visitor(request)
        with unit_of_work(desk.service.sessions) as session:
            logins.log_out(session, desk.cookies.session(request))
            audit.record(session, desk.service.now_ms(), who.name, "logout")
        response = to("/login")
        desk.cookies.forget(response)
        return response

    _add_password(console, desk)
    _add_code(console, desk)
    _add_first_password(console, desk)
    _add_enrolment(console, desk)
    return console


def _add_password(console: APIRouter, desk: Desk) -> None:
    @console.get("/login")
    def login_form(request: Request) -> HTMLResponse:
        return _login_page(desk, request)

    @console.post("/login")
    def log_in(request: Request, name: Name, password: Password) -> Response:
        with unit_of_work(desk.service.sessions) as session:
            token = access.log_in(session, name, password, desk.entrance, desk.moment(request))
        return _login_page(desk, request, 401, failed=True) if token is None else _on(desk, token)


def _add_code(console: APIRouter, desk: Desk) -> None:
    @console.get("/login/code")
    def code_form(request: Request) -> HTMLResponse:
        return desk.show(request, "login_code.html", who=desk.visitor(request), failed=False)

    @console.post("/login/code")
    def give_code(request: Request, code: Code) -> Response:
        token = desk.cookies.session(request)
        with unit_of_work(desk.service.sessions) as session:
            new = access.give_code(session, token, code, desk.entrance, desk.moment(request))
        if new is None:
            return desk.show(request, "login_code.html", 401, who=desk.visitor(request), failed=True)
        return _on(desk, new)


def _add_first_password(console: APIRouter, desk: Desk) -> None:
    @console.get("/login/password")
    def password_form(request: Request) -> HTMLResponse:
        return desk.show(request, "login_password.html", who=desk.visitor(request), problem=None)

    @console.post("/login/password")
    def change(request: Request, password: Password, again: Password) -> Response:
        token = desk.cookies.session(request)
        try:
            if password != again:
                raise WrongInputError("expected the same password twice, found two")
            with unit_of_work(desk.service.sessions) as session:
                new = access.change_first_password(session, token, password, desk.entrance, desk.moment(request))
        except WrongInputError as error:
            return desk.show(request, "login_password.html", 422, who=desk.visitor(request), problem=str(error))
        return _on(desk, new)


def _add_enrolment(console: APIRouter, desk: Desk) -> None:
    @console.get("/login/enrol")
    def offer(request: Request) -> HTMLResponse:
        return _offer_page(desk, request)

    @console.post("/login/enrol")
    def enrol(request: Request, code: Code) -> Response:
        token = desk.cookies.session(request)
        with unit_of_work(desk.service.sessions) as session:
            done = access.enrol(session, token, code.strip(), desk.entrance, desk.moment(request))
        if done is None:
            return _offer_page(desk, request, 401, failed=True)
        new, codes = done
        response = desk.show(request, "recovery.html", codes=codes, on=_next_page(desk, new))
        desk.cookies.set_session(response, new)
        return response


def _login_page(desk: Desk, request: Request, status: int = 200, *, failed: bool = False) -> HTMLResponse:
    """Show the form with the token of this visit."""
    visit = desk.cookies.visit(request) or secrets.token_urlsafe(24)
    response = desk.show(request, "login.html", status, failed=failed, visit=visit)
    desk.cookies.set_visit(response, visit)
    return response


def _offer_page(desk: Desk, request: Request, status: int = 200, *, failed: bool = False) -> HTMLResponse:
    who, token = desk.visitor(request), desk.cookies.session(request)
    with unit_of_work(desk.service.sessions) as session:
        secret = access.offer(session, token, desk.entrance, desk.moment(request))
    qr = qr_svg(totp.address(secret, who.name))
    return desk.show(request, "login_enrol.html", status, who=who, failed=failed, qr=qr, secret=secret)


def _on(desk: Desk, token: str) -> Response:
    """Lead on to the next step of a login, or to the first page that this person may see."""
    response = to(_next_page(desk, token))
    desk.cookies.set_session(response, token)
    return response


def _next_page(desk: Desk, token: str) -> str:
    with desk.service.sessions.reading() as session:
        who = logins.visitor(session, token, desk.service.now_ms(), desk.service.settings.idle_s * 1000)
    return first_page(who) if who.stage is Stage.WHOLE else page_of(who.stage)


def first_page(who: Visitor) -> str:
    """Return where a person's work is."""
    if who.may(Right.SEE_QUEUE):
        return "/console"
    if who.may(Right.SEE_LEDGER):
        return "/console/ledger"
    return "/console/users" if who.may(Right.MANAGE_USERS) else "/console/account"
