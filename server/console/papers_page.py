"""What the page of a case's documents shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from server.cases import repository as cases
from server.civil_time import beijing
from server.console.desk import Desk
from server.errors import ServerError
from server.ledger.balances import money_of
from server.pages.render import language_of
from server.papers import serving
from server.papers.register import documents_of
from server.papers.serving import NotKeptError, Refusal
from server.papers.words import POSSIBLE, Came
from server.procedure.words import CaseState


@dataclass(frozen=True, slots=True)
class Told:
    """What one answer shows beside the list: which document's form was wrong, or how each document was checked."""

    document_id: int | None = None
    error: ServerError | None = None
    differs: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)
    checked: Mapping[int, str] | None = None

    @property
    def refusals(self) -> Sequence[Refusal]:
        """Return why an attempt to serve was not kept."""
        return self.error.refusals if isinstance(self.error, NotKeptError) else ()


def show(desk: Desk, session: Session, request: Request, case_id: int, told: Told | None = None) -> HTMLResponse:
    """Show the list; a form that was wrong answers with its error's status."""
    case, said = cases.get(session, case_id), told or Told()
    found = documents_of(session, case.id)
    rows = serving.services_of(session, [row.document.id for row in found])
    return desk.show(
        request,
        "documents.html",
        200 if said.error is None else said.error.http_status,
        who=desk.visitor(request),
        case=case,
        documents=[(row, rows[row.document.id], serving.served(rows[row.document.id])) for row in found],
        told=said,
        ways=POSSIBLE,
        outcomes=list(Came),
        to_party=serving.TO_PARTY,
        problem="" if said.error is None else said.error.told(language_of(request)),
        demandable=case.state == CaseState.SERVED,
        booked=money_of(session, [case.id])[case.id].ever_assessed,
        can_print=desk.service.office is not None,
        now=f"{beijing(desk.service.now_ms()):%Y-%m-%dT%H:%M}",
    )
