"""Notes how a document was served and with what proof, and tells when it was (行政处罚法 61, 程序规定 55, 56)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from server import audit
from server.cases import repository as cases
from server.cases.models import Case
from server.documents.models import Document
from server.documents.words import Kind
from server.errors import ConflictError, WrongInputError
from server.papers.models import DocumentService
from server.papers.register import document_of, last_of
from server.papers.words import POSSIBLE, SERVES, Came, ServedBy
from server.parties.reaching import may_be_served_by
from server.parties.service import By, checked_reason
from server.parties.words import Channel

TO_PARTY: Final = frozenset(Kind) - {Kind.DAILY_STATEMENT, Kind.MONTHLY_STATEMENT}
DECISIONS: Final = (Kind.PENALTY, Kind.WARNING)
NEEDS: Final = {
    ServedBy.POST: Channel.POST,
    ServedBy.ELECTRONIC: Channel.ELECTRONIC,
    ServedBy.PHONE: Channel.PHONE,
}
"""What must have been confirmed before a document goes that way; electronically with a consent in force alone."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a document went, what came of it, when (ms since the Unix epoch), and what proves it."""

    channel: ServedBy
    outcome: Came
    at_ms: int
    proof: str


def note(session: Session, case_id: int, document_id: int, attempt: Attempt, by: By) -> DocumentService:
    """Keep an attempt to serve a document.

    Raises:
        NotFoundError: the case has no such document.
        WrongInputError: such an outcome has no such way, no proof, a wrong time; every problem at once.
        ConflictError: no confirmed contact, no consent, or an announcement before anything else was tried.
    """
    case, document = cases.get(session, case_id), document_of(session, case_id, document_id)
    found = list(_problems(document, attempt, by))
    if found:
        raise WrongInputError("; ".join(found))
    proof = checked_reason(attempt.proof, "service (what proves it)")
    _allowed(session, case, document, attempt)
    row = DocumentService(
        document_id=document.id,
        channel=attempt.channel,
        outcome=attempt.outcome,
        at_ms=attempt.at_ms,
        proof=proof,
        recorded_by=by.who,
        recorded_at_ms=by.at_ms,
    )
    session.add(row)
    detail = f"{document.number}: {attempt.channel}, {attempt.outcome}: {proof}"
    audit.record(session, by.at_ms, by.who, "document.served", case_id, detail)
    session.flush()
    return row


def services_of(session: Session, document_ids: Sequence[int]) -> dict[int, list[DocumentService]]:
    """Return the attempts to serve each of these documents, the oldest first."""
    found: dict[int, list[DocumentService]] = {document: [] for document in document_ids}
    rows = select(DocumentService).where(DocumentService.document_id.in_(document_ids)).order_by(DocumentService.id)
    for row in session.scalars(rows):
        found[row.document_id].append(row)
    return found


def proof_of_service(session: Session, case_id: int) -> DocumentService | None:
    """Return what proves that the case's decision was served, for the act SERVE; None: nothing does yet.

    An announcement is none: it counts as service when its period is over (the clock ``public_notice``).
    """
    decision = last_of(session, case_id, DECISIONS)
    return None if decision is None else served(services_of(session, [decision.id])[decision.id])


def announcement(session: Session, case_id: int) -> DocumentService | None:
    """Return the announcement of the case's decision, for the act ANNOUNCE; None: there is none."""
    decision = last_of(session, case_id, DECISIONS)
    rows = [] if decision is None else services_of(session, [decision.id])[decision.id]
    return next((row for row in rows if row.outcome == Came.ANNOUNCED), None)


def served(rows: Iterable[DocumentService]) -> DocumentService | None:
    """Return the attempt by which a document was served first, None where none did."""
    return min((row for row in rows if row.outcome in SERVES), key=lambda row: (row.at_ms, row.id), default=None)


def _problems(document: Document, attempt: Attempt, by: By) -> Iterable[str]:
    if document.kind not in TO_PARTY:
        yield f"{document.number}: a {document.kind} is served to nobody"
    if attempt.outcome not in POSSIBLE[attempt.channel]:
        expected = ", ".join(POSSIBLE[attempt.channel])
        yield f"{attempt.channel}: expected {expected}, found {attempt.outcome}"
    if attempt.channel is ServedBy.PHONE and document.kind != Kind.NOTICE:
        yield f"a message to a phone tells of a notice (程序规定 art. 20); a {document.kind} is not served so"
    if not document.issued_at_ms // 1000 * 1000 - 60_000 <= attempt.at_ms <= by.at_ms:
        yield f"{document.number}: expected a time between its issue and now"


def _allowed(session: Session, case: Case, document: Document, attempt: Attempt) -> None:
    """Hold the ways that need something before them."""
    needed = NEEDS.get(attempt.channel)
    party = cases.party(session, case.id)
    if needed is not None and not case.demonstration:
        open_ways = frozenset() if party is None else may_be_served_by(session, party.id)
        if needed not in open_ways:
            consent = " and the party's signed consent in force" if needed is Channel.ELECTRONIC else ""
            raise ConflictError(f"{document.number}: by {attempt.channel} needs a confirmed contact{consent}")
    if attempt.channel is ServedBy.ANNOUNCED:
        before = services_of(session, [document.id])[document.id]
        if served(before) is not None:
            raise ConflictError(f"{document.number} is served already: nothing is announced")
        if not any(row.outcome == Came.RETURNED for row in before):
            raise ConflictError(f"{document.number}: it is announced where nothing else reached the party: try first")
