"""The audit log: who did or saw what, when. Appended; triggers in the migration refuse changes."""

from sqlalchemy.orm import Mapped, Session, mapped_column

from server.db import Base


class AuditEntry(Base):
    """One line. ``who`` is a user name, a device or ``service``."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at_ms: Mapped[int]
    who: Mapped[str]
    what: Mapped[str]
    case_id: Mapped[int | None]
    detail: Mapped[str] = mapped_column(default="")


def record(session: Session, at_ms: int, who: str, what: str, case_id: int | None = None, detail: str = "") -> None:
    """Append a line within the caller's unit of work."""
    session.add(AuditEntry(at_ms=at_ms, who=who, what=what, case_id=case_id, detail=detail[:500]))
