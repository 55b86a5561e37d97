"""What every page of the console needs: the service, the templates, and who is there."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment

from server.access.service import Entrance, Moment
from server.access.sessions import Lengths, Visitor
from server.casework.service import Work
from server.console.cookies import Cookies
from server.errors import NotLoggedInError
from server.pages.render import page
from server.papers.gathering import Papers
from server.service import Service

Field = Annotated[str, Form()]
CaseId = Annotated[int, Path(le=2**53 - 1)]
"""No larger than a database can look for."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The console's parts."""

    service: Service
    templates: Environment

    @property
    def cookies(self) -> Cookies:
        """Return how cookies are set here."""
        settings = self.service.settings
        return Cookies(settings.cookies_by_https_alone, settings.session_s)

    @property
    def entrance(self) -> Entrance:
        """Return how one comes in here."""
        settings = self.service.settings
        lengths = Lengths(settings.session_s * 1000, settings.idle_s * 1000)
        return Entrance(self.service.secrets_box, lengths, one_step=not settings.second_factor)

    def moment(self, request: Request) -> Moment:
        """Return when and from where a request comes."""
        return Moment(self.service.now_ms(), request.client.host if request.client else "")

    def visitor(self, request: Request) -> Visitor:
        """Return whom the gate has let in. Raises NotLoggedInError where it was not asked."""
        who = getattr(request.state, "visitor", None)
        if not isinstance(who, Visitor):
            raise NotLoggedInError("please log in")
        return who

    def show(self, request: Request, name: str, status: int = 200, **values: object) -> HTMLResponse:
        """Render a page."""
        values["demonstration"] = self.service.settings.demonstration
        return page(self.templates, request, name, status, **values)


def work_of(service: Service) -> Work:
    """Return what an act needs."""
    papers = (
        None
        if service.office is None
        else Papers(service.office, service.house.book, service.settings.address_of_parties)
    )
    return Work(service.house, service.store, papers)


def to(path: str) -> RedirectResponse:
    """Lead on with a GET."""
    return RedirectResponse(path, status_code=303)
