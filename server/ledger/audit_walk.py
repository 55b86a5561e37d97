"""Walks a whole ledger once and finds everything that is wrong with it. Pure: entries and heads in, problems out."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from server.civil_time import beijing
from server.ledger.accounts import Account, on_wrong_side
from server.ledger.head_told import HeadTold
from server.ledger.kinds import PAIRS, EntryKind
from server.ledger.postings import GENESIS, Posting, entry_hash
from server.ledger.tree import fold, leaf_hash, node_hash

KEPT_MAX: Final = 1_000
"""Problems that are told in words; all are counted."""
_ACCOUNTS: Final = tuple(Account)
_KINDS: Final = tuple(EntryKind)


@dataclass(slots=True)
class Problems:
    """What was found, in words, and how much of it."""

    lines: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, line: str) -> None:
        """Note one."""
        self.count += 1
        if len(self.lines) < KEPT_MAX:
            self.lines.append(line)


@dataclass(slots=True)
class AuditWalk:
    """Takes entries in their order; ``heads`` in the order of their days. Memory: 17 bytes an entry, and the cases."""

    heads: Sequence[HeadTold]
    problems: Problems = field(default_factory=Problems)
    size: int = 0
    chain: str = GENESIS
    totals: dict[tuple[bool, Account], list[int]] = field(default_factory=dict)
    _stack: list[tuple[int, bytes]] = field(default_factory=list)
    _facts: "array[int]" = field(default_factory=lambda: array("q"))
    _kinds: bytearray = field(default_factory=bytearray)
    _reversed: set[int] = field(default_factory=set)
    _open: dict[tuple[int | str, Account], int] = field(default_factory=dict)
    _next_head: int = 0

    def begin(self) -> None:
        """Look at the heads of the empty book; call it before the first entry."""
        self._heads_here()

    def unreadable(self, place: str, why: str, digest: str) -> None:
        """Take an entry that is none; the walk goes on with the hash that it states."""
        self.problems.add(f"{place}: {why}")
        self._facts.extend((0, 0))
        self._kinds.append(0)
        self._lengthen(digest)

    def take(self, number: int, posting: Posting, previous: str, digest: str) -> None:
        """Take the next entry."""
        here, told = self.size + 1, self.problems
        if number != here:
            told.add(f"entry {here}: expected number {here}, found {number}: entries are missing, doubled or moved")
        if previous != self.chain:
            told.add(f"entry {number}: previous: expected the hash of the entry before, found another")
        if digest != entry_hash(previous, number, posting):
            told.add(f"entry {number}: hash: the entry is not what its hash covers")
        if posting.reverses is not None:
            self._reversal(number, posting, posting.reverses)
        if self._next_head and beijing(posting.at_ms).date() <= self.heads[self._next_head - 1].day:
            day = self.heads[self._next_head - 1].day
            told.add(f"entry {number}: at_ms: it is dated within {day}, whose head had been published before")
        self._add(posting)
        self._facts.extend((posting.amount_fen, posting.case_id or 0))
        self._kinds.append(_KINDS.index(posting.kind))
        self._lengthen(digest)

    def root(self) -> bytes:
        """Return the root over all entries so far."""
        return fold([digest for _, digest in self._stack])

    def finish(self) -> None:
        """Look at what can be seen at the end only: sides of every case, heads beyond the book."""
        scopes: dict[int | str, dict[Account, int]] = {}
        for (scope, account), balance_fen in self._open.items():
            scopes.setdefault(scope, {})[account] = balance_fen
        for scope, balances_fen in scopes.items():
            for account, by in on_wrong_side(balances_fen).items():
                what = f"case {scope}" if isinstance(scope, int) else f"{scope}, in suspense"
                self.problems.add(f"{what}: {account} stands {by} fen on its wrong side")
        for head in self.heads[self._next_head :]:
            self.problems.add(
                f"head of {head.day}: it covers {head.size} entries, found {self.size}: the end is missing"
            )

    def _reversal(self, number: int, posting: Posting, of: int) -> None:
        if not 0 < of <= self.size:
            self.problems.add(f"entry {number}: reverses: expected an earlier entry, found {of}")
            return
        pair = PAIRS.get(_KINDS[self._kinds[of - 1]])  # a reversal has none of its own, and is not reversed
        amount_fen, case_id = self._facts[2 * of - 2], self._facts[2 * of - 1]
        opposite = (amount_fen, case_id) == (posting.amount_fen, posting.case_id or 0)
        if not opposite or pair != (posting.credit, posting.debit):
            self.problems.add(f"entry {number}: reverses: it is not the opposite of entry {of}")
        if of in self._reversed:
            self.problems.add(f"entry {number}: reverses: entry {of} has been reversed already")
        self._reversed.add(of)

    def _add(self, posting: Posting) -> None:
        scope = posting.case_id if posting.case_id is not None else posting.reference or ""
        for account, at, signed in ((posting.debit, 0, posting.amount_fen), (posting.credit, 1, -posting.amount_fen)):
            self.totals.setdefault((posting.demonstration, account), [0, 0])[at] += posting.amount_fen
            left = self._open.get((scope, account), 0) + signed
            if left:
                self._open[scope, account] = left
            else:
                self._open.pop((scope, account), None)

    def _lengthen(self, digest: str) -> None:
        self.size, self.chain = self.size + 1, digest
        try:
            node = leaf_hash(bytes.fromhex(digest))
        except ValueError:
            node = leaf_hash(b"")
        level = 0
        while self._stack and self._stack[-1][0] == level:
            level, node = level + 1, node_hash(self._stack.pop()[1], node)
        self._stack.append((level, node))
        self._heads_here()

    def _heads_here(self) -> None:
        while self._next_head < len(self.heads) and self.heads[self._next_head].size <= self.size:
            head = self.heads[self._next_head]
            self._next_head += 1
            if head.size < self.size:
                self.problems.add(f"head of {head.day}: size: it covers fewer entries than the head before it")
                continue
            if head.root != self.root().hex():
                self.problems.add(f"head of {head.day}: root: the first {head.size} entries are not those of that day")
            if head.chain != self.chain:
                self.problems.add(f"head of {head.day}: chain: entry {head.size} is not the last of that day")
