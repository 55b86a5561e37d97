"""From fine to treasury and back: cash, e-payment, bank, refunds, statements, on both databases."""

import io
import threading
import zipfile
from datetime import date

import pytest
from books import at, basis

from server.db import unit_of_work
from server.errors import ConflictError, NotAllowedError, NotFoundError, WrongInputError
from server.ledger import agreements, bank_import, book, cash, payments, statements, suspense
from server.ledger.accounts import Account
from server.ledger.balances import balances_of, money_of
from server.ledger.bank_file import BankFileError, read_bank_file
from server.ledger.bank_import import Delivery
from server.ledger.bank_matching import Outcome
from server.ledger.cash_values import Cash
from server.ledger.incoming import Source
from server.ledger.instalments import Due
from server.ledger.kinds import EntryKind
from server.ledger.postings import assess, post
from server.ledger.references import payment_reference
from server.ledger.sheets import party_sheet, period_sheet
from server.parties.service import By
from server.secrets_box import SecretsBox

K = EntryKind
T0 = at("2026-10-08")
HEADER = "booked_on,amount,currency,reference,payer_name,bank_id"


@pytest.fixture
def do(book_sessions, tmp_path):
    """One step in one unit of work; ``box`` seals the payers' names."""

    def step(function, *given, **named):
        with unit_of_work(book_sessions) as session:
            return function(session, *given, **named)

    step.box = SecretsBox(tmp_path / "keys.txt")
    return step


def by(who: str, case_id: int | None = 1):
    return basis(case_id, who, T0)


def owed(do, case_id: int = 1):
    return do(money_of, [case_id])[case_id]


def bank_bytes(*lines: str) -> bytes:
    return "\n".join([HEADER, *(f"2026-10-08,{line}" for line in lines)]).encode()


def take_in(do, *lines: str):
    statement = read_bank_file(bank_bytes(*lines), date(2026, 10, 8))
    return do(bank_import.take_in, statement, Delivery(Source.BANK, "b.csv", do.box), by("cashier", None))


def test_cash_goes_from_officer_to_unit_to_bank_and_tells_its_moments(do):
    do(book.append, assess(by("zhang"), 1000))
    with pytest.raises(WrongInputError, match=r"art\. 68"):
        do(payments_cash, 1000, "R1", 999)
    do(payments_cash, 1000, "R1", 10_000)
    with pytest.raises(ConflictError, match="R1 has been given"):
        do(payments_cash, 1, "R1", 10_000)
    with pytest.raises(NotAllowedError, match="cannot receive"):
        do(cash.hand_in, ["R1"], "zhang", by("zhang", None))
    with pytest.raises(WrongInputError, match="another officer"):
        do(cash.hand_in, ["R1"], "li", by("cashier", None))
    with pytest.raises(ConflictError, match="the unit holds"):
        do(cash.bank_cash, ["R1"], by("cashier", None), "D7")
    do(cash.hand_in, ["R1"], "zhang", basis(None, "cashier", T0 + 1))
    with pytest.raises(ConflictError, match="handed in already"):
        do(cash.hand_in, ["R1"], "zhang", by("cashier", None))
    assert do(cash.cash_moments) == [Cash("R1", 1, "zhang", 1000, T0, T0 + 1, None)]
    do(cash.bank_cash, ["R1"], basis(None, "cashier", T0 + 2), "D7")
    assert do(cash.cash_moments) == []
    assert do(cash.cash_moments, ["R1"])[0].banked_at_ms == T0 + 2
    with pytest.raises(NotFoundError, match="R9"):
        do(cash.bank_cash, ["R9"], by("cashier", None), "D7")


def payments_cash(session, amount_fen, receipt, limit_fen):
    return cash.take_cash(session, by("zhang"), amount_fen, receipt, limit_fen)


def test_an_e_payment_told_twice_is_booked_once_and_what_nobody_owes_waits(do):
    do(book.append_all, [assess(by("zhang"), 1000), post(K.SURCHARGE, by("zhang"), 60)])
    first = do(payments.take_epay, by("service"), 1060, "t1")
    assert [(e.kind, e.amount_fen) for e in first] == [("paid_epay", 1000), ("surcharge_paid_epay", 60)]
    assert [e.number for e in do(payments.take_epay, by("service"), 1060, "t1")] == [e.number for e in first]
    (waits,) = do(payments.take_epay, by("service"), 1060, "t2")
    assert (waits.kind, waits.case_id) == ("suspense_epay", None)
    assert owed(do).owed_fen == 0


def test_revocation_after_the_money_has_gone_to_the_treasury_ends_at_zero(do):
    do(book.append, assess(by("zhang"), 1000))
    do(payments.take_epay, by("service"), 1000, "t1")
    do(book.reverse_case, 1, "head", T0, "wrong person")
    assert (owed(do).owed_fen, owed(do).refund_due_fen) == (0, 1000)
    with pytest.raises(ConflictError, match="not reached the bank"):
        do(payments.refund, by("cashier"), "revoked")
    do(payments.move, K.EPAY_SETTLED, [by("cashier")], "cashier")
    assert do(payments.move, K.TO_TREASURY, [by("cashier")], "cashier") == []  # what is owed back is not handed on
    do(payments.refund, by("cashier"), "revoked")
    assert set(do(balances_of, [1])[1].values()) == {0}


def test_what_the_treasury_has_comes_back_from_the_treasury(do):
    do(book.append, assess(by("zhang"), 1000))
    take_in(do, f"10.00,CNY,{payment_reference(1)},n,B1")
    do(payments.move, K.TO_TREASURY, [by("cashier"), by("cashier", 2)], "cashier")
    do(book.reverse_case, 1, "head", T0, "wrong person")
    assert [e.kind for e in do(payments.refund, by("cashier"), "revoked")] == ["refunded_by_treasury"]
    assert set(do(balances_of, [1])[1].values()) == {0}
    with pytest.raises(ConflictError, match="nothing is due"):
        do(payments.refund, by("cashier"), "again")


def test_a_lower_amount_after_payment_leaves_the_rest_due_back(do):
    do(book.append_all, [assess(by("zhang"), 1000), post(K.SURCHARGE, by("zhang"), 60)])
    take_in(do, f"10.60,CNY,{payment_reference(1)},n,B1")
    do(book.change_amount, 1, 400, "head", T0, "reconsideration")
    now = owed(do)
    assert (now.assessed_fen, now.owed_fen, now.paid_fen, now.refund_due_fen) == (400, 0, 1060, 660)
    with pytest.raises(WrongInputError, match="expected why"):
        do(book.change_amount, 1, 400, "head", T0, " ")
    with pytest.raises(ConflictError, match="a fine that stands"):
        do(book.change_amount, 2, 400, "head", T0, "r")


def test_waived_and_served(do):
    do(book.append, assess(by("zhang"), 1000))
    do(payments.decide_otherwise, K.SERVED_SOCIALLY, by("head"), 600, "two hours at the crossing")
    do(payments.decide_otherwise, K.WAIVED, by("head"), 400, "hardship")
    assert owed(do).owed_fen == 0
    for kind, reason in ((K.WAIVED, ""), (K.PAID_BANK, "r")):
        with pytest.raises(WrongInputError, match="and why"):
            do(payments.decide_otherwise, kind, by("head"), 1, reason)
    do(book.reverse_case, 1, "head", T0, "wrong person")
    assert set(do(balances_of, [1])[1].values()) == {0}


def test_a_banks_file_pays_what_is_exact_and_lists_the_rest_once(do):
    do(book.append_all, [assess(basis(case, "zhang", T0), 1000) for case in (1, 2, 3)])
    do(book.reverse_case, 3, "head", T0, "r")
    lines = [
        f"10.00,CNY,{payment_reference(1)},n,B1",
        f"10.00,CNY,{payment_reference(1)},n,B2",  # the same fine again
        f"9.00,CNY,{payment_reference(2)},n,B3",
        f"10.00,CNY,{payment_reference(3)},n,B4",
        f"10.00,CNY,{payment_reference(4)},n,B5",
        f"10.00,CNY,{payment_reference(99)},n,B6",
        "10.00,CNY,wang,王五,B7",
    ]
    told = take_in(do, *lines)
    assert told.outcomes == {
        Outcome.MATCHED: 1, Outcome.PAID_ALREADY: 1, Outcome.PARTIAL: 1, Outcome.REVOKED: 1,
        Outcome.NEVER_FINED: 1, Outcome.UNKNOWN_CASE: 1, Outcome.NO_REFERENCE: 1,
    }  # fmt: skip
    assert take_in(do, *lines) == bank_import.Imported({}, 7)
    again = take_in(do, lines[0], f"10.00,CNY,{payment_reference(2)},n,B8")  # overlapping files
    assert again == bank_import.Imported({Outcome.MATCHED: 1}, 1)
    with pytest.raises(BankFileError, match="another day, amount or reference"):
        take_in(do, f"11.00,CNY,{payment_reference(1)},n,B1")
    assert [(line.reference, line.open_fen) for line in do(suspense.unmatched)] == [
        ("bank:B2", 1000), ("bank:B3", 900), ("bank:B4", 1000), ("bank:B5", 1000), ("bank:B6", 1000), ("bank:B7", 1000),
    ]  # fmt: skip
    assert do(book.broken_at) is None


def test_a_cashier_says_whose_money_it_is_and_why(do):
    do(book.append_all, [assess(by("zhang"), 1000), assess(by("zhang", 2), 300)])
    take_in(do, "15.00,CNY,wang,王五,B1")
    with pytest.raises(WrongInputError, match="why"):
        do(suspense.assign, "bank:B1", by("cashier"), 1000, " ")
    with pytest.raises(NotAllowedError, match="imposed the fine"):
        do(suspense.assign, "bank:B1", by("zhang"), 1000, "r")
    with pytest.raises(ConflictError, match="1 to 1500 fen"):
        do(suspense.assign, "bank:B1", by("cashier"), 1501, "r")
    with pytest.raises(WrongInputError, match="as much as is owed"):
        do(suspense.assign, "bank:B1", by("cashier"), 1001, "r")
    do(suspense.assign, "bank:B1", by("cashier"), 1000, "the payer showed the slip")
    do(suspense.assign, "bank:B1", by("cashier", 2), 300, "the same payer")
    (left,) = do(suspense.unmatched)
    assert left.open_fen == 200
    assert do(suspense.payer_name, do.box, "bank:B1", By("cashier", T0, "whose is the rest?")) == "王五"
    assert do(suspense.give_back, "bank:B1", by("cashier", None), "paid too much").amount_fen == 200
    assert do(suspense.unmatched) == []
    with pytest.raises(NotFoundError, match="in suspense"):
        do(suspense.give_back, "bank:B1", by("cashier", None), "again")
    with pytest.raises(NotFoundError, match="under seal"):
        do(suspense.payer_name, do.box, "bank:B1", By("cashier", T0, "whose is the rest?"))
    assert set(do(balances_of, ["bank:B1"])["bank:B1"].values()) == {0}


def test_agreements_are_granted_over_what_is_owed_and_their_parts_match(do):
    do(book.append, assess(by("zhang"), 1000))
    parts = [Due(date(2026, 11, 1), 400), Due(date(2026, 12, 1), 600)]
    with pytest.raises(WrongInputError, match="sum up to the 1000 fen"):
        do(agreements.grant, 1, parts[:1], "head", "r", T0)
    do(agreements.grant, 1, parts, "head", "hardship", T0)
    assert do(agreements.in_force, [1, 2]) == {1: parts}
    told = take_in(do, f"4.00,CNY,{payment_reference(1)},n,B1", f"6.00,CNY,{payment_reference(1)},n,B2")
    assert told.outcomes == {Outcome.MATCHED: 2}


def test_statements_and_sheets(do, book_sessions):
    do(book.append_all, [assess(by("=zhang"), 1000), assess(basis(2, "zhang", at("2026-11-02")), 500)])
    do(cash.take_cash, by("=zhang"), 400, "=R1", 10_000)
    take_in(do, "15.00,CNY,wang,n,B1")
    october, november = do(statements.month, 2026, 10), do(statements.month, 2026, 11)
    lines = {line.account: line for line in november.accounts}
    assert (october.first, october.last, november.last) == (date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 30))
    assert october.balanced
    assert november.balanced
    owed_line = lines[Account.FINES_RECEIVABLE]
    assert (owed_line.opening_fen, owed_line.debit_fen, owed_line.closing_fen) == (600, 500, 1100)
    assert [line.closing_fen for line in do(statements.trial_balance, date(2026, 11, 30))] == [
        line.closing_fen for line in november.accounts
    ]
    assert do(statements.day, date(2026, 11, 2)).movements[0].amount_fen == 500
    assert all(line.closing_fen == 0 for line in do(statements.month, 2026, 10, demonstration=True).accounts)
    party = do(statements.party, [1, 2])
    assert [line.owed_after_fen for line in party.lines] == [1000, 1500, 1100]
    assert (party.owed_fen, party.paid_fen) == (1100, 400)
    for data, again in ((period_sheet(october), period_sheet(october)), (party_sheet(party), party_sheet(party))):
        assert data == again
        with zipfile.ZipFile(io.BytesIO(data)) as book_file:
            assert not any(b"<f>" in book_file.read(name) for name in book_file.namelist() if "sheet" in name)
    december = do(statements.month, 2026, 12)
    assert december.last == date(2026, 12, 31)


def test_two_writers_at_once_leave_one_chain(book_sessions):
    together = threading.Barrier(4)

    def post_some(case_id: int) -> None:
        together.wait()
        for _ in range(5):
            with unit_of_work(book_sessions) as session:
                book.append_all(session, [assess(basis(case_id, "o", T0), 10), assess(basis(case_id, "o", T0), 20)])

    writers = [threading.Thread(target=post_some, args=(case,)) for case in (1, 2, 3, 4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    with book_sessions.reading() as session:
        assert book.broken_at(session) is None
        assert statements.trial_balance(session, date(2026, 10, 8))[0].closing_fen == 600
        assert session.get(book.LedgerEntry, 40) is not None


def test_of_two_payments_at_once_one_is_too_many(book_sessions):
    with unit_of_work(book_sessions) as session:
        book.append(session, assess(by("zhang"), 1000))
    together, became = threading.Barrier(2), []

    def pay(name: str) -> None:
        together.wait()
        try:
            with unit_of_work(book_sessions) as session:
                became.append(payments.take_epay(session, by("service"), 1000, name)[0].kind)
        except WrongInputError as error:
            became.append(error)

    payers = [threading.Thread(target=pay, args=(name,)) for name in ("t1", "t2")]
    for payer in payers:
        payer.start()
    for payer in payers:
        payer.join(60)
    assert sorted(became) == ["paid_epay", "suspense_epay"]
