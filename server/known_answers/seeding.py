"""Which finished cases become known answers: two people agreed, each without the other, and nothing has happened since.

Who seeds says of how many days and how many; which ones is drawn by the centre's secret, so that nobody chooses them.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import chain, zip_longest
from typing import Final

from sqlalchemy import Row, Select, exists, select
from sqlalchemy.orm import Session, aliased

from server import audit
from server.cases.models import Case, CaseAct, Event, FurtherReport
from server.errors import WrongInputError
from server.known_answers.models import KnownAnswer
from server.procedure.words import Act, CaseState
from server.retention.models import Purge

DAY_MS: Final = 86_400_000
DAYS_MAX: Final = 366
COUNT_MAX: Final = 500
LOOKED_AT_MAX: Final = 5000
FINISHED: Final = (
    CaseState.REJECTED,
    CaseState.SERVED,
    CaseState.PAID,
    CaseState.SHELVED,
    CaseState.LAPSED,
    CaseState.ARCHIVED,
)
"""No reviewer has anything to do on these; as soon as one lives again, it is shown as what it is."""
DOUBTS: Final = (Act.REOPEN, Act.OBJECT, Act.APPLY_RECONSIDERATION, Act.SUE, Act.REVOKE, Act.REASSIGN)


Agreed = Row[int, str, str]


def seed(session: Session, by: str, days: int, count: int, salt: str, at_ms: int) -> int:
    """Add known answers among the acts of the last days, as many to confirm as to reject; return how many.

    Raises WrongInputError for days or a count out of bounds.
    """
    if not (1 <= days <= DAYS_MAX and 1 <= count <= COUNT_MAX):
        raise WrongInputError(f"expected 1 to {DAYS_MAX} days and 1 to {COUNT_MAX} cases, found {days} and {count}")
    rows = session.execute(_agreed(at_ms - days * DAY_MS).limit(LOOKED_AT_MAX)).all()
    drawn = sorted(rows, key=lambda row: sha256(f"{salt}|{at_ms}|{row.id}".encode()).digest())
    chosen = list(_by_turns(drawn))[:count]
    for row in chosen:
        values = {"act": row.act, "reason": row.reason, "seeded_by": by, "at_ms": at_ms}
        session.add(KnownAnswer(case_id=row.id, **values))
    audit.record(session, at_ms, by, "known.seed", detail=f"{len(chosen)} of {len(rows)} cases, {days} days")
    session.flush()
    return len(chosen)


def _agreed(from_ms: int) -> Select[int, str, str]:
    second, other = aliased(CaseAct), aliased(CaseAct)
    agreed = (second.from_state == CaseState.SECOND_REVIEW) & second.to_state.in_(
        (CaseState.CONFIRMED, CaseState.IDENTIFIED, CaseState.REJECTED)
    )
    return (
        select(Case.id, second.act, second.reason)
        .join(second, (second.case_id == Case.id) & agreed)
        .join(Event, Event.event_id == Case.event_id)
        .where(
            Case.state.in_(FINISHED),
            Case.entered_at_ms >= from_ms,
            Event.held_because.is_(None),
            Event.evidence_complete_at_ms.is_not(None),
            ~exists().where(other.case_id == Case.id, other.act.in_(DOUBTS)),
            ~exists().where(other.case_id == Case.id, other.to_state == CaseState.DISPUTED),
            ~exists().where(FurtherReport.case_id == Case.id),
            ~exists().where(Purge.event_id == Case.event_id),
            ~exists().where(KnownAnswer.case_id == Case.id),
        )
        .order_by(Case.entered_at_ms.desc(), Case.id)
    )


def _by_turns(rows: Sequence[Agreed]) -> Iterator[Agreed]:
    confirmed = [row for row in rows if row.act == Act.CONFIRM]
    rejected = [row for row in rows if row.act == Act.REJECT]
    return (row for row in chain.from_iterable(zip_longest(confirmed, rejected)) if row is not None)
