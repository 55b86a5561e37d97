"""Sessions in the database: begun, rotated, seen, ended. The cookie holds a random token, the table its hash."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.access.doors import Holders, Stage
from server.access.models import Login, User
from server.access.rights import Right, Role, may
from server.errors import NotAllowedError, NotLoggedInError

UNFINISHED_MS: Final = 10 * 60_000
"""So long a login may take from the password to the end."""
SEEN_EVERY_MS: Final = 60_000
"""No page view writes more often that its session was seen."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long a session lasts: in all, and without being used."""

    session_ms: int
    idle_ms: int


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is logged in, and how far."""

    name: str
    role: Role
    csrf: str
    stage: Stage
    login: str
    seen_at_ms: int

    def may(self, right: Right | str) -> bool:
        """Tell whether this person has a right; a page may name it by its word."""
        return may(self.role, Right(right))

    def must(self, door: Holders) -> None:
        """Raise NotAllowedError unless this person has one of a door's rights."""
        if self.role not in door.roles:
            rights = " or ".join(sorted(door.rights))
            roles = ", ".join(sorted(door.roles))
            raise NotAllowedError(f"{self.name} is {self.role}: to {rights} takes one of: {roles}")


def begin(session: Session, user: User, stage: Stage, at_ms: int, lengths: Lengths, address: str) -> str:
    """Begin a session; return its token."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(Login).where(Login.ends_at_ms <= at_ms))
    span_ms = lengths.session_ms if stage is Stage.WHOLE else min(lengths.session_ms, UNFINISHED_MS)
    times = {"began_at_ms": at_ms, "seen_at_ms": at_ms, "ends_at_ms": at_ms + span_ms}
    csrf, login = secrets.token_urlsafe(24), hashed(token)
    session.add(Login(token_sha256=login, user_name=user.name, csrf=csrf, stage=stage, address=address, **times))
    return token


def find(session: Session, token: str | None, at_ms: int, idle_ms: int) -> tuple[Login, User]:
    """Return the session of a token and whose it is. Raises NotLoggedInError."""
    login = session.get(Login, hashed(token)) if token else None
    alive = login is not None and at_ms < min(login.ends_at_ms, login.seen_at_ms + idle_ms)
    user = session.get(User, login.user_name) if login is not None and alive else None
    if login is None or user is None or not user.active:
        raise NotLoggedInError("please log in")
    return login, user


def visitor(session: Session, token: str | None, at_ms: int, idle_ms: int) -> Visitor:
    """Return who holds this session. Raises NotLoggedInError."""
    login, user = find(session, token, at_ms, idle_ms)
    return Visitor(user.name, Role(user.role), login.csrf, Stage(login.stage), login.token_sha256, login.seen_at_ms)


def seen(session: Session, login: str, at_ms: int) -> None:
    """Note that a session is in use."""
    session.execute(update(Login).where(Login.token_sha256 == login).values(seen_at_ms=at_ms))


def check_form(who: Visitor, csrf: str) -> None:
    """Raise NotAllowedError unless a form carries its session's token."""
    if not secrets.compare_digest(who.csrf.encode(), csrf.encode()):  # of two texts it takes ASCII only
        raise NotAllowedError("this form is not from this session: load the page again")


def log_out(session: Session, token: str | None) -> None:
    """End a session."""
    if token:
        session.execute(delete(Login).where(Login.token_sha256 == hashed(token)))


def end_all(session: Session, name: str, but: str = "") -> None:
    """End every session of a user, but one."""
    session.execute(delete(Login).where(Login.user_name == name, Login.token_sha256 != but))


def end_one(session: Session, name: str, login: str) -> None:
    """End one session of a user's own."""
    session.execute(delete(Login).where(Login.user_name == name, Login.token_sha256 == login))


def of_user(session: Session, name: str, at_ms: int) -> list[Login]:
    """Return a user's whole sessions, the newest first."""
    mine = select(Login).where(Login.user_name == name, Login.stage == Stage.WHOLE, Login.ends_at_ms > at_ms)
    return list(session.scalars(mine.order_by(Login.began_at_ms.desc()).limit(50)))


def hashed(token: str) -> str:
    """Return what the table keeps of a token."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
