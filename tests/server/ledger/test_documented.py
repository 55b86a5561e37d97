"""docs/ledger.md has the tables of accounts, kinds and columns as they are in the code."""

from pathlib import Path

from server.ledger.accounts import ACCOUNTS
from server.ledger.bank_file import COLUMNS
from server.ledger.bank_matching import Outcome
from server.ledger.kinds import PAIRS

DOCS = Path(__file__).parents[3] / "docs" / "ledger.md"


def accounts_table() -> str:
    rows = [f"| `{account}` | {m.zh} | {m.side} | {m.en} |" for account, m in ACCOUNTS.items()]
    return "\n".join(["| account | 科目 | grows on the side of | is |", "|---|---|---|---|", *rows])


def kinds_table() -> str:
    rows = [f"| `{kind}` | `{debit}` | `{credit}` |" for kind, (debit, credit) in PAIRS.items()]
    last = "| `reversed` | the credit | and the debit of what it reverses |"
    return "\n".join(["| kind | debit | credit |", "|---|---|---|", *rows, last])


def test_the_tables_are_those_of_the_code():
    documented = DOCS.read_text(encoding="utf-8")
    assert accounts_table() in documented
    assert kinds_table() in documented
    assert [name for name in (*COLUMNS, *Outcome) if name != "matched" and f"`{name}`" not in documented] == []
