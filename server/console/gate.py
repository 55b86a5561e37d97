"""The gate of the console: before a page is asked, it is known who asks, whether they may, and whose form it is.

It goes by the one table of doors (server/access/doors.py), so that no page can forget to ask.
"""

import secrets
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from server import audit
from server.access import sessions as logins
from server.access.doors import Holders, Open, Stage, door_of
from server.access.sessions import SEEN_EVERY_MS, Visitor
from server.console.cookies import Cookies
from server.db import unit_of_work
from server.errors import NotAllowedError, NotLoggedInError, WrongInputError
from server.ledger.bank_file import BYTES_MAX
from server.pages.origin import check_origin
from server.service import Service

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_BYTES_MAX: Final = 1_000_000
FORM_MAX: Final = {"/console/ledger/bank": BYTES_MAX + 100_000}
"""Bytes; a form with a file may be larger."""


@dataclass(frozen=True, slots=True, eq=False)  # FastAPI keeps dependencies in a set
class Gate:
    """A dependency of every route of the console."""

    service: Service
    cookies: Cookies

    async def __call__(self, request: Request) -> None:
        """Let a request pass, or raise NotLoggedInError, NotAllowedError, WrongInputError for a form without token."""
        door = door_of(request.method, request.scope["route"].path)
        changes = request.method not in SAFE
        if changes:
            check_origin(request)
            check_size(request)
        if isinstance(door, Open):
            if door is Open.FORM_OF_LOGIN:
                self._check_visit(request, await _csrf(request))
            return
        who = await run_in_threadpool(self._visitor, request)
        if changes:
            logins.check_form(who, await _csrf(request))
        await run_in_threadpool(self._check, request, who, door)
        request.state.visitor = who

    def _visitor(self, request: Request) -> Visitor:
        service, at_ms = self.service, self.service.now_ms()
        token = self.cookies.session(request)
        with service.sessions.reading() as session:
            who = logins.visitor(session, token, at_ms, service.settings.idle_s * 1000)
        if at_ms - who.seen_at_ms >= SEEN_EVERY_MS:
            with unit_of_work(service.sessions) as session:
                logins.seen(session, who.login, at_ms)
        return who

    def _check(self, request: Request, who: Visitor, door: Holders | Stage | None) -> None:
        """A step of the login has its own page, and opens no other."""
        if isinstance(door, Stage):
            if who.stage is not door:
                raise NotLoggedInError("this step is done, or another comes first", page_of(who.stage))
            return
        if who.stage is not Stage.WHOLE:
            raise NotLoggedInError("the login is not finished", page_of(who.stage))
        try:
            who.must(door or Holders(frozenset()))
        except NotAllowedError:
            with unit_of_work(self.service.sessions) as session:
                detail = f"{request.method} {request.url.path}"
                audit.record(session, self.service.now_ms(), who.name, "access.refused", detail=detail)
            raise

    def _check_visit(self, request: Request, csrf: str) -> None:
        visit = self.cookies.visit(request)
        if not visit or not secrets.compare_digest(visit.encode(), csrf.encode()):
            raise NotAllowedError("this form is not from this visit: load the page again")


def check_size(request: Request) -> None:
    """Raise WrongInputError for a form that does not say its size, or is too large: it is not read at all."""
    said, most = request.headers.get("content-length", ""), FORM_MAX.get(request.url.path, FORM_BYTES_MAX)
    if not said.isascii() or not said.isdigit() or int(said[:20]) > most:
        raise WrongInputError(f"expected a form of at most {most} bytes, found {said[:20] or 'one without a size'}")


def page_of(stage: Stage) -> str:
    """Return the page of a login's next step."""
    return "/login" if stage is Stage.WHOLE else f"/login/{stage}"


async def _csrf(request: Request) -> str:
    given = (await request.form()).get("csrf")
    if not isinstance(given, str):
        raise WrongInputError("expected a form with its token (csrf), found none")
    return given
