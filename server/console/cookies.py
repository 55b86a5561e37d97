"""The console's cookies: of the session, and of the visit before it. Over HTTPS their names bind them to it."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request
from fastapi.responses import Response

SESSION: Final = "lukou_session"
VISIT: Final = "lukou_visit"
QUEUE: Final = "lukou_queue"


@dataclass(frozen=True, slots=True)
class Cookies:
    """Reads and sets them. ``secure``: over HTTPS alone; then ``__Host-`` keeps other hosts from setting them.

    (RFC 6265bis section 4.1.3.2.)
    """

    secure: bool
    session_s: int

    def session(self, request: Request) -> str | None:
        """Return the session's token."""
        return request.cookies.get(self._name(SESSION))

    def visit(self, request: Request) -> str | None:
        """Return the token of a visit that has not logged in."""
        return request.cookies.get(self._name(VISIT))

    def set_session(self, response: Response, token: str) -> None:
        """Give the browser a session."""
        self._set(response, SESSION, token, self.session_s)

    def set_visit(self, response: Response, token: str) -> None:
        """Give the browser the token of a visit."""
        self._set(response, VISIT, token, None)

    def queue(self, request: Request) -> str | None:
        """Return what was looked for in the queue: words that anybody can have written."""
        return request.cookies.get(self._name(QUEUE))

    def set_queue(self, response: Response, words: str) -> None:
        """Keep what is looked for in the queue."""
        self._set(response, QUEUE, words, None)

    def forget(self, response: Response) -> None:
        """Take the session from the browser."""
        self._set(response, SESSION, "", 0)

    def _name(self, plain: str) -> str:
        return f"__Host-{plain}" if self.secure else plain

    def _set(self, response: Response, plain: str, value: str, max_age_s: int | None) -> None:
        response.set_cookie(
            self._name(plain), value, max_age=max_age_s, path="/", httponly=True, samesite="strict", secure=self.secure
        )
