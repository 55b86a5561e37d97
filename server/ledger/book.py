"""The only ways into the ledger: append, reverse; and the chain's walk. The caller's unit of work commits.

One at a time: whoever appends holds the book until the unit of work ends, as each entry's hash covers the one before.
Tree and daily sums are kept in the same unit.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from server.civil_time import beijing
from server.db import hold, insert_from, table_of
from server.errors import ConflictError, WrongInputError
from server.ledger import forest, sums
from server.ledger.accounts import Account, on_wrong_side
from server.ledger.balances import Scope, balances_of, parts_of, scope_of
from server.ledger.case_money import Numbered, new_amount, revocation, standing
from server.ledger.kinds import DECISIONS, EntryKind
from server.ledger.models import LedgerEntry, LedgerHead
from server.ledger.postings import GENESIS, Basis, Posting, entry_hash, plain_text
from server.ledger.refusals import Refusal, refused

WALK: Final = 10_000
"""Entries that a walk over the whole book holds in memory."""


def append(session: Session, posting: Posting) -> LedgerEntry:
    """Append one posting (`append_all`)."""
    return append_all(session, [posting])[0]


def append_all(session: Session, postings: Sequence[Posting]) -> list[LedgerEntry]:
    """Append postings to the chain, all or none.

    Raises:
        ConflictError: an entry has been reversed already, or a posting's day is closed by a published head.
        WrongInputError: an account of a case, or of money in suspense, would stand on its wrong side.
    """
    hold(session, "ledger")
    if not postings:
        return []
    _reversed_once(session, postings)
    _day_is_open(session, postings)
    _on_their_sides(session, postings)
    last = session.execute(
        select(LedgerEntry.number, LedgerEntry.hash).order_by(LedgerEntry.number.desc()).limit(1)
    ).one_or_none()
    size, previous = (0, GENESIS) if last is None else (last.number, last.hash)
    made = list(_chained(postings, size, previous))
    names = [column.name for column in LedgerEntry.__table__.columns]
    session.execute(insert_from(session, LedgerEntry, [{name: getattr(e, name) for name in names} for e in made]))
    forest.grow(session, size, [bytes.fromhex(entry.hash) for entry in made])
    sums.add(session, postings)
    return made


def _chained(postings: Iterable[Posting], size: int, previous: str) -> Iterator[LedgerEntry]:
    for number, posting in enumerate(postings, start=size + 1):
        values = {name: getattr(posting, name) for name in posting.__dataclass_fields__}
        entry = LedgerEntry(number=number, previous=previous, hash=entry_hash(previous, number, posting), **values)
        previous = entry.hash
        yield entry


def _reversed_once(session: Session, postings: Sequence[Posting]) -> None:
    wanted = [posting.reverses for posting in postings if posting.reverses is not None]
    known = (
        session.scalars(select(LedgerEntry.reverses).where(LedgerEntry.reverses.in_(wanted))).all() if wanted else []
    )
    doubled = {number for number in wanted if wanted.count(number) > 1} | set(known)
    if doubled:
        raise ConflictError(*refused(Refusal.ENTRY_REVERSED, number=min(n for n in doubled if n is not None)))


def _day_is_open(session: Session, postings: Sequence[Posting]) -> None:
    closed = session.scalar(select(func.max(LedgerHead.day)))
    first = beijing(min(posting.at_ms for posting in postings)).date()
    if closed is not None and first <= closed:
        raise ConflictError(*refused(Refusal.DAY_CLOSED, closed=closed, first=first))


def _on_their_sides(session: Session, postings: Sequence[Posting]) -> None:
    """Hold that no account of what is touched ends on its wrong side: nobody is overpaid without a refund due."""
    scopes = list(dict.fromkeys(scope_of(posting) for posting in postings))
    totals = balances_of(session, scopes)
    for posting in postings:
        of = totals[scope_of(posting)]
        of[posting.debit] = of.get(posting.debit, 0) + posting.amount_fen
        of[posting.credit] = of.get(posting.credit, 0) - posting.amount_fen
    problems = [said for scope in scopes for said in _problems(scope, totals[scope])]
    if problems:
        raise WrongInputError(*refused(Refusal.BEYOND_ZERO, problems="; ".join(problems[:20])))


def _problems(scope: Scope, totals: dict[Account, int]) -> list[str]:
    what = f"case {scope}" if isinstance(scope, int) else f"{scope}, in suspense"
    return [f"{what}: {account} would be {by} fen beyond zero" for account, by in on_wrong_side(totals).items()]


def entries_of(session: Session, case_id: int) -> list[Numbered]:
    """Return the entries of a case, oldest first."""
    found = session.scalars(select(LedgerEntry).where(LedgerEntry.case_id == case_id).order_by(LedgerEntry.number))
    return [Numbered(entry.number, as_posting(entry)) for entry in found]


def of_kinds(session: Session, kinds: Sequence[EntryKind], references: Sequence[str]) -> list[LedgerEntry]:
    """Return the entries of some kinds with these references, oldest first."""
    found: list[LedgerEntry] = []
    for part in parts_of(references):
        rows = select(LedgerEntry).where(LedgerEntry.kind.in_(kinds), LedgerEntry.reference.in_(part))
        found += session.scalars(rows)
    return sorted(found, key=lambda entry: entry.number)


def standing_of_kinds(session: Session, kinds: Sequence[EntryKind], references: Sequence[str]) -> list[LedgerEntry]:
    """Return those of them that nobody has reversed."""
    found = of_kinds(session, kinds, references)
    undone: set[int | None] = set()
    for part in parts_of([entry.number for entry in found]):
        undone.update(session.scalars(select(LedgerEntry.reverses).where(LedgerEntry.reverses.in_(part))))
    return [entry for entry in found if entry.number not in undone]


def reverse_case(
    session: Session, case_id: int, officer: str, at_ms: int, reason: str | None = None
) -> list[LedgerEntry]:
    """Reverse whatever was decided on a case; what was paid becomes a refund due. Nothing to reverse: nothing made.

    Raises ConflictError if the case has been reversed already.
    """
    hold(session, "ledger")
    entries = entries_of(session, case_id)
    if not any(entry.posting.kind in DECISIONS for entry in entries):
        return []
    basis = _basis_again(entries, officer, at_ms)
    if not any(entry.posting.kind in DECISIONS for entry in standing(entries)):
        raise ConflictError(*refused(Refusal.CASE_REVERSED, case=case_id))
    return append_all(session, revocation(entries, basis, plain_text(reason)))


def change_amount(
    session: Session, case_id: int, amount_fen: int, officer: str, at_ms: int, reason: str
) -> list[LedgerEntry]:
    """Put another amount in the place of a fine. Raises ConflictError without one, WrongInputError without why."""
    hold(session, "ledger")
    entries = entries_of(session, case_id)
    if not any(entry.posting.kind is EntryKind.ASSESSED for entry in standing(entries)):
        raise ConflictError(*refused(Refusal.NO_FINE, case=case_id))
    said = plain_text(reason)
    if said is None:
        raise WrongInputError(*refused(Refusal.WHY_ANOTHER_AMOUNT, case=case_id))
    return append_all(session, new_amount(entries, _basis_again(entries, officer, at_ms), amount_fen, said))


def _basis_again(entries: Sequence[Numbered], officer: str, at_ms: int) -> Basis:
    first = next(entry.posting for entry in entries if entry.posting.kind in DECISIONS)
    return Basis(first.case_id, officer, first.evidence_sha256, at_ms, first.demonstration)


def as_posting(entry: LedgerEntry | Row[Any]) -> Posting:
    """Return the value of an entry. Raises ValueError for a row that could not have been posted."""
    words = {"kind": EntryKind(entry.kind), "debit": Account(entry.debit), "credit": Account(entry.credit)}
    return Posting(**{name: words.get(name, getattr(entry, name)) for name in Posting.__dataclass_fields__})


def walk(session: Session, after: int = 0, up_to: int | None = None) -> Iterator[Row[Any]]:
    """Yield the entries as rows, by number, reading a part at a time."""
    table = table_of(LedgerEntry)
    while True:
        rows = select(table).where(table.c.number > after).order_by(table.c.number).limit(WALK)
        part = session.execute(rows if up_to is None else rows.where(table.c.number <= up_to)).all()
        yield from part
        if len(part) < WALK:
            return
        after = part[-1].number


def broken_at(session: Session, told: Callable[[int], object] = lambda _: None) -> int | None:
    """Walk the chain and return the first entry that does not follow from the one before, None if it is whole.

    ``told`` hears how far the walk has come, every ``WALK`` entries.
    """
    previous = GENESIS
    for position, entry in enumerate(walk(session), start=1):
        if entry.number != position or entry.previous != previous:
            return position
        try:
            follows = entry.hash == entry_hash(previous, entry.number, as_posting(entry))
        except ValueError:
            follows = False
        if not follows:
            return int(entry.number)
        previous = entry.hash
        if position % WALK == 0:
            told(position)
    return None
