"""What each document about a case says, as a frozen value; ``Said`` is any document's. Pure."""

from dataclasses import dataclass
from datetime import date

from server.documents.accounts import DailyStatement, MonthlyStatement, PartyAccount, Receipt
from server.documents.after_decision import Demand, EnforcementApplication, Maintenance, Reduction
from server.documents.pieces import (
    ActTold,
    Cited,
    EvidenceTold,
    Officer,
    Payment,
    Person,
    Proof,
    Query,
    Remedies,
    Term,
)
from server.documents.words import Kind


@dataclass(frozen=True, slots=True)
class Notice:
    """道路交通安全违法行为通知书. ``party`` has a masked document and no address: it may be read by others.

    ``proposed_fen`` is the fine that is thought of (行政处罚法 art. 44: told beforehand); 0: none is announced.
    """

    party: Person
    act: ActTold
    cited: Cited
    evidence: EvidenceTold
    come_within: Term
    query: Query
    proof: Proof | None = None
    proposed_fen: int = 0

    KIND = Kind.NOTICE


@dataclass(frozen=True, slots=True)
class PenaltyDecision:
    """简易程序处罚决定书: all that 行政处罚法 art. 52 asks for.

    ``decided_at`` is a place; ``reduced`` says why the fine is lighter, if it is.
    """

    party: Person
    act: ActTold
    cited: Cited
    evidence: EvidenceTold
    amount_fen: int
    payment: Payment
    remedies: Remedies
    officers: tuple[Officer, ...]
    decided_at: str
    heard: str
    reduced: str
    query: Query
    proof: Proof | None = None

    KIND = Kind.PENALTY


@dataclass(frozen=True, slots=True)
class WarningDecision:
    """简易程序处罚决定书（警告）."""

    party: Person
    act: ActTold
    cited: Cited
    evidence: EvidenceTold
    remedies: Remedies
    officers: tuple[Officer, ...]
    decided_at: str
    heard: str
    reason: str
    query: Query

    KIND = Kind.WARNING


@dataclass(frozen=True, slots=True)
class EducationRecord:
    """教育记录: no penalty (行政处罚法 art. 33). ``guardian`` where the party is a minor, else empty."""

    party: Person
    act: ActTold
    cited: Cited
    reason: str
    told: str
    guardian: str
    officers: tuple[Officer, ...]

    KIND = Kind.EDUCATION


@dataclass(frozen=True, slots=True)
class NoPenaltyDecision:
    """不予行政处罚决定书 (行政处罚法 arts 33, 57): the reason of the law's list, and education."""

    party: Person
    act: ActTold
    cited: Cited
    evidence: EvidenceTold
    reason: str
    told: str
    guardian: str
    remedies: Remedies
    officers: tuple[Officer, ...]
    heard: str
    query: Query

    KIND = Kind.NO_PENALTY


@dataclass(frozen=True, slots=True, repr=False)
class HearingRecord:
    """陈述申辩笔录: what the party said, and what came of it."""

    party: Person
    act: ActTold
    said_at_ms: int
    came_by: str
    statement: str
    outcome: str
    answer: str
    officers: tuple[Officer, ...]

    KIND = Kind.HEARING

    def __repr__(self) -> str:
        """Return nothing that a log could keep."""
        return "HearingRecord(hidden)"


@dataclass(frozen=True, slots=True, repr=False)
class ObjectionAnswer:
    """异议核查答复书 (处理程序规定 art. 5): ``upheld`` deletes the record."""

    party: Person
    act: ActTold
    objected_at_ms: int
    objection: str
    upheld: bool
    reasons: str
    effect: str
    source: str
    query: Query

    KIND = Kind.OBJECTION_ANSWER

    def __repr__(self) -> str:
        """Return nothing that a log could keep."""
        return "ObjectionAnswer(hidden)"


@dataclass(frozen=True, slots=True)
class Revocation:
    """撤销决定通知书: what was revoked and why, what is paid back, what left the public list."""

    party: Person
    act: ActTold
    revoked_number: str
    revoked_on: date
    cited: Cited
    reasons: str
    refund_fen: int
    unlisted: bool
    officers: tuple[Officer, ...]
    query: Query
    proof: Proof | None = None

    KIND = Kind.REVOCATION


Said = (
    Notice
    | PenaltyDecision
    | WarningDecision
    | EducationRecord
    | NoPenaltyDecision
    | HearingRecord
    | ObjectionAnswer
    | Revocation
    | Reduction
    | Maintenance
    | Demand
    | EnforcementApplication
    | Receipt
    | PartyAccount
    | DailyStatement
    | MonthlyStatement
)
