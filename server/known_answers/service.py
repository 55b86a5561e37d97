"""When a known answer comes into a reviewer's queue, whether it lies there, and what they said of it."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Exists, exists, select
from sqlalchemy.orm import Session

from server import audit
from server.audit import AuditEntry
from server.cases.models import Case
from server.known_answers.models import KnownAnswer, KnownShow, KnownVerdict
from server.known_answers.seeding import FINISHED
from server.procedure.sampling import is_looked_at_twice
from server.procedure.words import Act
from server.retention.models import Purge
from server.suspensions.repository import why_suspended

KEPT_UP_MS: Final = 7 * 86_400_000
"""For so long after their verdict a reviewer sees the case as one that waits for the second review."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A known answer that lies before a reviewer; ``verdict`` is what they have said, None while it waits."""

    show: KnownShow
    answer: KnownAnswer
    verdict: KnownVerdict | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Behind which verdicts a known answer follows: ``key`` names the verdict, ``share`` is of all of them."""

    reviewer: str
    key: str
    share: float
    salt: str
    at_ms: int


def draw(session: Session, drawing: Drawing) -> None:
    """Lay the newest known answer that the reviewer has never opened into their queue, if the draw says so.

    The newest: the older its act, the more it would stand out among what waits. One at a time.
    """
    is_drawn = is_looked_at_twice(drawing.key, drawing.share, f"known answer|{drawing.salt}")
    found = _unseen(session, drawing.reviewer)  # looked for in any case: a verdict takes as long, drawn or not
    if not is_drawn or found is None or waiting(session, drawing.reviewer) is not None:
        return
    answer, site_id = found
    if why_suspended(session, site_id) is None:
        row = KnownShow(known_id=answer.id, case_id=answer.case_id, reviewer=drawing.reviewer, at_ms=drawing.at_ms)
        session.add(row)
        session.flush()


def _unseen(session: Session, reviewer: str) -> tuple[KnownAnswer, str] | None:
    opened = exists().where(
        AuditEntry.case_id == KnownAnswer.case_id, AuditEntry.who == reviewer, AuditEntry.what == "case.view"
    )
    shown = exists().where(KnownShow.reviewer == reviewer, KnownShow.case_id == KnownAnswer.case_id)
    answers = select(KnownAnswer, Case.site_id).join(Case, Case.id == KnownAnswer.case_id)
    unseen = answers.where(Case.state.in_(FINISHED), ~shown, ~opened, ~_purged())
    row = session.execute(unseen.order_by(Case.entered_at_ms.desc()).limit(1)).one_or_none()
    return None if row is None else (row[0], row[1])


def waiting(session: Session, reviewer: str) -> int | None:
    """Return the case that lies in a reviewer's queue as a known answer, None: none does."""
    cases = (
        select(KnownShow.case_id)
        .join(Case, Case.id == KnownShow.case_id)
        .outerjoin(KnownVerdict, KnownVerdict.show_id == KnownShow.id)
        .where(KnownShow.reviewer == reviewer, KnownVerdict.show_id.is_(None), Case.state.in_(FINISHED), ~_purged())
    )
    return session.scalar(cases.limit(1))


def shown(session: Session, reviewer: str, case_id: int, now_ms: int) -> Shown | None:
    """Return the known answer that this case is to this reviewer now; None: it is the case that it is.

    It ends some days after the verdict, with the evidence, and when the case lives again.
    """
    row = session.execute(
        select(KnownShow, KnownAnswer, KnownVerdict)
        .join(KnownAnswer, KnownAnswer.id == KnownShow.known_id)
        .join(Case, Case.id == KnownShow.case_id)
        .outerjoin(KnownVerdict, KnownVerdict.show_id == KnownShow.id)
        .where(KnownShow.reviewer == reviewer, KnownShow.case_id == case_id, Case.state.in_(FINISHED), ~_purged())
    ).one_or_none()
    if row is None or (row[2] is not None and now_ms - row[2].at_ms > KEPT_UP_MS):
        return None
    return Shown(*row)


def disguised(session: Session, reviewer: str, now_ms: int) -> tuple[int, ...]:
    """Return every case that looks to this reviewer as a new record now: those that wait, and for a while those judged.

    They are few: one at a time, and the verdicts of some days.
    """
    cases = (
        select(KnownShow.case_id)
        .join(Case, Case.id == KnownShow.case_id)
        .outerjoin(KnownVerdict, KnownVerdict.show_id == KnownShow.id)
        .where(KnownShow.reviewer == reviewer, Case.state.in_(FINISHED), ~_purged())
        .where(KnownVerdict.show_id.is_(None) | (KnownVerdict.at_ms >= now_ms - KEPT_UP_MS))
    )
    return tuple(session.scalars(cases.order_by(KnownShow.case_id)))


def note(session: Session, of: Shown, act: Act, reason: str, at_ms: int, seen_ms: int) -> None:
    """Keep what the reviewer said; to the case itself nothing is done."""
    said = {"act": act, "reason": reason, "at_ms": at_ms, "seen_ms": seen_ms, "right": act == of.answer.act}
    session.add(KnownVerdict(show_id=of.show.id, reviewer=of.show.reviewer, **said))
    audit.record(session, at_ms, of.show.reviewer, f"known.{act}", of.show.case_id, reason)
    session.flush()


def _purged() -> Exists:
    return exists().where(Purge.event_id == Case.event_id)
