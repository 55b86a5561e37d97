"""The perfect subtrees of the ledger's Merkle tree, stored as they are completed: a root or proof reads O(log n)."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from server.db import insert_from
from server.errors import NotFoundError
from server.ledger.models import LedgerEntry, LedgerNode
from server.ledger.proofs import InclusionProof
from server.ledger.refusals import Refusal, refused
from server.ledger.tree import (
    Node,
    consistency_ranges,
    fold,
    grown,
    inclusion_ranges,
    leaf_hash,
    nodes_of,
    peaks,
    proof_of,
)


def grow(session: Session, size: int, entry_hashes: Sequence[bytes]) -> None:
    """Store what further entries complete; ``size`` entries were here before."""
    frontier = peaks(0, size)
    known = _read(session, frontier)
    made = grown(size, [known[node] for node in frontier], [leaf_hash(entry) for entry in entry_hashes])
    rows = [{"level": level, "position": at, "hash": digest.hex()} for (level, at), digest in made]
    if rows:
        session.execute(insert_from(session, LedgerNode, rows))


def size_of(session: Session) -> int:
    """Return how many entries the book has."""
    return session.scalar(select(func.max(LedgerEntry.number))) or 0


def root_of(session: Session, size: int) -> bytes:
    """Return the root of the first ``size`` entries."""
    wanted = peaks(0, size)
    known = _read(session, wanted)
    return fold([known[node] for node in wanted])


def proof_for(session: Session, number: int, size: int | None = None) -> InclusionProof:
    """Return the proof that entry ``number`` stands in the first ``size`` entries; all of them if none is given.

    Raises NotFoundError for an entry that is not among them.
    """
    entry = session.execute(select(LedgerEntry.hash).where(LedgerEntry.number == number)).scalar_one_or_none()
    whole = size_of(session) if size is None else size
    if entry is None or number > whole:
        raise NotFoundError(*refused(Refusal.NO_ENTRY, number=number, size=whole))
    ranges = inclusion_ranges(number - 1, whole)
    known = _read(session, nodes_of(ranges))
    return InclusionProof(number, whole, bytes.fromhex(entry), tuple(proof_of(ranges, known.__getitem__)))


def consistency_of(session: Session, old: int, size: int) -> list[bytes]:
    """Return the proof that the book of ``old`` entries begins the one of ``size``. Raises NotFoundError."""
    if not 0 < old <= size <= size_of(session):
        raise NotFoundError(*refused(Refusal.NO_SIZES, old=old, size=size))
    ranges = consistency_ranges(old, size)
    return proof_of(ranges, _read(session, nodes_of(ranges)).__getitem__)


def _read(session: Session, nodes: Iterable[Node]) -> dict[Node, bytes]:
    wanted = list(nodes)
    leaves = [at + 1 for level, at in wanted if level == 0]
    inner = [node for node in wanted if node[0] > 0]
    found: dict[Node, bytes] = {}
    if leaves:
        rows = select(LedgerEntry.number, LedgerEntry.hash).where(LedgerEntry.number.in_(leaves))
        found |= {(0, number - 1): leaf_hash(bytes.fromhex(digest)) for number, digest in session.execute(rows)}
    if inner:
        place = tuple_(LedgerNode.level, LedgerNode.position)
        stored = select(LedgerNode.level, LedgerNode.position, LedgerNode.hash).where(place.in_(inner))
        found |= {(level, at): bytes.fromhex(digest) for level, at, digest in session.execute(stored)}
    return found
