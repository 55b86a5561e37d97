"""The tables beside `parties`: digests, contacts, consents, statements and answers. What is personal is under seal.

Consents, statements and answers are appended; triggers refuse changes. Erasing takes their sealed texts alone.
"""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class PartyDigest(Base):
    """Finds the same person again without opening anything: HMAC of the document's number (server.secrets_box)."""

    __tablename__ = "party_digests"
    __table_args__ = (Index("ix_party_digests_digest", "digest"),)

    party_id: Mapped[int] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    digest: Mapped[str]


class PartyContact(Base):
    """One way to reach a party. No notice goes to one that nobody confirmed (law: 处理程序规定 art. 20)."""

    __tablename__ = "party_contacts"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("parties.id"), index=True)
    channel: Mapped[str]
    added_by: Mapped[str]
    added_at_ms: Mapped[int]
    confirmed_by: Mapped[str | None]
    confirmed_how: Mapped[str | None]
    confirmed_at_ms: Mapped[int | None]


class ServiceConsent(Base):
    """A party's signed consent to electronic service (行政处罚法 art. 61), or its end."""

    __tablename__ = "service_consents"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("parties.id"), index=True)
    given: Mapped[bool]
    file_sha256: Mapped[str]
    signed_at_ms: Mapped[int]
    recorded_by: Mapped[str]
    recorded_at_ms: Mapped[int]


class PartyStatement(Base):
    """What a party said (行政处罚法 arts. 44, 45). The words are under seal."""

    __tablename__ = "party_statements"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("parties.id"), index=True)
    kind: Mapped[str]
    came_by: Mapped[str]
    taken_by: Mapped[str]
    at_ms: Mapped[int]


class StatementAnswer(Base):
    """The officer's answer to a statement: heard and re-checked, with what came of it."""

    __tablename__ = "statement_answers"

    statement_id: Mapped[int] = mapped_column(ForeignKey("party_statements.id"), primary_key=True)
    outcome: Mapped[str]
    answered_by: Mapped[str]
    at_ms: Mapped[int]
