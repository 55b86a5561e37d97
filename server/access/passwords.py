"""Passwords: hashed by argon2id (RFC 9106), checked in the same time whether there is such a user or not."""

import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.access.models import User
from server.access.weak_passwords import weakness
from server.errors import WrongInputError

HASHER: Final = PasswordHasher()
NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
"""Checked when the name is unknown, so that the answer takes as long."""


def set_password(user: User, password: str, *, must_change: bool) -> None:
    """Give a user a password. Raises WrongInputError for one that would be guessed first."""
    why = weakness(password, user.name)
    if why is not None:
        raise WrongInputError(why)
    user.password_hash, user.must_change_password = HASHER.hash(password), must_change


def fits(user: User | None, password: str) -> bool:
    """Tell whether this is the password of an active user; a hash of former parameters is made anew."""
    known = user is not None and user.active
    stored = user.password_hash if user is not None and known else NOBODYS_HASH
    try:
        right = HASHER.verify(stored, password) and known
    except (VerificationError, InvalidHashError):
        return False
    if right and user is not None and HASHER.check_needs_rehash(stored):
        user.password_hash = HASHER.hash(password)
    return right


def first_password() -> str:
    """Make a password that an administrator tells a user, who must change it."""
    return secrets.token_urlsafe(12)
