"""The register of documents. Appended; triggers refuse changes. What a document says lies under seal."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class Document(Base):
    """One issued document. ``sha256`` is its PDF's; ``renderer`` and ``font_sha256`` say what made it.

    ``about`` is which payment a receipt is of, by its reference; None of every other kind.
    Its data are the sealed value ``DOC-.../data`` (server.sealed_values), which is erased with its case.
    """

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("kind", "year", "demonstration", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    year: Mapped[int]
    serial: Mapped[int]
    demonstration: Mapped[bool]
    number: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    template_version: Mapped[int]
    renderer: Mapped[str]
    font_sha256: Mapped[str]
    sha256: Mapped[str]
    size_bytes: Mapped[int]
    issued_by: Mapped[str]
    issued_at_ms: Mapped[int]
    about: Mapped[str | None]

    @property
    def data_name(self) -> str:
        """Return the name under which its data are sealed."""
        return f"DOC-{'demo-' if self.demonstration else ''}{self.kind}-{self.year}-{self.serial}/data"
