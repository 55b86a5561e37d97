"""The one table of sealed values: whatever is personal lies here, so that turning keys over and erasing miss nothing.

A value has the name of what it belongs to (``P-0000001/identity``), which is bound into its seal, and its case.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Index, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.db import Base
from server.errors import NotFoundError
from server.secrets_box import SecretsBox, key_id_of

BATCH: Final = 500


class SealedValue(Base):
    """One sealed value. ``key_id`` names the key that opens it."""

    __tablename__ = "sealed_values"
    __table_args__ = (Index("ix_sealed_values_case_id", "case_id"), Index("ix_sealed_values_key_id", "key_id"))

    of: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[int | None]
    key_id: Mapped[str]
    sealed: Mapped[bytes]
    at_ms: Mapped[int]


def keep(session: Session, box: SecretsBox, of: str, plain: bytes, case_id: int | None, at_ms: int) -> None:
    """Seal a value and keep it; one that was there is replaced."""
    sealed = box.seal(plain, of)
    session.merge(SealedValue(of=of, case_id=case_id, key_id=key_id_of(sealed), sealed=sealed, at_ms=at_ms))
    session.flush()


def keep_new(session: Session, box: SecretsBox, values: Mapping[str, tuple[bytes, int | None]], at_ms: int) -> None:
    """Seal and keep many values that are not kept yet: by name the value in the clear, and its case."""
    for of, (plain, case_id) in values.items():
        sealed = box.seal(plain, of)
        session.add(SealedValue(of=of, case_id=case_id, key_id=key_id_of(sealed), sealed=sealed, at_ms=at_ms))
    session.flush()


def opened(session: Session, box: SecretsBox, of: str) -> bytes:
    """Return a value in the clear. Raises NotFoundError (it may have been erased), SealBrokenError."""
    found = session.get(SealedValue, of)
    if found is None:
        raise NotFoundError(f"nothing is kept under seal for {of}: it never was, or its time was over")
    return box.open(found.sealed, of)


def forget(session: Session, of: str) -> None:
    """Erase one value; nothing happens where none is kept."""
    session.execute(delete(SealedValue).where(SealedValue.of == of))


def erase(session: Session, case_id: int) -> int:
    """Erase every sealed value of a case. Returns how many there were."""
    count = session.scalar(select(func.count()).where(SealedValue.case_id == case_id))
    session.execute(delete(SealedValue).where(SealedValue.case_id == case_id))
    return count or 0


def seal_anew(session: Session, box: SecretsBox, limit: int = BATCH) -> Sequence[SealedValue]:
    """Seal some values under the newest key that are under another. Returns them; none when all are done."""
    newest = box.key_ids()[0]
    query = select(SealedValue).where(SealedValue.key_id != newest).order_by(SealedValue.of).limit(limit)
    found = session.scalars(query.with_for_update()).all()
    for value in found:
        value.sealed, value.key_id = box.seal(box.open(value.sealed, value.of), value.of), newest
    session.flush()
    return found
