"""What is here of each device's chain, and what is missing: numbers run from 1, so a gap is a loss so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.cases.models import ChainCount, Event
from server.devices import DeviceKey

RANGES_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Missing:
    """A run of numbers that are not here, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One chain of one device. ``came_again`` counts events that a box sent once more; none of them is stored twice."""

    device_id: str
    chain: str
    is_present_key: bool
    highest: int
    here: int
    came_again: int
    last_at_ms: int

    @property
    def missing(self) -> int:
        """Return how many numbers are not here up to the highest one."""
        return self.highest - self.here


def deliveries(session: Session, device_id: str | None = None) -> Sequence[Delivery]:
    """Return every chain from which something has come, in the order of devices, the present key's first."""
    known = DeviceKey.device_id == ChainCount.device_id, DeviceKey.chain == ChainCount.chain
    query = select(ChainCount, DeviceKey.until_ms).join(DeviceKey, known[0] & known[1])
    if device_id is not None:
        query = query.where(ChainCount.device_id == device_id)
    rows = session.execute(query.order_by(ChainCount.device_id, DeviceKey.until_ms.is_not(None), DeviceKey.from_ms))
    return [
        Delivery(row.device_id, row.chain, until_ms is None, row.highest, row.here, row.came_again, row.last_at_ms)
        for row, until_ms in rows
    ]


def missing(session: Session, device_id: str, chain: str, limit: int = RANGES_MAX) -> Sequence[Missing]:
    """Return the first runs of numbers that are not here, by one walk along the index of numbers."""
    before = func.lag(Event.sequence, 1, 0).over(order_by=Event.sequence).label("before")
    steps = select(Event.sequence, before).where(Event.device_id == device_id, Event.chain == chain).subquery()
    gaps = select(steps.c.before + 1, steps.c.sequence - 1).where(steps.c.sequence - steps.c.before > 1)
    rows = session.execute(gaps.order_by(steps.c.sequence).limit(limit))
    return [Missing(first, last) for first, last in rows]


def doubled(session: Session, device_id: str, chain: str) -> int:
    """Count the rows above one a number: the database refuses them, and this looks."""
    of_chain = Event.device_id == device_id, Event.chain == chain
    rows, numbers = session.execute(select(func.count(), func.count(Event.sequence.distinct())).where(*of_chain)).one()
    return int(rows - numbers)


def held_events(session: Session, limit: int = 200) -> Sequence[Event]:
    """Return what is held back, the newest first."""
    held = select(Event).where(Event.held_because.is_not(None)).order_by(Event.received_at_ms.desc(), Event.event_id)
    return session.scalars(held.limit(limit)).all()


def held_by_reason(session: Session) -> dict[str, int]:
    """Count what is held back by its reason."""
    held = select(Event.held_because, func.count()).where(Event.held_because.is_not(None)).group_by(Event.held_because)
    return {str(reason): count for reason, count in session.execute(held)}
