"""Takes a file of the bank, or of the payment service, in: what matches is paid, what does not waits in suspense.

One file, one unit of work. Both have the same columns, and the source's own id says what is known already.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from server import sealed_values
from server.cases.models import Case
from server.db import hold, insert_from
from server.ledger import book
from server.ledger.agreements import in_force
from server.ledger.balances import money_of, parts_of
from server.ledger.bank_file import BankEntry, BankFileError, BankStatement
from server.ledger.bank_matching import Match, Outcome, match
from server.ledger.case_money import CaseMoney
from server.ledger.incoming import KINDS, Source
from server.ledger.instalments import Due
from server.ledger.models import BankFile, IncomingPayment
from server.ledger.payments import posted, split
from server.ledger.postings import Basis, Posting
from server.ledger.references import cases_in
from server.secrets_box import SecretsBox


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file as it was handed in: by whom it was made, its name, and the box that seals the payers' names."""

    source: Source
    name: str
    box: SecretsBox


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file brought: lines by outcome, and those that were known from a file before and posted nothing."""

    outcomes: dict[Outcome, int]
    known: int


def take_in(session: Session, statement: BankStatement, delivery: Delivery, basis: Basis) -> Imported:
    """Post a file's entries; what is known by the source's own id posts nothing again.

    ``basis``: who imports and when; its case and evidence are not looked at. Raises BankFileError where a known id now
    says something else.
    """
    hold(session, "ledger")
    fresh = _fresh(session, statement.entries, delivery.source)
    if session.get(BankFile, statement.sha256) is None:
        values = {"sha256": statement.sha256, "name": delivery.name[:200], "lines": len(statement.entries)}
        session.add(BankFile(**values, source=delivery.source, imported_by=basis.officer, at_ms=basis.at_ms))
        session.flush()
    of_file = replace(basis, case_id=None, evidence_sha256=statement.sha256)
    matches, postings = _match_all(session, fresh, of_file, delivery.source)
    book.append_all(session, postings)
    _keep(session, statement.sha256, fresh, matches, delivery.source)
    _seal_payers(session, delivery, fresh, matches, basis.at_ms)
    return Imported(dict(Counter(found.outcome for found in matches)), len(statement.entries) - len(fresh))


def _fresh(session: Session, entries: Sequence[BankEntry], source: Source) -> list[BankEntry]:
    known: dict[str, IncomingPayment] = {}
    for names in parts_of([f"{source}:{entry.bank_id}" for entry in entries]):
        lines = session.scalars(select(IncomingPayment).where(IncomingPayment.reference.in_(names)))
        known |= {line.reference.partition(":")[2]: line for line in lines}
    problems = [
        f"line {entry.line}, bank_id: {entry.bank_id} was imported with another day, amount or reference"
        for entry in entries
        if (line := known.get(entry.bank_id)) is not None
        and (line.booked_on, line.amount_fen, line.remark) != (entry.booked_on, entry.amount_fen, entry.remark)
    ]
    if problems:
        raise BankFileError(problems)
    return [entry for entry in entries if entry.bank_id not in known]


def _match_all(
    session: Session, entries: Sequence[BankEntry], basis: Basis, source: Source
) -> tuple[list[Match], list[Posting]]:
    """Match each entry against its case as those before it leave it: of two payments of one fine the second waits."""
    named = sorted({case for entry in entries for case in cases_in(entry.remark)})
    cases = _known_cases(session, named)
    money = money_of(session, list(cases))
    agreed: dict[int, list[Due]] = {}
    for ids in parts_of(list(cases)):
        agreed |= in_force(session, ids)
    matches: list[Match] = []
    postings: list[Posting] = []
    kinds = KINDS[source]
    for entry in entries:
        found = match(entry.remark, entry.amount_fen, money, agreed)
        if source is Source.EPAY and found.outcome is Outcome.PARTIAL:
            found = replace(found, outcome=Outcome.MATCHED)  # whoever pays so has named the case and the amount
        matches.append(found)
        reference = f"{source}:{entry.bank_id}"
        if found.outcome is not Outcome.MATCHED or found.case_id is None:
            postings.append(posted(kinds.suspended, basis, entry.amount_fen, reference))
            continue
        of_case = replace(basis, case_id=found.case_id, demonstration=cases[found.case_id])
        postings += split(money[found.case_id], of_case, entry.amount_fen, reference, kinds.paid)
        money[found.case_id] = _after(money[found.case_id], entry.amount_fen)
    return matches, postings


def _known_cases(session: Session, named: Sequence[int]) -> dict[int, bool]:
    """Return the cases that there are, with whether each is a demonstration."""
    found: dict[int, bool] = {}
    for ids in parts_of(named):
        rows = session.execute(select(Case.id, Case.demonstration).where(Case.id.in_(ids)))
        found.update((row.id, row.demonstration) for row in rows)
    return found


def _after(money: CaseMoney, paid_fen: int) -> CaseMoney:
    to_fine = min(paid_fen, money.fine_owed_fen)
    return replace(
        money,
        fine_owed_fen=money.fine_owed_fen - to_fine,
        surcharge_owed_fen=money.surcharge_owed_fen - (paid_fen - to_fine),
        paid_fen=money.paid_fen + paid_fen,
    )


def _keep(
    session: Session, sha256: str, entries: Sequence[BankEntry], matches: Sequence[Match], source: Source
) -> None:
    rows = [
        {
            "reference": f"{source}:{entry.bank_id}",
            "file_sha256": sha256,
            "booked_on": entry.booked_on,
            "amount_fen": entry.amount_fen,
            "remark": entry.remark,
            "outcome": found.outcome,
            "waits": found.outcome is not Outcome.MATCHED,
            "case_id": found.case_id,
        }
        for entry, found in zip(entries, matches, strict=True)
    ]
    if rows:
        session.execute(insert_from(session, IncomingPayment, rows))


def _seal_payers(
    session: Session, delivery: Delivery, entries: Sequence[BankEntry], matches: Sequence[Match], at_ms: int
) -> None:
    """Keep who paid, only while the money belongs to nobody, so that a cashier can find whose it is."""
    names = {
        f"{delivery.source}:{entry.bank_id}/payer": (entry.payer_name.encode(), found.case_id)
        for entry, found in zip(entries, matches, strict=True)
        if found.outcome is not Outcome.MATCHED and entry.payer_name
    }
    sealed_values.keep_new(session, delivery.box, names, at_ms)
