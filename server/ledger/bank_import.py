"""Takes a bank's file in, lists what does not match, and lets a cashier say whose it is. One file, one unit of work."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.cases.models import Case
from server.db import hold, insert_from
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.ledger import book
from server.ledger.accounts import Account
from server.ledger.agreements import in_force
from server.ledger.balances import balances_of, money_of, parts_of
from server.ledger.bank_file import BankEntry, BankFileError, BankStatement
from server.ledger.bank_matching import Match, Outcome, match
from server.ledger.case_money import CaseMoney
from server.ledger.instalments import Due
from server.ledger.kinds import EntryKind
from server.ledger.models import BankFile, BankLine, LedgerEntry
from server.ledger.payments import not_who_decided, payment, posted, split
from server.ledger.postings import Basis, Posting
from server.ledger.references import cases_in

K = EntryKind
ASSIGNED = "assigned"
RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file brought: lines by outcome, and those that were known from a file before and posted nothing."""

    outcomes: dict[Outcome, int]
    known: int


def take_in(session: Session, statement: BankStatement, name: str, basis: Basis) -> Imported:
    """Post a file's entries; what is known by the bank's own id posts nothing again.

    ``basis``: who imports and when; its case and evidence are not looked at. Raises BankFileError where a known id now
    says something else.
    """
    hold(session, "ledger")
    fresh = _fresh(session, statement.entries)
    if session.get(BankFile, statement.sha256) is None:
        values = {"sha256": statement.sha256, "name": name[:200], "lines": len(statement.entries)}
        session.add(BankFile(**values, imported_by=basis.officer, at_ms=basis.at_ms))
        session.flush()
    matches, postings = _match_all(session, fresh, replace(basis, case_id=None, evidence_sha256=statement.sha256))
    book.append_all(session, postings)
    _keep(session, statement.sha256, fresh, matches)
    return Imported(dict(Counter(found.outcome for found in matches)), len(statement.entries) - len(fresh))


def _fresh(session: Session, entries: Sequence[BankEntry]) -> list[BankEntry]:
    known: dict[str, BankLine] = {}
    for ids in parts_of([entry.bank_id for entry in entries]):
        known |= {line.bank_id: line for line in session.scalars(select(BankLine).where(BankLine.bank_id.in_(ids)))}
    problems = [
        f"line {entry.line}, bank_id: {entry.bank_id} was imported with another day, amount or reference"
        for entry in entries
        if (line := known.get(entry.bank_id)) is not None
        and (line.booked_on, line.amount_fen, line.remark) != (entry.booked_on, entry.amount_fen, entry.remark)
    ]
    if problems:
        raise BankFileError(problems)
    return [entry for entry in entries if entry.bank_id not in known]


def _match_all(session: Session, entries: Sequence[BankEntry], basis: Basis) -> tuple[list[Match], list[Posting]]:
    """Match each entry against its case as the entries before it leave it: two payments of one fine are one too many."""
    named = sorted({case for entry in entries for case in cases_in(entry.remark)})
    cases = _known_cases(session, named)
    money = money_of(session, list(cases))
    agreed: dict[int, list[Due]] = {}
    for ids in parts_of(list(cases)):
        agreed |= in_force(session, ids)
    matches: list[Match] = []
    postings: list[Posting] = []
    for entry in entries:
        found = match(entry.remark, entry.amount_fen, money, agreed)
        matches.append(found)
        reference = f"bank:{entry.bank_id}"
        if found.outcome is not Outcome.MATCHED or found.case_id is None:
            postings.append(posted(K.SUSPENSE_BANK, basis, entry.amount_fen, reference))
            continue
        of_case = replace(basis, case_id=found.case_id, demonstration=cases[found.case_id])
        postings += split(money[found.case_id], of_case, entry.amount_fen, reference)
        money[found.case_id] = _after(money[found.case_id], entry.amount_fen)
    return matches, postings


def _known_cases(session: Session, named: Sequence[int]) -> dict[int, bool]:
    """Return the cases that there are, with whether each is a demonstration."""
    found: dict[int, bool] = {}
    for ids in parts_of(named):
        found |= {
            case: demo for case, demo in session.execute(select(Case.id, Case.demonstration).where(Case.id.in_(ids)))
        }
    return found


def _after(money: CaseMoney, paid_fen: int) -> CaseMoney:
    to_fine = min(paid_fen, money.fine_owed_fen)
    return replace(
        money,
        fine_owed_fen=money.fine_owed_fen - to_fine,
        surcharge_owed_fen=money.surcharge_owed_fen - (paid_fen - to_fine),
        paid_fen=money.paid_fen + paid_fen,
    )


def _keep(session: Session, sha256: str, entries: Sequence[BankEntry], matches: Sequence[Match]) -> None:
    rows = [
        {
            "bank_id": entry.bank_id,
            "file_sha256": sha256,
            "booked_on": entry.booked_on,
            "amount_fen": entry.amount_fen,
            "remark": entry.remark,
            "payer_name": None if found.outcome is Outcome.MATCHED else entry.payer_name,
            "outcome": found.outcome,
            "case_id": found.case_id,
        }
        for entry, found in zip(entries, matches, strict=True)
    ]
    if rows:
        session.execute(insert_from(session, BankLine, rows))


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An entry of a bank that waits for a cashier: why, and how much of it is still in suspense."""

    bank_id: str
    amount_fen: int
    open_fen: int
    remark: str
    payer_name: str | None
    outcome: Outcome
    case_id: int | None


def unmatched(session: Session, limit: int = 500) -> list[Unmatched]:
    """Return what waits, the oldest first."""
    waits = [outcome for outcome in Outcome if outcome is not Outcome.MATCHED]
    rows = select(BankLine).where(BankLine.outcome.in_(waits)).order_by(BankLine.booked_on, BankLine.bank_id)
    lines = list(session.scalars(rows.limit(limit)))
    open_fen = balances_of(session, [f"bank:{line.bank_id}" for line in lines])
    return [
        Unmatched(
            line.bank_id,
            line.amount_fen,
            -open_fen[f"bank:{line.bank_id}"].get(Account.UNMATCHED, 0),
            line.remark,
            line.payer_name,
            Outcome(line.outcome),
            line.case_id,
        )
        for line in lines
    ]


def assign(session: Session, bank_id: str, basis: Basis, amount_fen: int, reason: str) -> list[LedgerEntry]:
    """Book money in suspense, or a part of it, on the case of ``basis``: a cashier says whose it is, and why.

    Raises NotFoundError, WrongInputError, ConflictError; NotAllowedError for whoever imposed the fine.
    """
    if basis.case_id is None or not reason.strip():
        raise WrongInputError("expected a case, and why the money is its own")
    hold(session, "ledger")
    open_fen = _open(session, bank_id)
    not_who_decided(session, basis.case_id, basis.officer)
    if not 0 < amount_fen <= open_fen:
        raise ConflictError(f"bank entry {bank_id}: expected 1 to {open_fen} fen of it, found {amount_fen}")
    reference, outside = f"bank:{bank_id}", replace(basis, case_id=None)
    matched = posted(K.MATCHED_BANK, outside, amount_fen, reference, reason)
    made = book.append_all(session, [matched, *payment(session, basis, amount_fen, reference)])
    if amount_fen == open_fen:
        _settled(session, bank_id, ASSIGNED)
    return made


def give_back(session: Session, bank_id: str, basis: Basis, reason: str) -> LedgerEntry:
    """Send what is left of an entry in suspense back to who paid it."""
    if not reason.strip():
        raise WrongInputError("expected why the money goes back")
    hold(session, "ledger")
    outside, left = replace(basis, case_id=None), _open(session, bank_id)
    made = book.append(session, posted(K.SUSPENSE_RETURNED, outside, left, f"bank:{bank_id}", reason))
    _settled(session, bank_id, RETURNED)
    return made


def _open(session: Session, bank_id: str) -> int:
    reference = f"bank:{bank_id}"
    open_fen = -balances_of(session, [reference])[reference].get(Account.UNMATCHED, 0)
    if open_fen <= 0:
        raise NotFoundError(f"bank entry {bank_id}: nothing of it is in suspense")
    return open_fen


def _settled(session: Session, bank_id: str, outcome: str) -> None:
    """The payer's name has done its service."""
    session.execute(update(BankLine).where(BankLine.bank_id == bank_id).values(outcome=outcome, payer_name=None))
