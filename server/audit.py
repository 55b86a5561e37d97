"""The audit log: who did or saw what, when. Appended; triggers in the migration refuse changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Index, Select, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.db import Base


class AuditEntry(Base):
    """One line. ``who`` is a user name, a device or ``service``."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_at", "at_ms", "id"),
        Index("ix_audit_log_who", "who", "at_ms", "id"),
        Index("ix_audit_log_what", "what", "at_ms", "id"),
        Index("ix_audit_log_case", "case_id", "at_ms", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at_ms: Mapped[int]
    who: Mapped[str]
    what: Mapped[str]
    case_id: Mapped[int | None]
    detail: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: of whom, of what, of which case, in ``[from_ms, to_ms)``; None: whichever."""

    who: str | None = None
    what: str | None = None
    case_id: int | None = None
    from_ms: int | None = None
    to_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the next one goes on behind it."""

    at_ms: int
    id: int


def record(session: Session, at_ms: int, who: str, what: str, case_id: int | None = None, detail: str = "") -> None:
    """Append a line within the caller's unit of work."""
    session.add(AuditEntry(at_ms=at_ms, who=who, what=what, case_id=case_id, detail=detail[:500]))


def opened(session: Session, at_ms: int, who: str, what: str, case_id: int, reason: str) -> None:
    """Append that somebody opened a case or personal data, and why (PIPL art. 51). Raises ValueError for no reason."""
    if not reason.strip():
        raise ValueError(f"{what} of case {case_id} by {who}: expected a reason, found none")
    record(session, at_ms, who, what, case_id, reason)


def has_opened(session: Session, who: str, what: str, case_id: int, since_ms: int) -> bool:
    """Tell whether somebody opened a case since a moment: its pictures come with its page, and are one opening."""
    mine = (AuditEntry.case_id == case_id, AuditEntry.who == who, AuditEntry.what == what)
    return session.scalar(select(AuditEntry.id).where(*mine, AuditEntry.at_ms >= since_ms).limit(1)) is not None


def newest(session: Session, wanted: Wanted, behind: Place | None, limit: int) -> Sequence[AuditEntry]:
    """Return the newest lines, or those behind a place; by an index, whatever the length of the log."""
    lines = _chosen(wanted)
    if behind is not None:
        lines = lines.where(tuple_(AuditEntry.at_ms, AuditEntry.id) < tuple_(behind.at_ms, behind.id))
    return session.scalars(lines.order_by(AuditEntry.at_ms.desc(), AuditEntry.id.desc()).limit(limit)).all()


def each(session: Session, wanted: Wanted) -> Iterator[AuditEntry]:
    """Yield every line that is wanted, the oldest first, without holding them all."""
    lines = _chosen(wanted).order_by(AuditEntry.at_ms, AuditEntry.id)
    with session.scalars(lines.execution_options(yield_per=1000)) as found:
        yield from found


def oldest(session: Session, wanted: Wanted) -> AuditEntry | None:
    """Return the oldest line that is wanted, None where there is none."""
    return session.scalars(_chosen(wanted).order_by(AuditEntry.at_ms, AuditEntry.id).limit(1)).first()


def _chosen(wanted: Wanted) -> Select[AuditEntry]:
    lines = select(AuditEntry)
    for column, value in (
        (AuditEntry.who, wanted.who),
        (AuditEntry.what, wanted.what),
        (AuditEntry.case_id, wanted.case_id),
    ):
        lines = lines if value is None else lines.where(column == value)
    if wanted.from_ms is not None:
        lines = lines.where(AuditEntry.at_ms >= wanted.from_ms)
    return lines if wanted.to_ms is None else lines.where(AuditEntry.at_ms < wanted.to_ms)
