"""Brings the queue's column of due days up to date where a day has gone by: a party's time that is over is passed over.

Who decides writes it with the act (server/decisions/service.py); this is for what time alone has changed.
"""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from server.cases import repository
from server.cases.house import House
from server.cases.models import Case, Event
from server.db import Sessions, unit_of_work
from server.decisions.situation import situation

BATCH: Final = 500


def reckon_anew(make: Sessions, house: House, now_ms: int, since_ms: int = -1) -> int:
    """Reckon the next day of every case whose day has gone by since an instant. Returns how many have another now.

    Once is enough: a day that stays in the past is the police's, and only an act, which writes the next one, ends it.
    """
    changed, after = 0, 0
    while True:
        with unit_of_work(make) as session:
            found, differ = _some(session, house, (since_ms, now_ms), after)
        changed += differ
        if not found:
            return changed
        after = found


def reckon(session: Session, case_id: int, house: House, now_ms: int) -> None:
    """Reckon a case's next day, where something other than an act has moved it: an agreement to pay later."""
    case = repository.get(session, case_id)
    case.next_due_ms = situation(session, case, house, now_ms).next_due_ms
    session.flush()


def _some(session: Session, house: House, between_ms: tuple[int, int], after: int) -> tuple[int, int]:
    """Return the number of the last case that was looked at, 0 for none, and how many were changed."""
    since_ms, now_ms = between_ms
    gone_by = (Case.next_due_ms > since_ms, Case.next_due_ms <= now_ms)
    over = select(Case).where(*gone_by, Case.id > after).order_by(Case.id).limit(BATCH)
    cases = session.scalars(over.options(selectinload(Case.event).selectinload(Event.files)).with_for_update()).all()
    differ = 0
    for case in cases:
        due_ms = situation(session, case, house, now_ms).next_due_ms
        differ += due_ms != case.next_due_ms
        case.next_due_ms = due_ms
    return (cases[-1].id if cases else 0), differ
