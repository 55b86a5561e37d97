"""China's civil time (one zone without changes, so an offset says it all), and how long a day is. Pure."""

from datetime import datetime, timedelta, timezone
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8))
DAY_MS: Final = 86_400_000


def beijing(epoch_ms: int) -> datetime:
    """Return the civil time of an instant, ms since the Unix epoch."""
    return datetime.fromtimestamp(epoch_ms / 1000, BEIJING)


def to_the_ms(epoch_ms: int) -> str:
    """Write an instant as evidence shows it: ``2026-01-01 08:00:00.123``."""
    return f"{beijing(epoch_ms):%Y-%m-%d %H:%M:%S}.{epoch_ms % 1000:03d}"
