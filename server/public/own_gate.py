"""The gate of the party's own page: its two cookies, whose form it is, and how much of a form is read at all."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from server.access.doors import Door, Open, door_of
from server.errors import NotAllowedError, WrongInputError
from server.own_page import visits
from server.own_page.attachments import BYTES_MAX, FILES_MAX
from server.own_page.visits import VISIT_MS, Visit
from server.pages.origin import check_origin
from server.service import Service

CASE: Final = "lukou_own"
BEFORE: Final = "lukou_own_before"
FORM_BYTES_MAX: Final = FILES_MAX * BYTES_MAX + 256 * 1024
FIELDS_MAX: Final = 12
SAFE: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True, eq=False)  # FastAPI keeps dependencies in a set
class OwnGate:
    """A dependency of every route of the party's page, by the one table of doors (server/access/doors.py)."""

    service: Service

    async def __call__(self, request: Request) -> AsyncIterator[None]:
        """Let a request pass, and put its files away. Raises NotLoggedInError, NotAllowedError, WrongInputError."""
        door, changes = door_of(request.method, request.scope["route"].path), request.method not in SAFE
        if changes:
            check_origin(request)
        if door is Open.PARTY:  # who has not come in sends no form that is read
            request.state.visit = await run_in_threadpool(self._visit, request)
        form = await read_form(request) if changes else None
        try:
            if form is not None:
                self._check_form(request, door, word(form, "csrf"))
            request.state.form = form
            yield
        finally:
            if form is not None:
                await form.close()

    def cookie(self, request: Request, plain: str) -> str | None:
        """Return a cookie of this page."""
        return request.cookies.get(self._name(plain))

    def set_cookie(self, response: Response, plain: str, value: str) -> None:
        """Give the browser a cookie; an empty one takes it away."""
        max_age_s = VISIT_MS // 1000 if value else 0
        response.set_cookie(
            self._name(plain),
            value,
            max_age=max_age_s,
            path="/",
            httponly=True,
            samesite="strict",
            secure=self.service.settings.cookies_by_https_alone,
        )

    def _visit(self, request: Request) -> Visit:
        with self.service.sessions.reading() as session:
            return visits.find(session, self.cookie(request, CASE), self.service.now_ms())

    def _check_form(self, request: Request, door: Door | None, csrf: str) -> None:
        if door is Open.PARTY:
            visits.check_form(visit_of(request), csrf)
            return
        before = self.cookie(request, BEFORE)
        if not before or not secrets.compare_digest(before.encode(), csrf.encode()):
            raise NotAllowedError("this form is not from this visit: load the page again")

    def _name(self, plain: str) -> str:
        return f"__Host-{plain}" if self.service.settings.cookies_by_https_alone else plain


async def read_form(request: Request) -> FormData:
    """Read a form whose size is told before anything is read. Raises WrongInputError."""
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()) or int(length) > FORM_BYTES_MAX:
        most = FORM_BYTES_MAX // 2**20
        raise WrongInputError(f"a form: expected at most {most} MB, {FILES_MAX} files among it, told before it is sent")
    return await request.form(max_files=FILES_MAX + 1, max_fields=FIELDS_MAX)


def word(form: FormData, name: str) -> str:
    """Return a field of a form as text; one that is not there is empty."""
    found = form.get(name, "")
    return found if isinstance(found, str) else ""


def visit_of(request: Request) -> Visit:
    """Return who is here, as the gate has found."""
    visit = request.state.visit
    if not isinstance(visit, Visit):
        raise NotAllowedError("nobody has come in here")
    return visit
