"""The tables of the hand-off switch: every word that was said, and what each box says that it holds."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from contract.words import HandOffCause
from server.db import Base


class HandOffWord(Base):
    """One word on one site, by one officer. Appended; triggers refuse changes."""

    __tablename__ = "hand_offs"

    site_id: Mapped[str] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_set: Mapped[bool]
    at_ms: Mapped[int]
    until_ms: Mapped[int | None]
    cause: Mapped[str] = mapped_column(server_default=HandOffCause.DIRECTED.value)
    officer: Mapped[str]
    reason: Mapped[str]

    def stands(self, now_ms: int) -> bool:
        """Tell whether the switch is set now, if this is the newest word."""
        return self.is_set and (self.until_ms is None or now_ms < self.until_ms)


class BoxHolds(Base):
    """The last word of one box on what it holds."""

    __tablename__ = "hand_offs_held"

    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    site_id: Mapped[str]
    sequence: Mapped[int]
    is_set: Mapped[bool]
    said_at_ms: Mapped[int]
