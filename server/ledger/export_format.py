"""The files of an exported ledger: their names, columns and the one spelling of an entry as a line of CSV. Pure.

A text that a spreadsheet would take for a formula gets an apostrophe before it, as does a text that begins with one:
the way back is exact.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from server.ledger.accounts import Account
from server.ledger.kinds import EntryKind
from server.ledger.postings import Posting

ENTRIES: Final = "entries.csv"
HEADS: Final = "heads.jsonl"
BALANCE: Final = "trial-balance.csv"
STATE: Final = "state.json"
KEY: Final = "centre-public.pem"
README: Final = "README.txt"
COLUMNS: Final = ("number", *Posting.__dataclass_fields__, "previous", "hash")
BALANCE_COLUMNS: Final = ("demonstration", "account", "debit_fen", "credit_fen")
_WHOLE: Final = frozenset({"number", "case_id", "amount_fen", "at_ms", "reverses"})
_MAYBE: Final = frozenset({"case_id", "reverses", "reference", "reason"})
_FORMULA: Final = ("=", "+", "-", "@", "'", "\t", "\r")
README_TEXT: Final = """An exported ledger of lukou. All text is UTF-8, all money is integer fen,
all times are ms since 1970-01-01 UTC.

entries.csv        every entry, by number: {columns}.
                   hash = SHA-256 over the RFC 8785 JSON of all columns but hash (numbers and true/false as such, an
                   empty case_id or reverses as null; reference and reason only where they are not empty).
                   The first entry's previous is 64 zeros. An apostrophe at the beginning of a text is not part of it.
heads.jsonl        the daily heads, as they were published: sealed by the centre's key (Ed25519). root is the Merkle
                   tree hash of RFC 6962 over the entries' hashes (32 bytes each), chain the hash of the last entry.
trial-balance.csv  the sums of every account, from the centre's daily sums.
state.json         size, root and chain of the book when it was exported.
centre-public.pem  the key that the centre names as its own. Take it from elsewhere, and give it to --key.

Check all of it, without the centre: lukou ledger verify THIS-FOLDER --key centre-public.pem
"""


class EntryTextError(ValueError):
    """A line that spells no entry; ``str()`` says which column, what was expected and what was found."""


def spelled(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def cells(row: Mapping[str, object]) -> list[str]:
    """Return the cells of an entry, in the order of `COLUMNS`."""
    return [_cell(row[name]) for name in COLUMNS]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return spelled(str(value))


def entry_of(line: Sequence[str]) -> tuple[int, Posting, str, str]:
    """Return number, posting, previous and hash of a line. Raises EntryTextError, or ValueError for no posting."""
    if len(line) != len(COLUMNS):
        raise EntryTextError(f"expected {len(COLUMNS)} columns, found {len(line)}")
    said: dict[str, Any] = {name: _value(name, text) for name, text in zip(COLUMNS, line, strict=True)}
    number, previous, digest = said.pop("number"), said.pop("previous"), said.pop("hash")
    for name, words in (("kind", EntryKind), ("debit", Account), ("credit", Account)):
        try:
            said[name] = words(said[name])
        except ValueError as error:
            raise EntryTextError(f"{name}: expected one of the ledger's words, found {said[name]!r}") from error
    return number, Posting(**said), previous, digest


def _value(name: str, text: str) -> object:
    if not text and name in _MAYBE:
        return None
    if name in _WHOLE:
        return _whole(name, text)
    if name == "demonstration":
        if text not in {"true", "false"}:
            raise EntryTextError(f"demonstration: expected true or false, found {text!r}")
        return text == "true"
    return text.removeprefix("'")


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and (text == "0" or text[0] != "0")):
        raise EntryTextError(f"{name}: expected a whole number, found {text[:40]!r}")
    return int(text)
