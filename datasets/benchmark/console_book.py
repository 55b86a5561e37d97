"""Fills the ledger in bulk, with the chain, the tree and the daily sums that the book itself would have made.

The first entries are hashed by the book as well: where the two differ, nothing is measured.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from datasets.benchmark.console_fill import FINED, OFFICERS, Connection
from datasets.errors import ChainBrokenError
from server.civil_time import beijing_day
from server.ledger.kinds import PAIRS, EntryKind
from server.ledger.postings import GENESIS, Basis, entry_hash, post
from server.ledger.tree import grown, leaf_hash

EVIDENCE: Final = "ab" * 32
STEPS: Final = (
    (EntryKind.ASSESSED, 2000, 7),
    (EntryKind.SURCHARGE, 400, 35 * 24),
    (EntryKind.PAID_BANK, 1200, 36 * 24),
    (EntryKind.PAID_BANK, 800, 37 * 24),
    (EntryKind.SURCHARGE_PAID_BANK, 400, 38 * 24),
    (EntryKind.TO_TREASURY, 1200, 40 * 24),
    (EntryKind.TO_TREASURY, 1200, 41 * 24),
)
"""Kind, fen, hours after the act: paid in two parts, late. Of a case that is only served or enforced, the first two."""
CHECKED: Final = 200
COLUMNS: Final = (
    "number, kind, case_id, debit, credit, amount_fen, officer, evidence_sha256, at_ms, demonstration, reference, "
    "previous, hash"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry to be made."""

    kind: EntryKind
    case_id: int
    amount_fen: int
    at_ms: int

    @property
    def officer(self) -> str:
        """Return who posts it."""
        return f"officer-{self.case_id % OFFICERS}"

    def reference(self, number: int) -> str | None:
        """Return what the payment's id at the bank is."""
        return f"bank:{number}" if "paid" in self.kind else None


def fill_book(connection: Connection, say: Callable[[str], None]) -> int:
    """Post every fined case's entries; return how many."""
    connection.execute("CREATE TEMPORARY TABLE leaves (number bigint, hash text)")
    with _without_indexes(connection, "ledger_entries"):
        count, leaves, sums = _entries(connection, say)
    say("tree")
    with connection.cursor().copy("COPY ledger_nodes (level, position, hash) FROM STDIN") as copy:
        for (level, at), digest in grown(0, [], leaves):
            copy.write_row((level, at, digest.hex()))
    with connection.cursor().copy("COPY ledger_day_sums FROM STDIN") as copy:
        for (day, kind), (entries, amount_fen) in sums.items():
            copy.write_row((day, kind, *PAIRS[EntryKind(kind)], False, entries, amount_fen))
    return count


def _entries(
    connection: Connection, say: Callable[[str], None]
) -> tuple[int, list[bytes], dict[tuple[object, str], tuple[int, int]]]:
    previous, number, leaves = GENESIS, 0, []
    entries, amounts = Counter[tuple[object, str]](), Counter[tuple[object, str]]()
    chosen = "SELECT id, state, entered_at_ms FROM spread WHERE state = ANY(%s) ORDER BY id"
    fined = connection.execute(chosen, (list(FINED),)).fetchall()
    with connection.cursor().copy(f"COPY ledger_entries ({COLUMNS}) FROM STDIN".encode()) as copy:
        for line in _lines(fined):
            number += 1
            digest = _hash(previous, number, line)
            debit, credit = PAIRS[line.kind]
            row = (number, line.kind.value, line.case_id, debit.value, credit.value, line.amount_fen, line.officer)
            copy.write_row((*row, EVIDENCE, line.at_ms, False, line.reference(number), previous, digest))
            previous = digest
            leaves.append(leaf_hash(bytes.fromhex(digest)))
            key = (beijing_day(line.at_ms), line.kind.value)
            entries[key] += 1
            amounts[key] += line.amount_fen
            if number % 50_000 == 0:
                say(f"entries: {number}")
    return number, leaves, {key: (entries[key], amounts[key]) for key in entries}


def _lines(fined: list[tuple[object, ...]]) -> Iterator[Line]:
    for case_id, state, entered_at_ms in fined:
        steps = STEPS if state in {"paid", "archived"} else STEPS[:2]
        for kind, amount_fen, hours in steps:
            yield Line(kind, int(str(case_id)), amount_fen, int(str(entered_at_ms)) + hours * 3_600_000)


def _hash(previous: str, number: int, line: Line) -> str:
    """Return what the book's own hash is, ten times as fast: RFC 8785 of plain ASCII and whole numbers."""
    debit, credit = PAIRS[line.kind]
    reference = line.reference(number)
    said = "" if reference is None else f'"reference":"{reference}",'
    text = (
        f'{{"amount_fen":{line.amount_fen},"at_ms":{line.at_ms},"case_id":{line.case_id},"credit":"{credit.value}",'
        f'"debit":"{debit.value}","demonstration":false,"evidence_sha256":"{EVIDENCE}","kind":"{line.kind.value}",'
        f'"number":{number},"officer":"{line.officer}","previous":"{previous}",{said}"reverses":null}}'
    )
    digest = sha256(text.encode()).hexdigest()
    if number <= CHECKED:
        basis = Basis(line.case_id, line.officer, EVIDENCE, line.at_ms, demonstration=False)
        expected = entry_hash(previous, number, post(line.kind, basis, line.amount_fen, reference))
        if digest != expected:
            raise ChainBrokenError(f"entry {number}: expected the book's own hash {expected}, found {digest}")
    return digest


class _without_indexes:  # noqa: N801 - a context, read as words
    """Takes a table's indexes and unique rules away while it is filled, and makes them anew at once: minutes less."""

    def __init__(self, connection: Connection, table: str) -> None:
        self._connection, self._table = connection, table
        self._again: list[str] = []

    def __enter__(self) -> None:
        once = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass"
        for name, rule in self._connection.execute(f"{once} AND contype = 'u'".encode(), (self._table,)).fetchall():
            self._connection.execute(f"ALTER TABLE {self._table} DROP CONSTRAINT {name}".encode())
            self._again.append(f"ALTER TABLE {self._table} ADD CONSTRAINT {name} {rule}")
        plain = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT LIKE 'pk%%'"
        for name, made in self._connection.execute(plain, (self._table,)).fetchall():
            self._connection.execute(f"DROP INDEX {name}".encode())
            self._again.append(str(made))

    def __exit__(self, *_: object) -> None:
        for statement in self._again:
            self._connection.execute(statement.encode())
