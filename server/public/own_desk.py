"""What every route of the party's page needs: the service, the law, who the office is, and the pages' headers."""

from dataclasses import dataclass, field
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response
from jinja2 import Environment

from server import audit
from server.cases import repository as cases
from server.cases import service as deeds
from server.db import unit_of_work
from server.documents.authority import AUTHORITY_FILE, read_authority
from server.documents.pieces import Authority
from server.ledger.references import grouped, payment_reference
from server.own_page import pictures
from server.own_page.standing import Standing, standing
from server.own_page.telling import CLOSED
from server.own_page.visits import Visit
from server.own_page.words import PARTY, taken
from server.pages.render import environment, page
from server.public.own_gate import OwnGate
from server.service import Service

R = TypeVar("R", bound=Response)


@dataclass(frozen=True, slots=True)
class OwnDesk:
    """The page's parts; who the office is is read once, when the service is built."""

    service: Service
    gate: OwnGate
    templates: Environment = field(default_factory=environment)
    authority: Authority = field(init=False)

    def __post_init__(self) -> None:
        settings = self.service.settings
        object.__setattr__(self, "authority", read_authority(settings.authority_file or AUTHORITY_FILE))

    def show(self, request: Request, name: str, status: int = 200, **values: object) -> Response:
        """Render a page of this house; ``failed`` is the entrance's alone."""
        settings = self.service.settings
        values |= {
            "demonstration": settings.demonstration,
            "authority": self.authority,
            "inside": "failed" not in values,
        }
        return headed(page(self.templates, request, name, status, **values))

    def case_page(self, request: Request, visit: Visit) -> Response:
        """Show the party's case; the view stands in the log."""
        at_ms = self.service.now_ms()
        with unit_of_work(self.service.sessions) as session:
            case = cases.get(session, visit.case_id)
            told = standing(session, case, self.service.house, at_ms)
            audit.opened(session, at_ms, PARTY, "own_page.view", case.id, case.state)
            shown = () if told.state in CLOSED else pictures.shown(session, case, self.service.store)
            values = self._values(told, shown, at_ms)
            return self.show(request, "own_case.html", 200, csrf=visit.csrf, **values)

    def _values(self, told: Standing, shown: tuple[str, ...], at_ms: int) -> dict[str, object]:
        listing = told.listing
        return {
            "told": told,
            "case": told.case,
            "event": deeds.reported(told.case),
            "pictures": shown,
            "sends": taken(told.state, party_known=told.party is not None),
            "reference": grouped(payment_reference(told.case.id)),
            "listed": listing is not None and listing.withdrawn_at_ms is None and listing.ends_at_ms > at_ms,
            "at_ms": at_ms,
        }


def headed(response: R) -> R:
    """Keep a page from every cache and every search engine."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
