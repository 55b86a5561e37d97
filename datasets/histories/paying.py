"""Payers, cashiers and heads at random: each does on a case's account what a page of the ledger does, no more.

What comes and what goes back is counted beside the book (`Till`), after the unit of work that booked it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final

from sqlalchemy.orm import Session

from datasets.histories.law import day_of
from datasets.histories.stage import Centre
from server.cases import repository
from server.decisions.due import reckon
from server.decisions.settling import settle_paid
from server.errors import ConflictError, WrongInputError
from server.law.limits import LimitKey
from server.ledger import agreements, bank_import, case_account, cash, payments, suspense
from server.ledger.balances import money_of
from server.ledger.bank_file import one_line, read_bank_file
from server.ledger.bank_import import Delivery
from server.ledger.case_account import account_of, basis_of
from server.ledger.cash_values import Cash
from server.ledger.incoming import Source
from server.ledger.instalments import equal_parts
from server.ledger.kinds import EntryKind
from server.ledger.lateness import LawOfPayment
from server.ledger.postings import Basis
from server.ledger.references import payment_reference
from server.lists import service as lists
from server.lists.models import Listing
from server.lists.policy import Candidate, objections
from server.procedure.words import AgeBand, CaseState

CASHIERS: Final = ("qian", "sun", "zhang")
"""The last is an officer as well: who imposed a fine must not book its payment, whatever they are by now."""
FEN: Final = (1, 300, 500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody does about money: of which case, who, when (ms), and the chance that fills it in.

    ``name`` is this deed's own, for references that nobody else uses.
    """

    case_id: int
    who: str
    at_ms: int
    chance: Random
    name: str


@dataclass(frozen=True, slots=True)
class Came:
    """What a deed moved: by its reference what came, in fen, and what went back."""

    reference: str = ""
    came_fen: int = 0
    went_fen: int = 0


Do = Callable[[Session, Centre, Deed], Came | None]


def _owed(session: Session, deed: Deed) -> int:
    return money_of(session, [deed.case_id])[deed.case_id].owed_fen


def _amount(session: Session, deed: Deed) -> int:
    """Return all that is owed, mostly; else anything."""
    owed = _owed(session, deed)
    return owed if owed and deed.chance.random() < 0.6 else deed.chance.choice(FEN)


def _settle(session: Session, centre: Centre, deed: Deed) -> None:
    settle_paid(session, [deed.case_id], deed.who, deed.at_ms, centre.house)


def pay_electronically(session: Session, centre: Centre, deed: Deed) -> Came:
    """The payment service tells of a payment; one in eight times it tells again of an earlier one."""
    known = [name for name in list(centre.till.came_fen) if name.startswith("epay:")][-20:]
    again = deed.chance.choice(known) if known and deed.chance.random() < 0.12 else None
    reference = again or f"epay:{deed.name}"
    amount = centre.till.came_fen[again] if again else _amount(session, deed)
    basis = Basis(deed.case_id, "payment service", "0" * 64, deed.at_ms, demonstration=False)
    payments.take_epay(session, basis, amount, reference.partition(":")[2])
    _settle(session, centre, deed)
    return Came(reference, amount)


def pay_all(session: Session, centre: Centre, deed: Deed) -> Came:
    """Somebody pays all that is owed, wherever the case stands: before its service, or while a remedy is open."""
    amount = _owed(session, deed)
    if not amount:
        raise ConflictError("nothing is owed")
    basis = Basis(deed.case_id, "payment service", "0" * 64, deed.at_ms, demonstration=False)
    payments.take_epay(session, basis, amount, deed.name)
    _settle(session, centre, deed)
    return Came(f"epay:{deed.name}", amount)


def pay_by_bank(session: Session, centre: Centre, deed: Deed) -> Came:
    """The bank's file of one line: a reference that is right, another's, none, or two."""
    own, other = payment_reference(deed.case_id), payment_reference(deed.case_id + 1)
    remark = deed.chance.choice((own, own, own, own, other, "罚款", f"{own} {other}"))
    amount = _amount(session, deed)
    day = day_of(deed.at_ms)
    said = {"booked_on": day.isoformat(), "amount": f"{amount // 100}.{amount % 100:02d}", "currency": "CNY",
            "reference": remark, "payer_name": "张三", "bank_id": deed.name}  # fmt: skip
    basis = Basis(None, deed.who, "", deed.at_ms, demonstration=False)
    bank_import.take_in(session, read_bank_file(one_line(said), day), Delivery(Source.BANK, "f", centre.box), basis)
    settle_paid(session, [deed.case_id, deed.case_id + 1], deed.who, deed.at_ms, centre.house)
    return Came(f"bank:{deed.name}", amount)


def pay_in_cash(session: Session, centre: Centre, deed: Deed) -> Came:
    """Cash on the spot, up to the law's limit."""
    payments.not_who_decided(session, deed.case_id, deed.who)
    amount, limit = _amount(session, deed), centre.house.limit(LimitKey.CASH_ON_THE_SPOT_MAX, deed.at_ms)
    basis = basis_of(session, deed.case_id, deed.who, deed.at_ms)
    cash.take_cash(session, basis, amount, deed.name, limit)
    _settle(session, centre, deed)
    return Came(f"receipt:{deed.name}", amount)


def _receipts(session: Session, deed: Deed) -> list[Cash]:
    found = [one for one in cash.cash_moments(session) if one.case_id == deed.case_id]
    return deed.chance.sample(found, min(len(found), 1))


def hand_cash_in(session: Session, _centre: Centre, deed: Deed) -> None:
    """The unit receives a receipt's cash from whoever took it."""
    for one in _receipts(session, deed):
        cash.hand_in(session, [one.receipt], one.officer, Basis(None, deed.who, "", deed.at_ms, demonstration=False))


def bank_cash(session: Session, _centre: Centre, deed: Deed) -> None:
    """The unit pays a receipt's cash into the bank."""
    for one in _receipts(session, deed):
        cash.bank_cash(session, [one.receipt], Basis(None, deed.who, "", deed.at_ms, demonstration=False), "D1")


def ask_surcharge(session: Session, centre: Centre, deed: Deed) -> None:
    """A head asks for a surcharge: all that the law lets be asked for, or more."""
    book = centre.house.book
    law = LawOfPayment(book.terms, book.limits, book.calendar)
    late = account_of(session, deed.case_id, law, deed.at_ms).late
    most = 0 if late is None else late.may_ask_fen
    amount = most if most and deed.chance.random() < 0.7 else deed.chance.choice(FEN)
    case_account.ask_surcharge(session, basis_of(session, deed.case_id, deed.who, deed.at_ms), law, amount, "late")


def decide_otherwise(session: Session, centre: Centre, deed: Deed) -> None:
    """A head waives, or lets social service stand for it."""
    kind = deed.chance.choice((EntryKind.WAIVED, EntryKind.SURCHARGE_WAIVED, EntryKind.SERVED_SOCIALLY))
    basis = basis_of(session, deed.case_id, deed.who, deed.at_ms)
    payments.decide_otherwise(session, kind, basis, _amount(session, deed), "hardship")
    _settle(session, centre, deed)


def agree(session: Session, centre: Centre, deed: Deed) -> None:
    """A head grants a deferral or instalments."""
    parts = deed.chance.randint(1, 4)
    days = [day_of(deed.at_ms) + timedelta(days=30 * (at + 1)) for at in range(parts)]
    dues = equal_parts(_owed(session, deed) or 1, days)
    agreements.grant(session, deed.case_id, dues, deed.who, "hardship", deed.at_ms)
    reckon(session, deed.case_id, centre.house, deed.at_ms)


def refund(session: Session, _centre: Centre, deed: Deed) -> Came:
    """A cashier pays back what is due back."""
    payments.not_who_decided(session, deed.case_id, deed.who)
    made = payments.refund(session, basis_of(session, deed.case_id, deed.who, deed.at_ms), "due back")
    return Came(went_fen=sum(entry.amount_fen for entry in made))


def move(session: Session, _centre: Centre, deed: Deed) -> None:
    """A cashier settles e-payments with the bank, or hands the bank's money to the treasury."""
    kind = deed.chance.choice((EntryKind.EPAY_SETTLED, EntryKind.TO_TREASURY))
    payments.move(session, kind, [basis_of(session, deed.case_id, deed.who, deed.at_ms)], deed.who)


def _waiting(session: Session, deed: Deed) -> suspense.Unmatched:
    own = [one for one in suspense.unmatched(session, 30) if one.open_fen]
    if not own:
        raise ConflictError("nothing waits")
    return deed.chance.choice(own)


def assign(session: Session, centre: Centre, deed: Deed) -> None:
    """A cashier says whose money it is that waits."""
    waits = _waiting(session, deed)
    amount = min(waits.open_fen, _owed(session, deed)) or 1
    suspense.assign(session, waits.reference, basis_of(session, deed.case_id, deed.who, deed.at_ms), amount, "his")
    _settle(session, centre, deed)


def give_back(session: Session, _centre: Centre, deed: Deed) -> Came:
    """A cashier sends back what waits."""
    reference = _waiting(session, deed).reference
    evidence, demonstration = suspense.evidence_of(session, reference)
    basis = Basis(None, deed.who, evidence, deed.at_ms, demonstration)
    return Came(went_fen=suspense.give_back(session, reference, basis, "nobody's").amount_fen)


def publish(session: Session, _centre: Centre, deed: Deed) -> None:
    """A head lists a case: the policy's answer, and the case held as it is asked; the picture is another test's."""
    case = repository.get(session, deed.case_id)
    session.refresh(case, with_for_update={"key_share": True})
    party = repository.party(session, case.id)
    band = None if party is None else AgeBand(party.age_band)
    listed = lists.of_case(session, case.id) is not None
    found = objections(Candidate(CaseState(case.state), band, listed, masked_picture=True, reason="r", days=7))
    if found:
        raise WrongInputError("; ".join(found))
    values = {"published_at_ms": deed.at_ms, "ends_at_ms": deed.at_ms + 7 * lists.DAY_MS, "approved_by": deed.who}
    session.add(Listing(id=deed.name, case_id=case.id, approved_because="r", demonstration=False, **values))
    session.flush()


DEEDS: Final[Sequence[Do]] = (
    pay_all, pay_electronically, pay_electronically, pay_electronically, pay_by_bank, pay_by_bank,
    pay_in_cash, pay_in_cash, hand_cash_in, bank_cash, ask_surcharge, decide_otherwise, agree, refund,
    move, move, assign, give_back, publish,
)  # fmt: skip
"""What happens to money, as often as it stands here."""


def note(centre: Centre, came: Came | None) -> None:
    """Count beside the book what a deed moved, once its unit of work stands."""
    if came is None:
        return
    if came.reference:
        centre.till.came_fen[came.reference] = came.came_fen
    if came.went_fen:
        centre.till.went_fen.append(came.went_fen)
