"""Rate limits of the entrance, counted in the database by name and by address: whoever guesses has to wait."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from server.access.models import FailedLogin
from server.db import hold
from server.errors import TooManyTriesError

MINUTE_MS: Final = 60_000
DAY_MS: Final = 86_400_000


class Kind(StrEnum):
    """What was tried."""

    PASSWORD = "password"  # noqa: S105 - a kind's name
    CODE = "code"
    CASE_CODE = "case_code"
    """A party's: the name is the case's number (server.own_page)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures within a span close the entrance until they are older."""

    kind: Kind
    span_ms: int
    by_name: int
    by_address: int


TRIES_MAX: Final = 5
TRIES_SPAN_MS: Final = 5 * MINUTE_MS
LIMITS: Final = (
    Limit(Kind.PASSWORD, TRIES_SPAN_MS, TRIES_MAX, 30),
    Limit(Kind.CODE, TRIES_SPAN_MS, TRIES_MAX, 30),
    # three of a million codes are right at a time: 30 tries a day leave a guesser one chance in 11,000 a day
    Limit(Kind.CODE, DAY_MS, 30, 300),
    # a party's code has 59 bits: the limits keep the load away, and a slip of the finger has room
    Limit(Kind.CASE_CODE, TRIES_SPAN_MS, 10, 30),
    Limit(Kind.CASE_CODE, DAY_MS, 60, 300),
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who tries: the name that is given, and the network address."""

    name: str
    address: str


def network(address: str) -> str:
    """Return by what an address is counted: IPv6 by its /64, which one subscriber has whole."""
    try:
        known = ip_address(address)
    except ValueError:
        return address[:45]
    return f"{IPv6Address(int(known) >> 64 << 64)}/64" if known.version == 6 else str(known)


def check(session: Session, asker: Asker, kind: Kind, at_ms: int) -> None:
    """Raise TooManyTriesError after too many failures. Tries that come at once are counted one by one."""
    hold(session, f"login from {asker.address}")
    hold(session, f"login of {asker.name}")
    for limit in (limit for limit in LIMITS if limit.kind is kind):
        by_name = _count(session, limit, at_ms, FailedLogin.user_name == asker.name[:100])
        by_address = _count(session, limit, at_ms, FailedLogin.address == asker.address)
        if by_name >= limit.by_name or by_address >= limit.by_address:
            raise TooManyTriesError(f"too many failed tries: wait {_span(limit.span_ms)}")


def failed(session: Session, asker: Asker, kind: Kind, at_ms: int) -> None:
    """Count a failure; what is older than every limit is forgotten."""
    session.execute(delete(FailedLogin).where(FailedLogin.at_ms <= at_ms - DAY_MS))
    session.add(FailedLogin(user_name=asker.name[:100], at_ms=at_ms, kind=kind, address=asker.address))


def _count(session: Session, limit: Limit, at_ms: int, whose: ColumnElement[bool]) -> int:
    within = (FailedLogin.kind == limit.kind, FailedLogin.at_ms > at_ms - limit.span_ms)
    return session.scalar(select(func.count()).where(whose, *within)) or 0


def _span(span_ms: int) -> str:
    return "five minutes" if span_ms < DAY_MS else "a day, or ask an administrator"
