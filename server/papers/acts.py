"""Which act issues which papers, and why the others issue none. Pure; a test holds what is issued against it."""

from collections.abc import Mapping
from typing import Final

from server.documents.words import Kind
from server.procedure.words import Act

A, K = Act, Kind
PAPERS: Final[Mapping[Act, tuple[Kind, ...]]] = {
    A.NOTIFY: (K.NOTICE,),
    A.HEAR: (K.HEARING,),
    A.FINE: (K.PENALTY,),
    A.APPROVE: (K.PENALTY,),
    A.WARN: (K.WARNING,),
    A.EDUCATE: (K.EDUCATION,),
    A.NO_PENALTY: (K.NO_PENALTY,),
    A.UPHOLD: (K.OBJECTION_ANSWER, K.REVOCATION),
    A.DENY: (K.OBJECTION_ANSWER,),
    A.MAINTAIN: (K.MAINTENANCE,),
    A.REDUCE: (K.REDUCTION,),
    A.ANNUL: (K.REVOCATION,),
    A.REVOKE: (K.REVOCATION,),
    A.ENFORCE: (K.ENFORCEMENT,),
}
"""What an act issues; a revocation where it fells a decision, a penalty where the fine needs no approval."""
ASKED_FOR: Final = (K.DEMAND, K.RECEIPT, K.PARTY_ACCOUNT, K.DAILY_STATEMENT, K.MONTHLY_STATEMENT)
"""Kinds that no act issues: an officer or a cashier asks for them."""

WITHIN: Final = "a step within the house: it decides nothing towards the party"
ENDS: Final = "it ends the case in the party's favour before anything was decided: the own page says so"
WITHOUT: Final[Mapping[Act, str]] = {
    A.CONFIRM: WITHIN,
    A.REJECT: ENDS,
    A.REVIEW_AGAIN: WITHIN,
    A.REOPEN: WITHIN,
    A.IDENTIFY: WITHIN,
    A.REASSIGN: WITHIN,
    A.PROLONG: "more time in the party's favour: the clock runs to the new last day",
    A.SEND_BACK: WITHIN,
    A.ANNOUNCE: "it notes a public notice of the decision: that is its paper, and how it was announced is its proof",
    A.SERVE: "it notes how the decision was served: what proves it stands with the decision",
    A.SETTLE: "everything is paid: the receipt of each payment is issued from the ledger's account page",
    A.OBJECT: "the party's own act: the answer is the paper",
    A.APPLY_RECONSIDERATION: "the party's own act, before another authority: its decision is the paper",
    A.SUE: "the party's own act, before the court: its judgment is the paper",
    A.LAPSE: ENDS,
    A.SHELVE: "nobody is known whom a paper could name",
    A.ARCHIVE: WITHIN,
}
"""Why no paper goes with an act."""


def picture() -> str:
    """Draw both tables for docs/documents.md."""
    rows = (
        f"| `{act}` | {', '.join(f'`{kind}`' for kind in PAPERS.get(act, ()))} | {WITHOUT.get(act, '')} |\n"
        for act in Act
    )
    return f"| act | papers | why none |\n|---|---|---|\n{''.join(rows)}"
