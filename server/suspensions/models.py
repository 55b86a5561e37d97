"""The tables of suspended sites, and of the verdicts by site. All are appended; triggers refuse changes."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class SiteVerdict(Base):
    """One verdict on a case, kept by its site, so that the newest are found without a walk over all cases.

    ``reason`` is the rejection's, null for a confirmation; ``seen_ms`` for how long its officer had the case before
    them, null where that was not measured.
    """

    __tablename__ = "site_verdicts"
    __table_args__ = (
        Index("ix_site_verdicts_site", "site_id", "act_id"),
        Index("ix_site_verdicts_actor", "actor", "act_id"),
    )

    act_id: Mapped[int] = mapped_column(ForeignKey("case_acts.id"), primary_key=True, autoincrement=False)
    site_id: Mapped[str]
    case_id: Mapped[int]
    actor: Mapped[str]
    reason: Mapped[str | None]
    seen_ms: Mapped[int | None]


class Suspension(Base):
    """A site was suspended by an officer's act. The verdicts from ``first_act_id`` to ``act_id`` were counted."""

    __tablename__ = "site_suspensions"
    __table_args__ = (Index("ix_site_suspensions_site", "site_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("sites.id"))
    at_ms: Mapped[int]
    officer: Mapped[str]
    reason: Mapped[str]
    first_act_id: Mapped[int]
    act_id: Mapped[int] = mapped_column(ForeignKey("case_acts.id"))


class Lifting(Base):
    """A supervisor believes a site again. ``act_id`` is the newest act of then: what came before is counted no more."""

    __tablename__ = "site_liftings"

    suspension_id: Mapped[int] = mapped_column(ForeignKey("site_suspensions.id"), primary_key=True, autoincrement=False)
    at_ms: Mapped[int]
    officer: Mapped[str]
    reason: Mapped[str]
    act_id: Mapped[int]
