"""Recovery codes: ten one-time codes of 80 random bits that stand for the second factor, shown once, kept as hashes."""

import secrets
from hashlib import sha256
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from server.access.models import RecoveryCode

CODES: Final = 10
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are read as another: 31 letters, 80 bits in 17 of them."""
LENGTH: Final = 17


def make(session: Session, name: str) -> list[str]:
    """Make a user's codes anew; those of before are void."""
    forget(session, name)
    codes = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(CODES)]
    session.add_all(RecoveryCode(code_sha256=_hash(code, name), user_name=name) for code in codes)
    return [f"{code[:6]}-{code[6:12]}-{code[12:]}" for code in codes]


def use(session: Session, name: str, code: str, at_ms: int) -> bool:
    """Take a code; it opens nothing a second time."""
    mine = (RecoveryCode.code_sha256 == _hash(code, name), RecoveryCode.user_name == name)
    found = session.scalar(
        update(RecoveryCode)
        .where(*mine, RecoveryCode.used_at_ms.is_(None))
        .values(used_at_ms=at_ms)
        .returning(RecoveryCode.code_sha256)
    )
    return found is not None


def left(session: Session, name: str) -> int:
    """Return how many codes are left."""
    mine = (RecoveryCode.user_name == name, RecoveryCode.used_at_ms.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*mine)) or 0


def forget(session: Session, name: str) -> None:
    """Void a user's codes."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_name == name))


def _hash(code: str, name: str) -> str:
    plain = code.strip().lower().replace("-", "").replace(" ", "")
    return sha256(f"{name}\n{plain}".encode("utf-8", "replace")).hexdigest()
