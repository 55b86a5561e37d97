"""What an administrator does with users. Every act ends the user's sessions and is in the audit log."""

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server import audit, sealed_values
from server.access import passwords, recovery
from server.access import sessions as logins
from server.access.models import User
from server.access.rights import Role
from server.access.service import add_user
from server.db import hold
from server.errors import ConflictError, NotFoundError, WrongInputError

NAME: Final = re.compile(r"[\w.@-]{2,40}")
"""Letters of any script, figures, and the signs of an address."""


def all_users(session: Session) -> Sequence[User]:
    """Return every user, by name."""
    return session.scalars(select(User).order_by(User.name)).all()


def get(session: Session, name: str) -> User:
    """Return a user. Raises NotFoundError."""
    user = session.get(User, name)
    if user is None:
        raise NotFoundError(f"there is no user {name[:40]!r}")
    return user


def add(session: Session, by: str, name: str, role: Role, at_ms: int, *, demonstration: bool) -> str:
    """Add a user; return the first password. Raises WrongInputError, ConflictError for a name that is taken."""
    if not NAME.fullmatch(name):
        raise WrongInputError(f"expected a name of 2 to 40 letters, figures, . @ - _, found {name[:60]!r}")
    if session.get(User, name) is not None:
        raise ConflictError(f"there is a user {name} already")
    password = passwords.first_password()
    add_user(session, name, password, role, demonstration=demonstration, must_change=True)
    audit.record(session, at_ms, by, "user.add", detail=f"{name} as {role}")
    return password


def new_password(session: Session, by: str, name: str, at_ms: int) -> str:
    """Give a user a first password again; return it."""
    user, password = get(session, name), passwords.first_password()
    passwords.set_password(user, password, must_change=True)
    logins.end_all(session, name)
    audit.record(session, at_ms, by, "user.new_password", detail=name)
    return password


def set_role(session: Session, by: str, name: str, role: Role, at_ms: int) -> None:
    """Give a user another role. Raises ConflictError for the last active administrator."""
    user = get(session, name)
    if role is not Role.ADMINISTRATOR:
        _not_the_last(session, user)
    audit.record(session, at_ms, by, "user.role", detail=f"{name}: {user.role} -> {role}")
    user.role = role
    logins.end_all(session, name)


def set_active(session: Session, by: str, name: str, at_ms: int, *, active: bool) -> None:
    """Switch a user off or on; nobody is deleted, since the log names them. Raises ConflictError."""
    user = get(session, name)
    if not active:
        _not_the_last(session, user)
    user.active = active
    logins.end_all(session, name)
    audit.record(session, at_ms, by, "user.on" if active else "user.off", detail=name)


def set_police(session: Session, by: str, name: str, police: tuple[str | None, str | None], at_ms: int) -> None:
    """Set how documents name a user, as `read_police` returns it. Raises ConflictError: another has this number."""
    user, (display_name, number) = get(session, name), police
    hold(session, "police numbers")
    other = session.scalar(select(User.name).where(User.police_number == number, User.name != name))
    if number is not None and other is not None:
        raise ConflictError(f"{other} has the police number {number} already", f"警号 {number} 已登记给 {other}")
    before = f"{user.display_name or '-'} {user.police_number or '-'}"
    audit.record(session, at_ms, by, "user.police", detail=f"{name}: {before} -> {display_name or '-'} {number or '-'}")
    user.display_name, user.police_number = display_name, number
    logins.end_all(session, name)


def reset_second_factor(session: Session, by: str, name: str, at_ms: int) -> None:
    """Forget a user's second factor and recovery codes: they enrol anew at the next login."""
    user = get(session, name)
    sealed_values.forget(session, user.second_factor)
    user.totp_at_ms = None
    recovery.forget(session, name)
    logins.end_all(session, name)
    audit.record(session, at_ms, by, "second_factor.reset", detail=name)


def _not_the_last(session: Session, user: User) -> None:
    """Of two administrators who switch each other off at once, the second is refused."""
    hold(session, "administrators")
    session.refresh(user)
    active = (User.role == Role.ADMINISTRATOR, User.active)
    others = session.scalar(select(func.count()).select_from(User).where(*active, User.name != user.name))
    if user.role == Role.ADMINISTRATOR and user.active and not others:
        raise ConflictError(f"{user.name} is the last administrator: make another one first")
