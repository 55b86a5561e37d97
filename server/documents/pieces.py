"""The pieces that documents are made of, as frozen values. Pure. Names carry units: ``_fen`` money, ``_ms`` instants.

Nothing here is a constant of the law: every period, rate, article and authority comes with its source, and ``verified``
says whether the operator's legal unit has confirmed it (what is not is printed as 未核实).
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Authority:
    """Who issues: ``prefix`` opens every number; ``pay_at`` are the banks and e-payment that take fines."""

    name: str
    prefix: str
    address: str
    phone: str
    reconsideration_at: str
    court: str
    pay_at: tuple[str, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class Officer:
    """A police officer: a simple procedure has one, an ordinary one two (行政处罚法 art. 42)."""

    name: str
    badge: str


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """The party as a document names it; empty is unknown. A repr would put it in a log."""

    name: str
    document: str = ""
    born: date | None = None
    phone: str = ""
    address: str = ""
    company: str = ""
    plate: str = ""

    def __repr__(self) -> str:
        """Return nothing that a log could keep."""
        return "Person(hidden)"


@dataclass(frozen=True, slots=True)
class ActTold:
    """The act: when, where, what. ``fact`` is a full sentence."""

    case_number: str
    at_ms: int
    place: str
    direction: str
    code: str
    name: str
    fact: str


@dataclass(frozen=True, slots=True)
class Cited:
    """The articles that were broken, and those on which the document rests."""

    broken: str
    basis: str
    verified: bool


@dataclass(frozen=True, slots=True)
class EvidenceTold:
    """What proves the act: a list in words, the device, and the hash of the package's manifest."""

    items: tuple[str, ...]
    device: str
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class Term:
    """A period: days, of work or of the calendar, its last day where it is known, and its article."""

    days: int
    working: bool
    until: date | None
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Query:
    """The party's own page: address and code."""

    url: str
    code: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the ledger proves that it holds the entry: address, the day's head."""

    url: str
    head_sha256: str


@dataclass(frozen=True, slots=True)
class Remedies:
    """What the party may do against a decision, by its procedure (行政复议法 20, 23; 行政诉讼法 45, 46)."""

    reconsider_first: bool
    reconsider_days: int
    court_days_after: int
    court_months_direct: int
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """Until when to pay, and what lateness costs: per mille of the fine a day, capped at the fine."""

    term: Term
    surcharge_per_mille: int
    source: str
    verified: bool
