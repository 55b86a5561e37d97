"""The auditor's verifier: an exported folder, checked alone. It needs no database and no settings, only the files."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pydantic import BaseModel, ConfigDict, ValidationError

from contract.errors import SealError
from contract.fields import Count, EpochMs, Sha256
from contract.seal import unseal, unverified
from server.errors import SettingsProblemError
from server.ledger.accounts import Account
from server.ledger.audit_walk import AuditWalk, Problems
from server.ledger.export_format import (
    BALANCE,
    BALANCE_COLUMNS,
    COLUMNS,
    ENTRIES,
    HEADS,
    KEY,
    STATE,
    EntryTextError,
    entry_of,
)
from server.ledger.head_told import CENTRE, HeadTold


class _State(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    schema_version: int
    size: Count
    root: Sha256
    chain: Sha256
    exported_at_ms: EpochMs


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and everything that is wrong with it. ``problems`` in words, at most a thousand of them."""

    entries: int
    heads: int
    root: str
    problems: tuple[str, ...]
    problem_count: int
    balances_fen: tuple[tuple[bool, Account, int, int], ...]


def verify(folder: Path, key_file: Path | None, told: Callable[[int], object] = lambda _: None) -> Verified:
    """Check a folder. Raises SettingsProblemError where it is no export, or the key no key."""
    missing = [name for name in (ENTRIES, HEADS, BALANCE, STATE) if not (folder / name).is_file()]
    if missing:
        raise SettingsProblemError(f"{folder}: expected an exported ledger, found no {', '.join(missing)}")
    problems = Problems()
    heads = list(_heads(folder / HEADS, public_key(key_file or folder / KEY), problems))
    walk = AuditWalk(heads, problems)
    _walk(folder / ENTRIES, walk, told)
    _state(folder / STATE, walk)
    _balances(folder / BALANCE, walk)
    totals = sorted(walk.totals.items(), key=lambda item: (item[0][0], list(Account).index(item[0][1])))
    balances_fen = tuple((demo, account, debit, credit) for (demo, account), (debit, credit) in totals)
    return Verified(walk.size, len(heads), walk.root().hex(), tuple(problems.lines), problems.count, balances_fen)


def public_key(path: Path) -> Ed25519PublicKey:
    """Read a public key. Raises SettingsProblemError."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SettingsProblemError(f"{path}: expected an Ed25519 public key (PEM): {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise SettingsProblemError(f"{path}: expected an Ed25519 public key, found a {type(key).__name__}")
    return key


def _heads(path: Path, key: Ed25519PublicKey, problems: Problems) -> Iterator[HeadTold]:
    before: HeadTold | None = None
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            head = unseal(line, HeadTold, lambda name: key if name == CENTRE else None).message
        except SealError as error:
            problems.add(f"{HEADS} line {number}: {error}")
            try:
                head = unverified(line, HeadTold).message
            except SealError:
                continue
        if before is not None and head.day <= before.day:
            problems.add(f"head of {head.day}: day: expected a day after {before.day}")
        before = head
        yield head


def _lines(path: Path, problems: Problems, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the numbered lines below the header."""
    with path.open(encoding="utf-8", newline="", errors="replace") as file:
        try:
            lines = csv.reader(file, strict=True)
            found = next(lines, [])
            if tuple(found) != tuple(columns):
                problems.add(
                    f"{path.name} line 1: expected the columns {','.join(columns)}, found {','.join(found)[:200]}"
                )
            for line in lines:
                yield lines.line_num, line
        except csv.Error as error:
            problems.add(f"{path.name} line {lines.line_num}: expected CSV: {error}")


def _walk(path: Path, walk: AuditWalk, told: Callable[[int], object]) -> None:
    walk.begin()
    for at, line in _lines(path, walk.problems, COLUMNS):
        try:
            entry = entry_of(line)
        except EntryTextError as error:
            walk.unreadable(f"{path.name} line {at}", str(error), line[-1] if line else "")
        except ValueError as error:
            walk.unreadable(f"{path.name} line {at}: no lawful posting", str(error), line[-1])
        else:
            walk.take(*entry)
        told(walk.size)
    walk.finish()


def _state(path: Path, walk: AuditWalk) -> None:
    try:
        state = _State.model_validate_json(path.read_bytes())
    except (ValidationError, ValueError) as error:
        walk.problems.add(f"{STATE}: expected size, root and chain of the book: {str(error).splitlines()[0]}")
        return
    pairs = (
        ("size", state.size, walk.size),
        ("root", state.root, walk.root().hex()),
        ("chain", state.chain, walk.chain),
    )
    for name, said, found in pairs:
        if said != found:
            walk.problems.add(f"{STATE}: {name}: the centre's own was {said}, the entries give {found}")


def _balances(path: Path, walk: AuditWalk) -> None:
    said: dict[tuple[str, str], tuple[str, str]] = {}
    for at, line in _lines(path, walk.problems, BALANCE_COLUMNS):
        if len(line) != len(BALANCE_COLUMNS):
            walk.problems.add(f"{BALANCE} line {at}: expected {len(BALANCE_COLUMNS)} columns, found {len(line)}")
            continue
        said[line[0], line[1]] = (line[2], line[3])
    found = {
        (json.dumps(demo), account.value): (str(debit), str(credit))
        for (demo, account), (debit, credit) in walk.totals.items()
    }
    for key in sorted(said.keys() | found.keys()):
        if said.get(key) != found.get(key):
            walk.problems.add(
                f"{BALANCE}: {key[1]}: the centre's sums say {said.get(key)}, the entries {found.get(key)}"
            )
    debits = sum(debit for debit, _ in walk.totals.values())
    credits_ = sum(credit for _, credit in walk.totals.values())
    if debits != credits_:
        walk.problems.add(f"the book does not balance: debits {debits} fen, credits {credits_} fen")
