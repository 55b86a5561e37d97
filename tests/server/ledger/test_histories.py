"""Random histories of some cases' money: every balance exact, the chain whole, revocation always back to zero."""

import shutil
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

from books import DAY_MS, PUBLIC_KEY, at, basis, open_book
from centre import KEY
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from server.db import unit_of_work
from server.errors import ServerError
from server.ledger import book, cash, forest, heads, payments, statements
from server.ledger.accounts import NOT_MONEY, Account, on_wrong_side
from server.ledger.balances import balances_of, money_of
from server.ledger.case_money import standing
from server.ledger.export import export
from server.ledger.kinds import DECISIONS, EntryKind
from server.ledger.postings import assess, post
from server.ledger.verify import verify

K = EntryKind
CASES = st.integers(1, 3)
FEN = st.integers(1, 3000)
T0 = at("2026-10-08")


class Histories(RuleBasedStateMachine):
    """What officer, cashier, payer and head do, in any order; where the book refuses, it stays as it is."""

    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp(prefix="lukou-ledger-"))
        self.engine, self.factory = open_book(f"sqlite:///{self.folder / 'x.sqlite'}", 3)
        self.at_ms, self.used = T0, 0
        self.expected: Counter[tuple[int, Account]] = Counter()

    def teardown(self):
        with self.factory.reading() as session:
            export(session, self.folder / "out", PUBLIC_KEY, self.at_ms)
        self.engine.dispose()
        found = verify(self.folder / "out", None)
        shutil.rmtree(self.folder)
        assert found.problems == ()

    def attempt(self, function, *given):
        """Do it in one unit; a refusal leaves no trace. What was posted is counted beside the book."""
        try:
            with unit_of_work(self.factory) as session:
                made = function(session, *given)
        except ServerError:
            return False
        for entry in made if isinstance(made, list) else [made]:
            self.expected[entry.case_id, Account(entry.debit)] += entry.amount_fen
            self.expected[entry.case_id, Account(entry.credit)] -= entry.amount_fen
        return True

    def by(self, case):
        return basis(case, "officer", self.at_ms)

    @rule(case=CASES, fen=FEN)
    def fine(self, case, fen):
        assert self.attempt(book.append, assess(self.by(case), fen))

    @rule(case=CASES, fen=FEN)
    def late(self, case, fen):
        assert self.attempt(book.append, post(K.SURCHARGE, self.by(case), fen))

    @rule(case=CASES, fen=FEN)
    def pay(self, case, fen):
        self.used += 1
        assert self.attempt(payments.take_epay, self.by(case), fen, f"t{self.used}")

    @rule(case=CASES, fen=FEN)
    def pay_on_the_spot(self, case, fen):
        self.used += 1
        with self.factory.reading() as session:
            owed = money_of(session, [case])[case].fine_owed_fen
        done = self.attempt(cash.take_cash, self.by(case), fen, f"r{self.used}", 2000)
        assert done == (fen <= min(owed, 2000))

    @rule()
    def hand_in_and_bank(self):
        with self.factory.reading() as session:
            receipts = [c.receipt for c in cash.cash_moments(session) if c.handed_in_at_ms is None]
        if receipts:
            assert self.attempt(cash.hand_in, receipts, "officer", basis(None, "cashier", self.at_ms))
            assert self.attempt(cash.bank_cash, receipts, basis(None, "cashier", self.at_ms), "D1")

    @rule(kind=st.sampled_from([K.EPAY_SETTLED, K.TO_TREASURY]))
    def move(self, kind):
        assert self.attempt(payments.move, kind, [self.by(case) for case in (1, 2, 3)], "cashier")

    @rule(case=CASES, fen=FEN, kind=st.sampled_from([K.WAIVED, K.SURCHARGE_WAIVED, K.SERVED_SOCIALLY]))
    def waive(self, case, fen, kind):
        self.attempt(payments.decide_otherwise, kind, self.by(case), fen, "r")

    @rule(case=CASES, fen=FEN)
    def change(self, case, fen):
        self.attempt(book.change_amount, case, fen, "head", self.at_ms, "court")

    @rule(case=CASES)
    def refund(self, case):
        self.attempt(payments.refund, self.by(case), "r")

    @rule(case=CASES)
    def revoke(self, case):
        self.attempt(book.reverse_case, case, "head", self.at_ms, "r")
        with self.factory.reading() as session:
            totals = balances_of(session, [case])[case]
            assert {totals.get(account, 0) for account in NOT_MONEY} == {0}
            left = [e for e in standing(book.entries_of(session, case)) if e.posting.kind in DECISIONS]
        assert left == []

    @rule()
    def the_day_ends(self):
        self.at_ms += DAY_MS
        with unit_of_work(self.factory) as session:
            assert heads.publish(session, KEY, self.at_ms).size == forest.size_of(session)

    @rule(fen=FEN)
    def something_dated_back_is_refused(self, fen):
        with self.factory.reading() as session:
            closed = bool(heads.newest(session))
        if closed:
            assert not self.attempt(book.append, assess(basis(1, "officer", self.at_ms - DAY_MS), fen))

    @invariant()
    def every_balance_is_exact_and_on_its_side(self):
        if not hasattr(self, "factory"):
            return
        with self.factory.reading() as session:
            found = balances_of(session, [1, 2, 3])
            for case, totals in found.items():
                assert {a: fen for a, fen in totals.items() if fen} == {
                    account: fen for (of, account), fen in self.expected.items() if of == case and fen
                }
                assert on_wrong_side(totals) == {}
            lines = statements.trial_balance(session, date(2030, 1, 1))
            by_account: Counter[Account] = Counter()
            for (_, account), fen in self.expected.items():
                by_account[account] += fen
            assert {line.account: line.closing_fen for line in lines if line.closing_fen} == {
                account: fen for account, fen in by_account.items() if fen
            }
            assert book.broken_at(session) is None


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
