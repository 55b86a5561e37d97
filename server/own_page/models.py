"""The tables of the party's own page. Messages, files and answers are appended; triggers refuse changes.

What is personal lies under seal (server.sealed_values), a file's bytes in the evidence store under a key that does.
"""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class OwnPageVisit(Base):
    """Somebody who came in by number and code: the cookie's hash, to which case, the token of every form."""

    __tablename__ = "own_page_visits"

    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    csrf: Mapped[str]
    began_at_ms: Mapped[int]
    ends_at_ms: Mapped[int] = mapped_column(index=True)


class OwnPageMessage(Base):
    """What a party sent. ``position`` counts within its case; a statement's words are with the party's statements.

    ``in_person``: they want to be heard face to face. ``contact_id``: how they say they can be reached; a contact is
    erased with its case, so nothing holds it here.
    """

    __tablename__ = "own_page_messages"
    __table_args__ = (UniqueConstraint("case_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    position: Mapped[int]
    kind: Mapped[str]
    in_person: Mapped[bool]
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("party_statements.id"))
    contact_id: Mapped[int | None]
    at_ms: Mapped[int]

    @property
    def number(self) -> str:
        """Return the number of its receipt."""
        return f"LK-{self.case_id:07d}-{self.position:02d}"

    def sealed(self, what: str) -> str:
        """Return the name under which something of it is kept: ``said``, ``phone``, ``answer``, ``file/1``."""
        return f"own-page/{self.id}/{what}"


class OwnPageFile(Base):
    """A file that came with a message. ``sha256`` names its sealed bytes in the store, ``size_bytes`` is the plain."""

    __tablename__ = "own_page_files"

    message_id: Mapped[int] = mapped_column(ForeignKey("own_page_messages.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]


class OwnPageAnswer(Base):
    """The answer to a message that is no party's statement; those have server.parties.models.StatementAnswer."""

    __tablename__ = "own_page_answers"

    message_id: Mapped[int] = mapped_column(ForeignKey("own_page_messages.id"), primary_key=True)
    outcome: Mapped[str]
    answered_by: Mapped[str]
    at_ms: Mapped[int]


class OwnPageUnanswered(Base):
    """The queue of messages: a row until it is answered, so that its page never walks over what is done."""

    __tablename__ = "own_page_unanswered"

    message_id: Mapped[int] = mapped_column(ForeignKey("own_page_messages.id"), primary_key=True)
    at_ms: Mapped[int] = mapped_column(index=True)
