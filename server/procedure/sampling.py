"""Which cases are looked at twice, and when a site's records can no longer be believed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256


def is_looked_at_twice(event_id: str, share: float, salt: str) -> bool:
    """Draw ``share`` of all cases for a second review, always the same ones.

    ``salt`` is the centre's secret: who reviews must not be able to tell which cases somebody else will see as well.
    """
    drawn = int.from_bytes(sha256(f"{salt}|{event_id}".encode()).digest()[:8], "big")
    return drawn < share * 2**64


@dataclass(frozen=True, slots=True)
class SpikeRule:
    """How many of a site's newest verdicts (one a case) may be rejections that speak against the record itself."""

    verdicts: int
    rejected_max: int
    reasons: frozenset[str]


def is_spike(reasons: Sequence[str | None], rule: SpikeRule) -> bool:
    """Tell whether a site must be suspended; ``reasons`` are its newest verdicts', None for a confirmation.

    Fewer verdicts than the rule's window can be a spike as well: a lamp that has failed is seen in the first hour.
    """
    newest = reasons[: rule.verdicts]
    return sum(reason in rule.reasons for reason in newest) > rule.rejected_max
