"""How documents were served. Appended; triggers refuse changes."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class DocumentService(Base):
    """One attempt to serve a document: when it happened, and what proves it.

    ``channel`` and ``outcome`` are words of server.papers.words.
    """

    __tablename__ = "document_services"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    channel: Mapped[str]
    outcome: Mapped[str]
    at_ms: Mapped[int]
    proof: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at_ms: Mapped[int]
