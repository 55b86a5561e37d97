"""The tables of enrolment: the codes, the tries that were refused lately, and how many were ever."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class EnrolmentCode(Base):
    """One code, kept as a hash. Used up by the key that showed it first; ``cameras`` is a JSON list."""

    __tablename__ = "enrolment_codes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code_sha256: Mapped[str] = mapped_column(unique=True)
    device_id: Mapped[str]
    site_id: Mapped[str]
    cameras: Mapped[str]
    made_by: Mapped[str]
    made_at_ms: Mapped[int]
    ends_at_ms: Mapped[int]
    used_by_key: Mapped[str | None]
    withdrawn_at_ms: Mapped[int | None]


class RefusedEnrolment(Base):
    """One try that was refused, for the rate limit: all workers of the centre count together."""

    __tablename__ = "refused_enrolments"
    __table_args__ = (Index("ix_refused_enrolments_at_ms", "at_ms"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    address: Mapped[str]
    at_ms: Mapped[int]


class RefusalCount(Base):
    """How many enrolments were ever refused, by reason. The migration makes a row a reason."""

    __tablename__ = "enrolment_refusal_counts"

    reason: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
