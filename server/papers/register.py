"""The documents of a case, and which of them a later one has withdrawn: the register itself is appended only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.documents.models import Document
from server.documents.words import Kind
from server.errors import NotFoundError

WITHDRAWN: Final = frozenset(
    {
        *(Kind.NOTICE, Kind.PENALTY, Kind.WARNING, Kind.EDUCATION, Kind.NO_PENALTY),
        *(Kind.REDUCTION, Kind.MAINTENANCE, Kind.DEMAND, Kind.ENFORCEMENT),
    }
)
"""What a revocation takes out of force; what was said, answered and paid stays what it was."""
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Registered:
    """A document as the register has it; ``withdrawn_by`` is the number of the revocation that came after it."""

    document: Document
    withdrawn_by: str | None


def documents_of(session: Session, case_id: int) -> list[Registered]:
    """Return the documents of a case, the newest first."""
    rows = select(Document).where(Document.case_id == case_id).order_by(Document.id.desc()).limit(MOST)
    found: list[Registered] = []
    revocation: str | None = None
    for document in session.scalars(rows):
        taken = revocation if document.kind in WITHDRAWN else None
        found.append(Registered(document, taken))
        revocation = document.number if document.kind == Kind.REVOCATION else revocation
    return found


def last_of(session: Session, case_id: int, kinds: Sequence[Kind]) -> Document | None:
    """Return the newest document of some kinds, None where there is none."""
    rows = select(Document).where(Document.case_id == case_id, Document.kind.in_(kinds))
    return session.scalars(rows.order_by(Document.id.desc()).limit(1)).first()


def document_of(session: Session, case_id: int, document_id: int) -> Document:
    """Return a document of a case. Raises NotFoundError, also for one of another case."""
    document = session.get(Document, document_id)
    if document is None or document.case_id != case_id:
        raise NotFoundError(f"case {case_id} has no document {document_id}")
    return document
