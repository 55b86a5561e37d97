"""China's civil time: one zone without changes, so an offset says it all."""

from datetime import datetime, timedelta, timezone
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8))


def beijing(epoch_ms: int) -> datetime:
    """Return the civil time of an instant."""
    return datetime.fromtimestamp(epoch_ms / 1000, BEIJING)
