"""The way in and out: login, logout, language."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from server.access import service as access
from server.console.desk import COOKIE, Desk, Field, to
from server.db import unit_of_work
from server.pages.render import LANGUAGE_COOKIE


def router(desk: Desk) -> APIRouter:
    """Return the routes for everybody."""
    console = APIRouter()
    service = desk.service

    @console.get("/", include_in_schema=False)
    def start() -> Response:
        return to("/list")

    @console.post("/language")
    def choose_language(language: Field, back: Field) -> Response:
        response = to(back if back.startswith("/") and not back.startswith("//") else "/")
        response.set_cookie(LANGUAGE_COOKIE, "en" if language == "en" else "zh", samesite="lax", httponly=True)
        return response

    @console.get("/login")
    def login_form(request: Request) -> HTMLResponse:
        return desk.show(request, "login.html", failed=False)

    @console.post("/login")
    def log_in(request: Request, name: Field, password: Field) -> Response:
        with unit_of_work(service.sessions) as session:
            token = access.log_in(session, name, password, service.now_ms(), service.settings.session_s)
        if token is None:
            return desk.show(request, "login.html", 401, failed=True)
        response = to("/console")
        response.set_cookie(
            COOKIE,
            token,
            max_age=service.settings.session_s,
            httponly=True,
            samesite="strict",
            secure=service.settings.cookies_by_https_alone,
        )
        return response

    @console.post("/logout")
    def log_out(request: Request, csrf: Field) -> Response:
        with unit_of_work(service.sessions) as session:
            access.check_form(desk.visitor(session, request), csrf)
            access.log_out(session, request.cookies.get(COOKIE))
        return to("/login")

    return console
