"""Logging in and out. Passwords are kept as argon2id hashes (RFC 9106); a session lives in the database."""

import secrets
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server import audit
from server.access.models import FailedLogin, Login, User
from server.db import hold
from server.errors import NotAllowedError, NotLoggedInError, TooManyTriesError, WrongInputError

TRIES_MAX: Final = 5
TRIES_SPAN_MS: Final = 5 * 60_000
PASSWORD_MIN: Final = 12
NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
"""Checked when the name is unknown, so that the answer takes as long."""


class Role(StrEnum):
    """What a user may do."""

    OFFICER = "officer"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is logged in."""

    name: str
    role: Role
    csrf: str

    def may_decide(self) -> None:
        """Raise NotAllowedError unless this is an officer."""
        if self.role is not Role.OFFICER:
            raise NotAllowedError(f"{self.name} is {self.role.value}; only an officer decides")

    def may_manage(self) -> None:
        """Raise NotAllowedError unless this is an admin."""
        if self.role is not Role.ADMIN:
            raise NotAllowedError(f"{self.name} is {self.role.value}; only an admin enrols and revokes devices")


def add_user(session: Session, name: str, password: str, role: Role, *, demonstration: bool) -> User:
    """Add a user, or give one a new password. Raises WrongInputError for a short password."""
    if len(password) < PASSWORD_MIN:
        raise WrongInputError(f"a password needs at least {PASSWORD_MIN} characters, found {len(password)}")
    user = session.get(User, name) or User(name=name)
    user.password_hash, user.role, user.active = PasswordHasher().hash(password), role, True
    user.demonstration = demonstration
    session.add(user)
    return user


def log_in(session: Session, name: str, password: str, now_ms: int, session_s: int) -> str | None:
    """Return a new session's token, or None where name and password do not fit (the try is recorded).

    Raises TooManyTriesError after TRIES_MAX failures in TRIES_SPAN_MS.
    """
    hold(session, f"login of {name}")  # tries that come at once are counted one by one
    recent = select(func.count()).where(FailedLogin.user_name == name, FailedLogin.at_ms > now_ms - TRIES_SPAN_MS)
    if (session.scalar(recent) or 0) >= TRIES_MAX:
        raise TooManyTriesError("too many failed logins: wait five minutes")
    user = session.get(User, name)
    if not _fits(user, password):
        session.add(FailedLogin(user_name=name[:100], at_ms=now_ms))
        audit.record(session, now_ms, name[:100], "login.failed")
        return None
    token = secrets.token_urlsafe(32)
    session.execute(delete(Login).where(Login.ends_at_ms <= now_ms))
    session.add(
        Login(
            token_sha256=_hash(token),
            user_name=name,
            csrf=secrets.token_urlsafe(24),
            ends_at_ms=now_ms + session_s * 1000,
        )
    )
    audit.record(session, now_ms, name, "login")
    return token


def _fits(user: User | None, password: str) -> bool:
    stored = user.password_hash if user is not None and user.active else NOBODYS_HASH
    try:
        return PasswordHasher().verify(stored, password) and user is not None and user.active
    except (VerificationError, InvalidHashError):
        return False


def visitor(session: Session, token: str | None, now_ms: int) -> Visitor:
    """Return who holds this session. Raises NotLoggedInError."""
    login = session.get(Login, _hash(token)) if token else None
    user = session.get(User, login.user_name) if login is not None and login.ends_at_ms > now_ms else None
    if login is None or user is None or not user.active:
        raise NotLoggedInError("please log in")
    return Visitor(user.name, Role(user.role), login.csrf)


def log_out(session: Session, token: str | None) -> None:
    """End a session."""
    if token:
        session.execute(delete(Login).where(Login.token_sha256 == _hash(token)))


def check_form(who: Visitor, csrf: str) -> None:
    """Raise NotAllowedError unless a form carries its session's token."""
    if not secrets.compare_digest(who.csrf.encode(), csrf.encode()):  # of two texts it takes ASCII only
        raise NotAllowedError("this form is not from this session: load the page again")


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8")).hexdigest()
