"""China's civil time: one zone without changes, so an offset says it all."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8))


def beijing(epoch_ms: int) -> datetime:
    """Return the civil time of an instant."""
    return datetime.fromtimestamp(epoch_ms / 1000, BEIJING)


def beijing_day(epoch_ms: int) -> date:
    """Return the civil day of an instant."""
    return beijing(epoch_ms).date()


def beijing_ms(moment: datetime) -> int:
    """Return the instant of a civil time that names no zone, as a form sends it."""
    return int(moment.replace(tzinfo=BEIJING).timestamp() * 1000)


def day_ends_ms(day: date) -> int:
    """Return the instant at which a day is over: Beijing's midnight after it (民法典 art. 203: a day ends at 24:00)."""
    return int(datetime.combine(day + timedelta(days=1), time(), BEIJING).timestamp()) * 1000
