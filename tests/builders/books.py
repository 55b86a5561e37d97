"""Builders for the ledger's tests: cases without evidence, by plain SQL, and postings on them."""

from datetime import UTC, datetime

from centre import KEY, NOW_MS
from sqlalchemy import text

from server.db import open_engine, sessions, unit_of_work
from server.ledger.postings import Basis
from server.migrate import migrate

DAY_MS = 86_400_000
SHA = "a" * 64


def at(day: str, clock: str = "12:00") -> int:
    """An instant in Beijing, in ms since the epoch."""
    return int(datetime.fromisoformat(f"{day}T{clock}:00+08:00").astimezone(UTC).timestamp() * 1000)


def basis(case_id: int | None = 1, officer: str = "officer", at_ms: int = NOW_MS) -> Basis:
    return Basis(case_id, officer, SHA, at_ms, demonstration=False)


def make_cases(factory, count: int) -> None:
    """Make cases 1 to ``count`` of one device, without files."""
    with unit_of_work(factory) as session:
        device = "'box-9', 's-9', 'key', 'token', true, 0, '[]'"
        columns = "id, site_id, public_key, token_sha256, active, enrolled_at_ms, cameras"
        session.execute(text("INSERT INTO sites (id) VALUES ('s-9')"))
        session.execute(text(f"INSERT INTO devices ({columns}) VALUES ({device})"))  # noqa: S608 - our own words
        values = [{"id": number, "event": f"e-{number}"} for number in range(1, count + 1)]
        event = "event_id, device_id, sequence, body, body_sha256, seen_at_ms, received_at_ms, demonstration"
        case = "id, event_id, state, version, site_id, site_name, kind, entered_at_ms, created_at_ms, demonstration"
        session.execute(
            text(f"INSERT INTO events ({event}) VALUES (:event, 'box-9', :id, '', '', 0, 0, false)"),  # noqa: S608
            values,
        )
        said = ":id, :event, 'decided', 1, 's-9', 's', 'wrong_way', 0, 0, false"
        session.execute(
            text(f"INSERT INTO cases ({case}) VALUES ({said})"),  # noqa: S608
            values,
        )


def open_book(url: str, cases: int = 5):
    """A migrated database with some cases; dispose of the engine afterwards."""
    engine = open_engine(url)
    migrate(engine)
    factory = sessions(engine)
    make_cases(factory, cases)
    return engine, factory


PUBLIC_KEY = KEY.public_key()
