"""What the page of a case's party shows, and how what went wrong is told on it: nothing typed in is lost or logged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.sessions import Visitor
from server.cases import repository as cases
from server.cases.models import Case, Party
from server.console.desk import Desk
from server.errors import NotFoundError, ServerError
from server.parties import repository, service
from server.parties.identity import Identity, IdentityProblemsError
from server.parties.models import PartyContact, PartyStatement
from server.parties.numbers import DocumentKind
from server.parties.reaching import Contact
from server.parties.words import CameBy, Channel, Outcome, StatementKind
from server.sealed_values import SealedValue

FIELDS: Final = (
    *("name", "document_kind", "document_number", "date_of_birth", "phone"),
    *("address", "rider_code", "plate", "company"),
)
EARLIER_SHOWN: Final = 50


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """What one answer shows beside the page itself: what was opened, or a form that was wrong, with what it held."""

    identity: Identity | None = None
    contact: tuple[int, Contact] | None = None
    statement: tuple[int, str, str | None] | None = None
    wrong: str = ""
    error: ServerError | None = None
    typed: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Return nothing that a log could keep."""
        return "Shown(hidden)"


def party_of(session: Session, case_id: int) -> Party:
    """Return whom a case is about. Raises NotFoundError."""
    party = cases.party(session, cases.get(session, case_id).id)
    if party is None:
        raise NotFoundError(f"case {case_id} has no party yet: identify one first")
    return party


def contact_of(session: Session, case_id: int, contact_id: int) -> PartyContact:
    """Return a contact of a case's party. Raises NotFoundError, also for one of another case."""
    found = repository.contact(session, contact_id)
    if found.party_id != party_of(session, case_id).id:
        raise NotFoundError(f"case {case_id} has no contact {contact_id}")
    return found


def statement_of(session: Session, case_id: int, statement_id: int) -> PartyStatement:
    """Return a statement of a case's party. Raises NotFoundError, also for one of another case."""
    found = repository.statement(session, statement_id)
    if found.party_id != party_of(session, case_id).id:
        raise NotFoundError(f"case {case_id} has no statement {statement_id}")
    return found


def show(desk: Desk, session: Session, request: Request, case_id: int, shown: Shown | None = None) -> HTMLResponse:
    """Show the page; a form that was wrong answers with its error's status."""
    case, told = cases.get(session, case_id), shown or Shown()
    status = 200 if told.error is None else told.error.http_status
    values = _values(session, case, desk.visitor(request)) | _words() | {"shown": told, "problems": _problems(told)}
    return desk.show(request, "party.html", status, now_ms=desk.service.now_ms(), **values)


def _values(session: Session, case: Case, who: Visitor) -> dict[str, object]:
    party = cases.party(session, case.id)
    known: dict[str, object] = {"who": who, "case": case, "party": party}
    if party is None:
        empty: dict[str, object] = {"contacts": [], "statements": [], "earlier": []}
        return known | empty | {"kept_at_ms": None, "consent": None, "has_document": False}
    return known | {
        "has_document": repository.digest_of(session, party.id) is not None,
        "kept_at_ms": _kept_at_ms(session, party),
        "contacts": repository.contacts(session, party.id),
        "consent": repository.last_consent(session, party.id),
        "statements": repository.statements(session, party.id),
        "earlier": service.earlier_cases(session, party.id)[:EARLIER_SHOWN],
    }


def _kept_at_ms(session: Session, party: Party) -> int | None:
    """Return when the identity was kept last, without opening it; None: none is kept."""
    return session.scalar(select(SealedValue.at_ms).where(SealedValue.of == f"{party.number}/identity"))


def _words() -> dict[str, object]:
    return {
        "document_kinds": list(DocumentKind),
        "channels": list(Channel),
        "statement_kinds": list(StatementKind),
        "ways": list(CameBy),
        "outcomes": list(Outcome),
        "fields": FIELDS,
    }


def _problems(shown: Shown) -> dict[str, list[tuple[str, str]]]:
    """Return what is wrong by field: the key of a page's words, and the English text."""
    found: dict[str, list[tuple[str, str]]] = {}
    if isinstance(shown.error, IdentityProblemsError):
        for problem in shown.error.problems:
            found.setdefault(problem.field, []).append((problem.key, problem.text))
    return found


def typed_of(identity: Identity) -> dict[str, str]:
    """Return an opened identity as the form's fields hold it, for a correction."""
    return {name: str(getattr(identity, name) or "") for name in FIELDS}
