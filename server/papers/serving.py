"""Notes how a document was served and with what proof, and tells when it was (行政处罚法 61, 程序规定 55, 56)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from server import audit
from server.cases import repository as cases
from server.cases.models import Case
from server.documents.models import Document
from server.documents.words import Kind
from server.errors import WrongInputError
from server.papers.models import DocumentService
from server.papers.register import document_of, last_of
from server.papers.words import POSSIBLE, SERVES, Came, ServedBy
from server.parties.reaching import may_be_served_by
from server.parties.service import By, checked_reason
from server.parties.words import Channel

TO_PARTY: Final = frozenset(Kind) - {Kind.DAILY_STATEMENT, Kind.MONTHLY_STATEMENT, Kind.ENFORCEMENT}
"""An application for enforcement goes to the court."""
DECISIONS: Final = (Kind.PENALTY, Kind.WARNING)
NEEDS: Final = {
    ServedBy.POST: Channel.POST,
    ServedBy.ELECTRONIC: Channel.ELECTRONIC,
    ServedBy.PHONE: Channel.PHONE,
}
"""What must have been confirmed before a document goes that way; electronically with a consent in force alone."""


MINUTE_MS: Final = 60_000
"""A form's time has no seconds."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an attempt is not kept: ``key`` for a page's own words, ``text`` in English."""

    key: str
    text: str


class NotKeptError(WrongInputError):
    """An attempt to serve a document that cannot have been one."""

    def __init__(self, number: str, refusals: Sequence[Refusal]) -> None:
        super().__init__(f"{number}: {'; '.join(refusal.text for refusal in refusals)}")
        self.refusals = tuple(refusals)


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
        NotKeptError: every reason at once: no such outcome of such a way, a wrong time, no proof, no confirmed contact
            or consent, an announcement before anything else was tried.
    """
    case, document = cases.get(session, case_id), document_of(session, case_id, document_id)
    found, proof = list(_refusals(session, case, document, attempt, by)), _proof(attempt)
    if found or proof is None:
        raise NotKeptError(document.number, found)
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


def _refusals(session: Session, case: Case, document: Document, attempt: Attempt, by: By) -> Iterator[Refusal]:
    """Yield every reason why an attempt is not kept."""
    if document.kind not in TO_PARTY:
        yield Refusal("kind", f"a {document.kind} is served to nobody")
    if attempt.outcome not in POSSIBLE[attempt.channel]:
        yield Refusal("outcome", f"{attempt.channel}: expected {', '.join(POSSIBLE[attempt.channel])}")
    if attempt.channel is ServedBy.PHONE and document.kind != Kind.NOTICE:
        yield Refusal("phone", "a message to a phone tells of a notice alone (程序规定 art. 20)")
    if not document.issued_at_ms - MINUTE_MS <= attempt.at_ms <= by.at_ms:
        yield Refusal("time", "expected a time between its issue and now")
    if _proof(attempt) is None:
        yield Refusal("proof", "expected what proves it, 4 to 400 characters, without an identity number")
    if not case.demonstration:
        yield from _unreachable(session, case, attempt.channel)
    if attempt.channel is ServedBy.ANNOUNCED:
        yield from _announced_too_soon(services_of(session, [document.id])[document.id])


def _unreachable(session: Session, case: Case, channel: ServedBy) -> Iterator[Refusal]:
    needed, party = NEEDS.get(channel), cases.party(session, case.id)
    if needed is None or (party is not None and needed in may_be_served_by(session, party.id)):
        return
    consent = " and the party's signed consent in force" if needed is Channel.ELECTRONIC else ""
    key = "consent" if needed is Channel.ELECTRONIC else "contact"
    yield Refusal(key, f"by {channel} needs a confirmed contact{consent}")


def _announced_too_soon(before: Sequence[DocumentService]) -> Iterator[Refusal]:
    if served(before) is not None:
        yield Refusal("served", "it is served already: nothing is announced")
    elif not any(row.outcome == Came.RETURNED for row in before):
        yield Refusal("untried", "it is announced where nothing else reached the party: try first (程序规定 art. 55)")


def _proof(attempt: Attempt) -> str | None:
    try:
        return checked_reason(attempt.proof, "service")
    except WrongInputError:
        return None
