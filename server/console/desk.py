"""What every page of the console needs: the service, the templates, and who is there."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment
from sqlalchemy.orm import Session

from server.access import service as access
from server.access.service import Visitor
from server.pages.render import page
from server.service import Service

COOKIE: Final = "lukou_session"
Field = Annotated[str, Form()]
CaseId = Annotated[int, Path(le=2**53 - 1)]
"""No larger than a database can look for."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The console's parts."""

    service: Service
    templates: Environment

    def visitor(self, session: Session, request: Request) -> Visitor:
        """Return who is logged in. Raises NotLoggedInError."""
        return access.visitor(session, request.cookies.get(COOKIE), self.service.now_ms())

    def officer(self, session: Session, request: Request, csrf: str) -> Visitor:
        """Return the officer whose form this is. Raises NotAllowedError."""
        who = self.visitor(session, request)
        access.check_form(who, csrf)
        who.may_decide()
        return who

    def admin(self, session: Session, request: Request, csrf: str) -> Visitor:
        """Return the admin whose form this is. Raises NotAllowedError."""
        who = self.visitor(session, request)
        access.check_form(who, csrf)
        who.may_manage()
        return who

    def show(self, request: Request, name: str, status: int = 200, **values: object) -> HTMLResponse:
        """Render a page."""
        values["demonstration"] = self.service.settings.demonstration
        return page(self.templates, request, name, status, **values)


def to(path: str) -> RedirectResponse:
    """Lead on with a GET."""
    return RedirectResponse(path, status_code=303)
