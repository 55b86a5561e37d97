"""The tables of events, their evidence and the cases made of them."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import Base

HELD = text("held_because IS NOT NULL")
UNDATED = text("next_due_ms IS NULL")
UNSEEN = text("after_rejection AND parted_at_ms IS NULL")


class Event(Base):
    """One event as it came, by its id: taken in once, whatever the wire does.

    ``chain`` names the key that sealed it (contract.identity), null on what came before keys were told apart;
    ``clock_status`` is the box's word, ``held_because`` the centre's own (server.cases.holding).
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_number", "device_id", "chain", "sequence", unique=True),
        Index("ix_events_held", "received_at_ms", sqlite_where=HELD, postgresql_where=HELD),
    )

    event_id: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    chain: Mapped[str | None]
    sequence: Mapped[int]
    manifest_sha256: Mapped[str | None]
    previous_manifest_sha256: Mapped[str | None]
    clock_status: Mapped[str | None]
    held_because: Mapped[str | None]
    held_detail: Mapped[str | None]
    body: Mapped[str]
    body_sha256: Mapped[str]
    seen_at_ms: Mapped[int]
    received_at_ms: Mapped[int]
    evidence_complete_at_ms: Mapped[int | None]
    demonstration: Mapped[bool]
    files: Mapped[list["EventFile"]] = relationship(back_populates="event", order_by="EventFile.name")


class ChainCount(Base):
    """How much of one chain of a device is here. Kept in the unit of work that stores the events themselves."""

    __tablename__ = "chain_counts"

    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    chain: Mapped[str] = mapped_column(primary_key=True)
    highest: Mapped[int]
    here: Mapped[int]
    came_again: Mapped[int]
    last_at_ms: Mapped[int]


class EventFile(Base):
    """One evidence file that an event names; ``stored_at_ms`` says when it came."""

    __tablename__ = "event_files"
    __table_args__ = (Index("ix_event_files_sha256", "sha256"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("events.event_id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    size_bytes: Mapped[int]
    media_type: Mapped[str]
    stored_at_ms: Mapped[int | None]
    event: Mapped[Event] = relationship(back_populates="files")


class Case(Base):
    """A case. ``version`` counts its changes, so that two officers cannot both decide it.

    ``next_due_ms``: when its earliest open clock is over (server.procedure.clocks); null: none runs.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_queue", "state", "entered_at_ms"),
        Index("ix_cases_site", "site_id", "entered_at_ms"),
        Index("ix_cases_due", "state", "next_due_ms", "id"),
        Index("ix_cases_site_due", "site_id", "state", "next_due_ms", "id"),
        Index("ix_cases_kind_due", "kind", "state", "next_due_ms", "id"),
        Index("ix_cases_site_state", "site_id", "state", "id"),
        Index("ix_cases_undated", "state", "entered_at_ms", "id", sqlite_where=UNDATED, postgresql_where=UNDATED),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.event_id"), unique=True)
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    site_id: Mapped[str]
    site_name: Mapped[str]
    kind: Mapped[str]
    entered_at_ms: Mapped[int]
    created_at_ms: Mapped[int]
    next_due_ms: Mapped[int | None]
    sanction: Mapped[str | None]
    amount_fen: Mapped[int | None]
    demonstration: Mapped[bool]
    event: Mapped[Event] = relationship()

    @property
    def number(self) -> str:
        """Return the number that officers and parties use."""
        return f"LK-{self.id:07d}"


class FurtherReport(Base):
    """An event that tells of a case's act once more: evidence, no case of its own, unless an officer parts it.

    ``after_rejection``: it came when the case stood rejected, so that nobody has looked at it.
    """

    __tablename__ = "further_reports"
    __table_args__ = (Index("ix_further_reports_unseen", "linked_at_ms", sqlite_where=UNSEEN, postgresql_where=UNSEEN),)

    event_id: Mapped[str] = mapped_column(ForeignKey("events.event_id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    linked_at_ms: Mapped[int]
    parted_at_ms: Mapped[int | None]
    parted_by: Mapped[str | None]
    parted_because: Mapped[str | None]
    after_rejection: Mapped[bool] = mapped_column(default=False, server_default=false())
    event: Mapped[Event] = relationship()


class CaseAct(Base):
    """One act of one officer: the history of a case. Appended; triggers refuse changes."""

    __tablename__ = "case_acts"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    act: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor: Mapped[str]
    at_ms: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")
    amount_fen: Mapped[int | None]
    until_ms: Mapped[int | None]
    demonstration: Mapped[bool]


class Party(Base):
    """Who a case is about, once an officer has identified them: a number, how, and the age band. No name is kept.

    A case that was somebody else's has several; the newest is who it is about now.
    """

    __tablename__ = "parties"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    basis: Mapped[str]
    age_band: Mapped[str]
    identified_by: Mapped[str]
    at_ms: Mapped[int]

    @property
    def number(self) -> str:
        """Return the party's number."""
        return f"P-{self.id:07d}"


class RefusedEvent(Base):
    """A message that was not believed, and why. Only the newest are kept; the count of all stands in ``id``."""

    __tablename__ = "refused_events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at_ms: Mapped[int]
    topic: Mapped[str]
    reason: Mapped[str]
    detail: Mapped[str]
    payload_sha256: Mapped[str]
    payload_bytes: Mapped[int]


class PassageRow(Base):
    """Passages over one crosswalk, lane or stop line that ended with one verdict, as a box counted them."""

    __tablename__ = "passages"
    __table_args__ = (UniqueConstraint("device_id", "chain", "sequence", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    chain: Mapped[str] = mapped_column(default="", server_default="")
    sequence: Mapped[int]
    position: Mapped[int]
    site_id: Mapped[str]
    camera_id: Mapped[str]
    zone_kind: Mapped[str] = mapped_column(default="crosswalk", server_default="crosswalk")
    zone_id: Mapped[str]
    user: Mapped[str]
    lamp_at_entry: Mapped[str]
    verdict: Mapped[str]
    count: Mapped[int]
    from_ms: Mapped[int]
    to_ms: Mapped[int]


class YieldRow(Base):
    """Vehicles that met somebody at one crosswalk and yielded, or did not, as a box counted them."""

    __tablename__ = "yields"
    __table_args__ = (UniqueConstraint("device_id", "chain", "sequence", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    chain: Mapped[str] = mapped_column(default="", server_default="")
    sequence: Mapped[int]
    position: Mapped[int]
    site_id: Mapped[str]
    camera_id: Mapped[str]
    zone_id: Mapped[str]
    user: Mapped[str]
    yielded: Mapped[bool]
    count: Mapped[int]
    from_ms: Mapped[int]
    to_ms: Mapped[int]
