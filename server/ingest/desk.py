"""What every worker of the intake takes in with: the database, the centre's key, its clock, the law, the counters."""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.db import Sessions
from server.law.law_book import LawBook
from server.metrics import Meter


@dataclass(frozen=True, slots=True)
class Desk:
    """Shared by the workers of one process. ``now_ms``: ms since the Unix epoch."""

    sessions: Sessions
    key: Ed25519PrivateKey
    demonstration: bool
    now_ms: Callable[[], int]
    book: LawBook
    meter: Meter
