"""The ledger's proof for a document: that the entry stands in the book, as an address whose last part is the proof."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from server.documents.pieces import Proof
from server.ledger import book, forest
from server.ledger.case_money import Numbered, standing
from server.ledger.kinds import EntryKind
from server.papers.gathering import Gathered


def proof_of_fine(session: Session, of: Gathered) -> Proof | None:
    """Return the proof of the fine that stands; None where none was posted."""
    return _proof(session, of.papers.public_url, standing(book.entries_of(session, of.case.id)), EntryKind.ASSESSED)


def proof_of_reversal(session: Session, of: Gathered) -> Proof | None:
    """Return the proof that the fine was taken back; None where there was none."""
    return _proof(session, of.papers.public_url, book.entries_of(session, of.case.id), EntryKind.REVERSED)


def proof_of_entry(session: Session, public_url: str, number: int) -> Proof:
    """Return the proof of an entry by its number: behind ``#``, so that no server is told of it."""
    proof = forest.proof_for(session, number)
    return Proof(f"{public_url}/ledger/heads#{proof.text()}", proof.root().hex())


def _proof(session: Session, public_url: str, entries: Sequence[Numbered], kind: EntryKind) -> Proof | None:
    numbers = [entry.number for entry in entries if entry.posting.kind is kind]
    return proof_of_entry(session, public_url, numbers[-1]) if numbers else None
