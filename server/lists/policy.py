"""Who may stand on the public black list: law.md rows 15, 21, 37 and 38 as one table. Pure.

行政处罚法 art. 48, 个人信息保护法 art. 25, 公共安全视频条例 art. 22, 未成年人保护法 art. 103. Names never.
"""

from dataclasses import dataclass
from typing import Final

from server.procedure.words import AgeBand, CaseState


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the policy looks at."""

    state: CaseState
    age_band: AgeBand | None
    listed_already: bool
    masked_picture: bool
    reason: str
    days: int


DAYS_MAX = 30
EFFECTIVE: Final = frozenset({CaseState.SERVED, CaseState.PAID, CaseState.ENFORCEMENT})
"""A decision takes effect when it is served (行政处罚法 art. 61); while a remedy is open its end is not known."""


def is_listed_at(age_band: AgeBand | None) -> bool:
    """Tell whether somebody of this age may ever stand on the list (未成年人保护法 art. 103)."""
    return age_band is AgeBand.ADULT


RULES = (
    ("only a decision that has been served, and that stands, is listed", lambda c: c.state in EFFECTIVE),
    ("minors and persons of unsure age are never listed", lambda c: is_listed_at(c.age_band)),
    ("a case is listed once", lambda c: not c.listed_already),
    ("a line needs its masked picture", lambda c: c.masked_picture),
    ("an approval needs a reason", lambda c: bool(c.reason.strip())),
    (f"a line ends after 1 to {DAYS_MAX} days", lambda c: 1 <= c.days <= DAYS_MAX),
)


def objections(candidate: Candidate) -> tuple[str, ...]:
    """Return every reason why this case may not be listed; none means that an officer may approve it."""
    return tuple(text for text, holds in RULES if not holds(candidate))
