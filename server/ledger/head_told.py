"""What the head of a day says, and which day may be closed. Pure."""

from datetime import date, timedelta
from typing import Final

from contract.fields import Count, EpochMs, Message, Sha256
from server.civil_time import beijing

CENTRE: Final = "centre"
CLOSES_AFTER_MS: Final = 5 * 60_000
"""A posting may carry a time of before midnight and come after it: it waited for the book. Five minutes are plenty."""


class HeadTold(Message):
    """What is sealed: the book's size, the root of its tree (RFC 6962) and its last entry's hash, for one day."""

    day: date
    size: Count
    root: Sha256
    chain: Sha256
    made_at_ms: EpochMs


def day_to_close(now_ms: int) -> date:
    """Return the newest day that is over, with the minutes in which its last postings may still come."""
    return beijing(now_ms - CLOSES_AFTER_MS).date() - timedelta(days=1)
