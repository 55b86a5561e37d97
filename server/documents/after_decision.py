"""What documents say of a decision that somebody else has judged, and of one that is enforced. Pure; amounts in fen."""

from dataclasses import dataclass
from datetime import date

from server.documents.pieces import ActTold, Cited, Officer, Payment, Person, Proof, Query
from server.documents.words import Kind


@dataclass(frozen=True, slots=True)
class Judged:
    """Which decision was judged, in which remedy (in Chinese), and what may be done further.

    ``court_days`` 0: nothing is told of a further remedy, the judgment itself tells of it.
    """

    number: str
    decided_on: date
    remedy: str
    reasons: str
    court_days: int
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Reduction:
    """处罚决定变更通知书: what the fine was, what it is now, what is owed still, what is paid back."""

    party: Person
    act: ActTold
    judged: Judged
    before_fen: int
    amount_fen: int
    owed_fen: int
    refund_fen: int
    unlisted: bool
    cited: Cited
    payment: Payment
    officers: tuple[Officer, ...]
    query: Query
    proof: Proof | None = None

    KIND = Kind.REDUCTION


@dataclass(frozen=True, slots=True)
class Maintenance:
    """处罚决定维持通知书: the decision stands; ``owed_fen`` is what is owed of it now."""

    party: Person
    act: ActTold
    judged: Judged
    owed_fen: int
    officers: tuple[Officer, ...]
    query: Query
    proof: Proof | None = None

    KIND = Kind.MAINTENANCE


@dataclass(frozen=True, slots=True)
class Demand:
    """催告书 (行政强制法 art. 54, as art. 35 lists it): how much, within how many working days, how, and the rights."""

    party: Person
    act: ActTold
    number: str
    decided_on: date
    served_on: date
    fine_owed_fen: int
    surcharge_owed_fen: int
    owed_fen: int
    wait_days: int
    cited: Cited
    payment: Payment
    officers: tuple[Officer, ...]
    query: Query
    proof: Proof | None = None

    KIND = Kind.DEMAND


@dataclass(frozen=True, slots=True)
class EnforcementApplication:
    """强制执行申请书 (行政强制法 art. 55): to the court, with the decision, how the party was heard, and the demand."""

    party: Person
    act: ActTold
    number: str
    decided_on: date
    served_on: date
    heard: str
    fine_owed_fen: int
    surcharge_owed_fen: int
    owed_fen: int
    demand_number: str
    demand_served_on: date
    cited: Cited
    officers: tuple[Officer, ...]
    proof: Proof | None = None

    KIND = Kind.ENFORCEMENT
