"""The table of the public list. It holds nothing that may not be public, but for who approved a line."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class Listing(Base):
    """One line. Withdrawn, its content is gone and only the public reason stays (行政处罚法 art. 48)."""

    __tablename__ = "listings"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    site_name: Mapped[str | None]
    kind: Mapped[str | None]
    act_minute_ms: Mapped[int | None]
    sanction: Mapped[str | None]
    amount_fen: Mapped[int | None]
    picture_sha256: Mapped[str | None]
    published_at_ms: Mapped[int]
    ends_at_ms: Mapped[int]
    withdrawn_at_ms: Mapped[int | None]
    withdrawn_because: Mapped[str | None]
    approved_by: Mapped[str]
    approved_because: Mapped[str]
    demonstration: Mapped[bool]
