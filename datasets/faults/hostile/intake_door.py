"""The real intake, in this process and without a broker: messages go in, and the tables say what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, func, select, text

from datasets.faults.hostile.attacker import Attacker, Identity, Sent
from server import devices
from server.cases.models import RefusedEvent
from server.db import Sessions, open_engine, sessions, unit_of_work
from server.ingest.intake import Intake
from server.ingest.reading import Came
from server.law.law_book import LawBook, read_law_book
from server.migrate import migrate

KNOWN_EVENTS: Final = 20
TABLES: Final = ("events", "event_files", "cases", "further_reports", "passages", "yields", "hand_offs_held", "devices")


@dataclass(frozen=True, slots=True)
class Door:
    """One database with two devices, a revoked third one, and some events that are genuine."""

    sessions: Sessions
    book: LawBook
    now_ms: int
    attacker: Attacker
    engine: Engine

    def close(self) -> None:
        """Leave the database."""
        self.engine.dispose()

    def knock(self, sent: Sequence[Sent]) -> int:
        """Hand messages in as one batch; return how many were refused and counted. What is raised is a defect."""
        with unit_of_work(self.sessions) as session:
            before = session.scalar(select(func.max(RefusedEvent.id))) or 0
            intake = Intake(session, demonstration=False, now_ms=self.now_ms, book=self.book)
            fates = intake.take_all([Came(one.topic, one.payload) for one in sent])
            counted = (session.scalar(select(func.max(RefusedEvent.id))) or 0) - before
        refused = sum(fate.refused for fate in fates)
        if refused != counted:
            raise AssertionError(f"{refused} refusals, of which {counted} are recorded")
        return refused

    def content(self) -> dict[str, object]:
        """Return all that a message could have changed."""
        with self.sessions.reading() as session:
            return {
                name: sorted(map(repr, session.execute(text(f"SELECT * FROM {name}"))))  # noqa: S608 - our names
                for name in TABLES
            }


def open_door(url: str, now_ms: int) -> Door:
    """Make the database and take the genuine events in."""
    engine = open_engine(url)
    migrate(engine)
    made, book = sessions(engine), read_law_book()
    device, other, revoked = (Identity(f"box-{number}", f"s-{number}", f"c-{number}") for number in range(1, 4))
    with unit_of_work(made) as session:
        for one in (device, other, revoked):
            devices.enrol(session, one.device_id, one.site_id, one.key.public_key(), one.device_id, now_ms)
        devices.revoke(session, revoked.device_id, "officer", "stolen", now_ms)
    attacker = Attacker(device, other, revoked, now_ms)
    known = tuple(attacker.event(number) for number in range(1, KNOWN_EVENTS + 1))
    door = Door(made, book, now_ms, Attacker(device, other, revoked, now_ms, known), engine)
    refused = door.knock([Sent(attacker.topic(), attacker.sealed(event)) for event in known])
    assert refused == 0, "the genuine events are taken in"  # noqa: S101 - else no attack proves anything
    return door
