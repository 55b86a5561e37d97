"""Coming in, step by step: password, second factor, a first password changed, a second factor enrolled.

Every step that is done gives the session a new token (OWASP ASVS 3.2.1); what is left to do is one table, ``stage_of``.
"""

import base64
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from server import audit, sealed_values
from server.access import passwords, recovery, totp, tries
from server.access import sessions as logins
from server.access.doors import Stage
from server.access.models import Login, User
from server.access.rights import Role
from server.access.sessions import Lengths
from server.access.tries import Asker, Kind
from server.errors import ConflictError, WrongInputError
from server.secrets_box import SealBrokenError, SecretsBox


@dataclass(frozen=True, slots=True)
class Entrance:
    """How one comes in here. ``one_step``: a password alone, of whatever age; in a demonstration only."""

    box: SecretsBox
    lengths: Lengths
    one_step: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """When, and from which network."""

    at_ms: int
    address: str = ""


STAGES: Final[tuple[tuple[Stage, Callable[[User, bool], bool]], ...]] = (
    (Stage.CODE, lambda user, code_given: user.has_second_factor and not code_given),
    (Stage.PASSWORD, lambda user, _: user.must_change_password),
    (Stage.ENROL, lambda user, _: not user.has_second_factor),
)
"""What a login still wants, in this order."""


def stage_of(user: User, entrance: Entrance, *, code_given: bool) -> Stage:
    """Return the next step of a login."""
    if entrance.one_step:
        return Stage.WHOLE
    return next((stage for stage, wanted in STAGES if wanted(user, code_given)), Stage.WHOLE)


def add_user(
    session: Session, name: str, password: str, role: Role, *, demonstration: bool, must_change: bool = False
) -> User:
    """Add a user, or give one a new password and role: their sessions end. Raises WrongInputError."""
    user = session.get(User, name) or User(name=name, totp_step=0)
    passwords.set_password(user, password, must_change=must_change)
    user.role, user.active, user.demonstration = role, True, demonstration
    logins.end_all(session, name)
    session.add(user)
    return user


def log_in(session: Session, name: str, password: str, entrance: Entrance, when: Moment) -> str | None:
    """Return a new session's token, or None where name and password do not fit (the try is recorded).

    Raises TooManyTriesError.
    """
    asker = Asker(name[:100], tries.network(when.address))
    tries.check(session, asker, Kind.PASSWORD, when.at_ms)
    user = session.get(User, name)
    if not passwords.fits(user, password) or user is None:
        tries.failed(session, asker, Kind.PASSWORD, when.at_ms)
        audit.record(session, when.at_ms, asker.name, "login.failed", detail=f"password, from {when.address}")
        return None
    return _further(session, user, entrance, when, code_given=False)


def give_code(session: Session, token: str | None, code: str, entrance: Entrance, when: Moment) -> str | None:
    """Return the token of a session that goes on, or None where the code is not right. Raises TooManyTriesError."""
    login, user = _at(session, token, Stage.CODE, entrance, when)
    asker = Asker(user.name, tries.network(when.address))
    tries.check(session, asker, Kind.CODE, when.at_ms)
    session.refresh(user)  # a code that another try has taken meanwhile is known after the lock alone
    if not _code_fits(session, user, code, entrance, when.at_ms):
        tries.failed(session, asker, Kind.CODE, when.at_ms)
        audit.record(session, when.at_ms, user.name, "login.failed", detail=f"code, from {when.address}")
        return None
    return _further(session, user, entrance, when, code_given=True, before=login)


def change_first_password(session: Session, token: str | None, password: str, entrance: Entrance, when: Moment) -> str:
    """Return the token of a session that goes on. Raises WrongInputError for a weak password, or the same again."""
    login, user = _at(session, token, Stage.PASSWORD, entrance, when)
    change_password(session, user, password, when.at_ms)
    return _further(session, user, entrance, when, code_given=True, before=login)


def offer(session: Session, token: str | None, entrance: Entrance, when: Moment) -> str:
    """Return the secret that is being enrolled in this login, in base32; the same at every look."""
    login, user = _at(session, token, Stage.ENROL, entrance, when)
    about = f"offer to {user.name}"
    if login.offered_sealed is not None:
        with suppress(SealBrokenError):  # its key was forgotten meanwhile: another secret is as good
            return entrance.box.open(login.offered_sealed, about).decode("ascii")
    secret = base64.b32encode(secrets.token_bytes(totp.SECRET_BYTES))
    login.offered_sealed = entrance.box.seal(secret, about)
    return secret.decode("ascii")


def enrol(
    session: Session, token: str | None, code: str, entrance: Entrance, when: Moment
) -> tuple[str, list[str]] | None:
    """Return the token of a session that goes on and the recovery codes, or None where the code is not right."""
    login, user = _at(session, token, Stage.ENROL, entrance, when)
    asker = Asker(user.name, tries.network(when.address))
    tries.check(session, asker, Kind.CODE, when.at_ms)
    session.refresh(user)
    if user.has_second_factor:
        raise ConflictError("a second factor was enrolled meanwhile: log in again")
    secret = offer(session, token, entrance, when)
    step = totp.step_of(secret, code, when.at_ms, 0)
    if step is None:
        tries.failed(session, asker, Kind.CODE, when.at_ms)
        return None
    sealed_values.keep(session, entrance.box, user.second_factor, secret.encode("ascii"), None, when.at_ms)
    user.totp_at_ms, user.totp_step = when.at_ms, step
    codes = recovery.make(session, user.name)
    audit.record(session, when.at_ms, user.name, "second_factor.enrol")
    return _further(session, user, entrance, when, code_given=True, before=login), codes


def change_password(session: Session, user: User, password: str, at_ms: int) -> None:
    """Change one's own password; all sessions end. Raises WrongInputError."""
    if passwords.fits(user, password):
        raise WrongInputError("this is the password of before: choose another")
    passwords.set_password(user, password, must_change=False)
    logins.end_all(session, user.name)
    audit.record(session, at_ms, user.name, "password.change")


def _at(session: Session, token: str | None, stage: Stage, entrance: Entrance, when: Moment) -> tuple[Login, User]:
    login, user = logins.find(session, token, when.at_ms, entrance.lengths.idle_ms)
    if login.stage != stage:
        raise ConflictError(f"this login is at the step {login.stage}, not {stage}")
    return login, user


def _code_fits(session: Session, user: User, code: str, entrance: Entrance, at_ms: int) -> bool:
    """Take a code of the second factor, or a recovery code; each is taken once."""
    if not user.has_second_factor:
        return False
    secret = sealed_values.opened(session, entrance.box, user.second_factor).decode("ascii")
    step = totp.step_of(secret, code.strip(), at_ms, user.totp_step)
    if step is not None:
        user.totp_step = step
        return True
    if not recovery.use(session, user.name, code, at_ms):
        return False
    audit.record(session, at_ms, user.name, "recovery_code.use", detail=f"{recovery.left(session, user.name)} left")
    return True


def _further(
    session: Session, user: User, entrance: Entrance, when: Moment, *, code_given: bool, before: Login | None = None
) -> str:
    """Give the login a new token at its next step."""
    stage = stage_of(user, entrance, code_given=code_given)
    if before is not None:
        logins.end_one(session, user.name, before.token_sha256)
    if stage is Stage.WHOLE:
        audit.record(session, when.at_ms, user.name, "login", detail=f"from {when.address}")
    return logins.begin(session, user, stage, when.at_ms, entrance.lengths, when.address)
