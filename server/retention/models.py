"""The tables of legal holds and purges. Purges are appended; triggers refuse changes."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class LegalHold(Base):
    """Nothing of this case is purged from ``at_ms`` until it is released."""

    __tablename__ = "legal_holds"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    set_by: Mapped[str]
    reason: Mapped[str]
    at_ms: Mapped[int]
    released_by: Mapped[str | None]
    released_because: Mapped[str | None]
    released_at_ms: Mapped[int | None]


class Purge(Base):
    """The evidence of one event was deleted: when, how much, by which class and on what basis."""

    __tablename__ = "purges"

    event_id: Mapped[str] = mapped_column(ForeignKey("events.event_id"), primary_key=True)
    case_id: Mapped[int | None]
    fate: Mapped[str]
    days: Mapped[int]
    basis: Mapped[str]
    files: Mapped[int]
    bytes: Mapped[int]
    at_ms: Mapped[int]
    demonstration: Mapped[bool]


class PurgedFile(Base):
    """A file of a purge that is still to be deleted from the store: a crash in between loses none of them."""

    __tablename__ = "purged_files"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("purges.event_id"))
