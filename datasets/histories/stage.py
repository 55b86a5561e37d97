"""A centre without its doors: a database, the law's data, and cases whose evidence lies there whole."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Final

from sqlalchemy import insert, select

from contract.evidence import MANIFEST
from contract.words import ViolationKind
from server.cases.house import House
from server.cases.models import Case, Event, EventFile
from server.cases.opening import FirstDue
from server.db import Sessions, open_engine, sessions, table_of, unit_of_work
from server.devices import Device
from server.law.law_book import LawBook, read_law_book
from server.law.limits import LimitKey
from server.migrate import migrate
from server.secrets_box import SecretsBox

FINED: Final = ViolationKind.PEDESTRIAN_RED_LIGHT
NOT_FINED: Final = ViolationKind.WRONG_WAY
FINING_CODES: Final = ("3001",)
LIMITS: Final[Mapping[LimitKey, int]] = {
    # a spike is of a whole site, and reopens its cases: tests/server/suspensions
    LimitKey.SPIKE_REJECTED_MAX: 1_000_000,
    LimitKey.VIEWING_TIME_MIN: 0,
    LimitKey.SECOND_REVIEW_SHARE: 40,
    LimitKey.SIMPLE_PROCEDURE_MAX: 2500,
    LimitKey.CASH_ON_THE_SPOT_MAX: 3000,
}
"""Other than the law's: nobody waits for a glance, and the ordinary procedure begins where these fines end."""
DEVICE: Final = "histories-box"
HELD_ONE_IN: Final = 40


@dataclass(slots=True)
class Clock:
    """The time of a group of cases, ms since the Unix epoch; it jumps on and never back."""

    now_ms: int
    _lock: Lock = field(default_factory=Lock)

    def later(self, by_ms: int) -> int:
        """Move on; return what it is now."""
        with self._lock:
            self.now_ms += by_ms
            return self.now_ms


@dataclass(slots=True)
class Till:
    """What came and went back, counted beside the book by those who pay and refund. What is told twice counts once."""

    came_fen: dict[str, int] = field(default_factory=dict)
    went_fen: list[int] = field(default_factory=list)

    @property
    def sums_fen(self) -> tuple[int, int]:
        """Return all that came, and all that went back."""
        return sum(self.came_fen.values()), sum(self.went_fen)


@dataclass(frozen=True, slots=True)
class Centre:
    """What officers and cashiers work at, and the till of those who work at it now."""

    sessions: Sessions
    house: House
    box: SecretsBox
    till: Till = field(default_factory=Till)

    def open_cases(self, numbers: range, entered_at_ms: int) -> list[int]:
        """Make cases of these numbers that entered at this instant, with and without fines; return their ids."""
        with unit_of_work(self.sessions) as session:
            session.execute(insert(table_of(Event)), [_event(number, entered_at_ms) for number in numbers])
            session.execute(insert(table_of(EventFile)), [_file(number, entered_at_ms) for number in numbers])
            due_ms = FirstDue(self.house.book, entered_at_ms).due_ms(entered_at_ms)
            rows = [_case(number, entered_at_ms) | {"next_due_ms": due_ms} for number in numbers]
            session.execute(insert(table_of(Case)), rows)
            names = [_name(number) for number in numbers]
            return list(session.scalars(select(Case.id).where(Case.event_id.in_(names)).order_by(Case.id)))


def _name(number: int) -> str:
    return f"history-{number}"


def _event(number: int, at_ms: int) -> dict[str, object]:
    held = number % HELD_ONE_IN == HELD_ONE_IN - 1
    return {
        "event_id": _name(number),
        "device_id": DEVICE,
        "sequence": number,
        "body": "",
        "body_sha256": "",
        "held_because": "clock" if held else None,
        "held_detail": "its clock was wrong" if held else None,
        "seen_at_ms": at_ms,
        "received_at_ms": at_ms,
        "evidence_complete_at_ms": at_ms,
        "demonstration": False,
    }


def _file(number: int, at_ms: int) -> dict[str, object]:
    return {
        "event_id": _name(number),
        "name": MANIFEST,
        "sha256": f"{number:064x}",
        "size_bytes": 1,
        "media_type": "application/json",
        "stored_at_ms": at_ms,
    }


def _case(number: int, at_ms: int) -> dict[str, object]:
    return {
        "event_id": _name(number),
        "state": "received",
        "version": 1,
        "site_id": "histories",
        "site_name": "路口",
        "kind": FINED if number % 5 else NOT_FINED,
        "entered_at_ms": at_ms,
        "created_at_ms": at_ms,
        "demonstration": False,
    }


def law_with(limits: Mapping[LimitKey, int]) -> LawBook:
    """Return the law's data with other values of some limits, as an operator's file would have them."""
    book = read_law_book()
    changed = tuple(
        limit.model_copy(update={"value": limits[limit.key]}) if limit.key in limits else limit
        for limit in book.limits.limit
    )
    return replace(book, limits=book.limits.model_copy(update={"limit": changed}))


@contextmanager
def centre(url: str, folder: Path) -> Iterator[Centre]:
    """Open a centre on a database that may be empty; its keys lie in ``folder``."""
    engine = open_engine(url)
    try:
        migrate(engine)
        house = House(law_with(LIMITS), demonstration=False, fining_codes=FINING_CODES, salt="histories")
        made = Centre(sessions(engine), house, SecretsBox(folder / "secrets.keys"))
        values = {"site_id": "histories", "public_key": "k", "token_sha256": "t", "active": True, "enrolled_at_ms": 0}
        with unit_of_work(made.sessions) as session:
            if session.get(Device, DEVICE) is None:
                session.add(Device(id=DEVICE, cameras="[]", **values))
        yield made
    finally:
        engine.dispose()
