"""Reads a bank's file (CSV, docs/ledger.md) strictly: all of its problems at once, by line and column, or its lines."""

import csv
import io
import unicodedata
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from server.errors import WrongInputError
from server.ledger.postings import AMOUNT_MAX_FEN

COLUMNS: Final = ("booked_on", "amount", "currency", "reference", "payer_name", "bank_id")
BYTES_MAX: Final = 64 * 1024 * 1024
LINES_MAX: Final = 200_000
TEXT_MAX: Final = {"reference": 200, "payer_name": 100, "bank_id": 64}
PROBLEMS_MAX: Final = 200
_FORMULA: Final = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class BankEntry:
    """One line: the day that the bank booked it, what came, the payer's remark and name, the bank's own id."""

    line: int
    booked_on: date
    amount_fen: int
    remark: str
    payer_name: str
    bank_id: str


@dataclass(frozen=True, slots=True)
class BankStatement:
    """A whole file, by the hash of its bytes."""

    sha256: str
    entries: tuple[BankEntry, ...]


class BankFileError(WrongInputError):
    """A file that cannot be taken; ``problems`` has every line."""

    exit_status = 2

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        more = f"\n... and {len(problems) - PROBLEMS_MAX} more" if len(problems) > PROBLEMS_MAX else ""
        super().__init__("\n".join(problems[:PROBLEMS_MAX]) + more)


def read_bank_file(data: bytes, today: date) -> BankStatement:
    """Read a file, UTF-8 (with or without a BOM) or GB 18030. Raises BankFileError with every problem."""
    if len(data) > BYTES_MAX:
        raise BankFileError([f"expected at most {BYTES_MAX} bytes, found {len(data)}"])
    problems: list[str] = []
    entries = _entries(_decoded(data), today, problems)
    if not entries and not problems:
        problems.append("line 2: expected at least one entry, found none")
    if problems:
        raise BankFileError(problems)
    return BankStatement(sha256(data).hexdigest(), tuple(entries))


def one_line(said: dict[str, str]) -> bytes:
    """Return a file of one entry, as a person has typed it: it is then read as strictly as any. ``said``: by column."""
    into = io.StringIO()
    lines = csv.writer(into)
    lines.writerows([COLUMNS, [said[name] for name in COLUMNS]])
    return into.getvalue().encode("utf-8", "replace")


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BankFileError(["expected text in UTF-8 or GBK (GB 18030), found bytes that are neither"])


def _entries(text: str, today: date, problems: list[str]) -> list[BankEntry]:
    found: list[BankEntry] = []
    first_at: dict[str, int] = {}
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if tuple(name.strip() for name in header) != COLUMNS:
            problems.append(f"line 1: expected the columns {','.join(COLUMNS)}, found {','.join(header)[:200]}")
            return []
        for cells in reader:
            if len(found) + len(problems) >= LINES_MAX:
                problems.append(f"line {reader.line_num}: expected at most {LINES_MAX} entries")
                return found
            entry = _entry(reader.line_num, cells, today, problems)
            if entry is None:
                continue
            if entry.bank_id in first_at:
                problems.append(
                    f"line {entry.line}, bank_id: {entry.bank_id} stands in line {first_at[entry.bank_id]} already"
                )
            first_at.setdefault(entry.bank_id, entry.line)
            found.append(entry)
    except csv.Error as error:
        problems.append(f"line {reader.line_num}: expected CSV (RFC 4180): {error}")
    return found


def _entry(line: int, cells: list[str], today: date, problems: list[str]) -> BankEntry | None:
    if len(cells) != len(COLUMNS):
        problems.append(f"line {line}: expected {len(COLUMNS)} columns, found {len(cells)}")
        return None
    said = {name: cell.strip() for name, cell in zip(COLUMNS, cells, strict=True)}
    wrong = [*_text_problems(said)]
    booked_on, amount_fen = _day(said["booked_on"], today), fen_of(said["amount"])
    if isinstance(booked_on, str):
        wrong.append(f"booked_on: {booked_on}")
    if isinstance(amount_fen, str):
        wrong.append(f"amount: {amount_fen}")
    if said["currency"] != "CNY":
        wrong.append(f"currency: expected CNY, found {said['currency'][:20]!r}")
    problems += [f"line {line}, {problem}" for problem in wrong]
    if wrong or isinstance(booked_on, str) or isinstance(amount_fen, str):
        return None
    return BankEntry(line, booked_on, amount_fen, said["reference"], said["payer_name"], said["bank_id"])


def _text_problems(said: dict[str, str]) -> list[str]:
    """What a spreadsheet takes for a formula is refused, since lists of these lines are opened in one."""
    found = []
    for name, longest in TEXT_MAX.items():
        value = said[name]
        if len(value) > longest:
            found.append(f"{name}: expected at most {longest} letters, found {len(value)}")
        if value.startswith(_FORMULA):
            found.append(f"{name}: expected text, found what a spreadsheet takes for a formula: {value[:20]!r}")
        if any(unicodedata.category(letter) in {"Cc", "Cs", "Cf"} for letter in value):
            found.append(f"{name}: expected one line of plain text, found control characters")
    if not said["bank_id"]:
        found.append("bank_id: expected the bank's own id, found nothing")
    return found


def _day(text: str, today: date) -> date | str:
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        return f"expected a day like 2026-10-08, found {text[:20]!r}"
    return day if day <= today else f"expected a day up to {today}, found {day}"


def fen_of(text: str) -> int | str:
    """Return an amount written in yuan as fen, or what is wrong with it. Money never passes through a float."""
    yuan, dot, fen = text.partition(".")
    if not (dot and yuan.isascii() and yuan.isdigit() and len(fen) == 2 and fen.isascii() and fen.isdigit()):
        return f"expected yuan with two decimals like 10.00, found {text[:20]!r}"
    amount_fen = int(yuan[:16]) * 100 + int(fen)
    if len(yuan) > 16 or not 0 < amount_fen <= AMOUNT_MAX_FEN:
        return f"expected more than nothing and at most {AMOUNT_MAX_FEN // 100} yuan, found {text[:20]!r}"
    return amount_fen
