"""Writes the whole ledger into a folder that an auditor checks alone (server.ledger.verify)."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from server.errors import SettingsProblemError
from server.ledger import book, forest
from server.ledger.accounts import Account
from server.ledger.export_format import (
    BALANCE,
    BALANCE_COLUMNS,
    COLUMNS,
    ENTRIES,
    HEADS,
    KEY,
    README,
    README_TEXT,
    STATE,
    cells,
)
from server.ledger.models import LedgerDaySum, LedgerHead
from server.ledger.postings import GENESIS

Told = Callable[[int], object]


def export(session: Session, folder: Path, key: Ed25519PublicKey, now_ms: int, told: Told = lambda _: None) -> int:
    """Write every file; return how many entries. ``session`` reads one moment; ``told`` hears each entry's number.

    Raises SettingsProblemError where something lies in the folder: an export never mixes with another.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise SettingsProblemError(f"{folder}: expected an empty folder, found files in it: name another")
    size = forest.size_of(session)
    chain = _entries(session, folder / ENTRIES, told)
    sealed = session.scalars(select(LedgerHead.sealed).order_by(LedgerHead.day))
    (folder / HEADS).write_text("".join(f"{line}\n" for line in sealed), encoding="utf-8")
    _balance(session, folder / BALANCE)
    state = {
        "schema_version": 1,
        "size": size,
        "root": forest.root_of(session, size).hex(),
        "chain": chain,
        "exported_at_ms": now_ms,
    }
    (folder / STATE).write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")
    (folder / KEY).write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (folder / README).write_text(README_TEXT.format(columns=", ".join(COLUMNS)), encoding="utf-8")
    return size


def _entries(session: Session, path: Path, told: Told) -> str:
    chain = GENESIS
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        for row in book.walk(session):
            lines.writerow(cells(_named(row)))
            chain = row.hash
            told(row.number)
    return chain


def _named(row: Row[Any]) -> dict[str, object]:
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping


def _balance(session: Session, path: Path) -> None:
    sums = select(
        LedgerDaySum.demonstration, LedgerDaySum.debit, LedgerDaySum.credit, func.sum(LedgerDaySum.amount_fen)
    )
    totals: dict[tuple[bool, str], list[int]] = {}
    for demonstration, debit, credit, amount in session.execute(
        sums.group_by(LedgerDaySum.demonstration, LedgerDaySum.debit, LedgerDaySum.credit)
    ):
        totals.setdefault((demonstration, debit), [0, 0])[0] += int(amount)
        totals.setdefault((demonstration, credit), [0, 0])[1] += int(amount)
    order = [account.value for account in Account]
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(BALANCE_COLUMNS)
        for (demonstration, account), (debits, credits_) in sorted(
            totals.items(), key=lambda item: (item[0][0], order.index(item[0][1]))
        ):
            lines.writerow(["true" if demonstration else "false", account, debits, credits_])
