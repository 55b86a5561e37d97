"""The tables of cases with a known answer. They are apart from the cases: no figure, clock, list or purge sees them.

All are appended; triggers refuse changes.
"""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class KnownAnswer(Base):
    """A finished case and the verdict (``act``, confirm or reject) on which two people agreed without each other."""

    __tablename__ = "known_answers"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    act: Mapped[str]
    reason: Mapped[str]
    seeded_by: Mapped[str]
    at_ms: Mapped[int]


class KnownShow(Base):
    """From ``at_ms`` a known answer lies in a reviewer's queue; once and never again."""

    __tablename__ = "known_answer_shows"
    __table_args__ = (Index("ix_known_answer_shows_reviewer", "reviewer", "case_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    known_id: Mapped[int] = mapped_column(ForeignKey("known_answers.id"))
    case_id: Mapped[int]
    reviewer: Mapped[str]
    at_ms: Mapped[int]


class KnownVerdict(Base):
    """What the reviewer said of it. ``right``: as the two before them; the reason of a rejection may be another."""

    __tablename__ = "known_answer_verdicts"

    show_id: Mapped[int] = mapped_column(ForeignKey("known_answer_shows.id"), primary_key=True, autoincrement=False)
    reviewer: Mapped[str] = mapped_column(index=True)
    act: Mapped[str]
    reason: Mapped[str]
    at_ms: Mapped[int]
    seen_ms: Mapped[int]
    right: Mapped[bool]
