"""What known answers (docs/care.md) change in a reviewer's queue: one lies in it as new, and is counted as that.

Where it really stands it is neither shown nor counted to them, as long as its page shows them a new record: a row among
the served ones, or a sum that does not fit the rows, would tell which it is.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.access.rights import Role
from server.access.sessions import Visitor
from server.cases.models import Case
from server.decisions import reviewing
from server.known_answers import service as known_answers
from server.procedure.words import CaseState
from server.queue.filters import Place, Wanted, place_at, takes
from server.queue.mixing import lies_between, order
from server.queue.repository import Row
from server.service import Service


@dataclass(frozen=True, slots=True)
class Disguise:
    """``case`` lies in the viewer's queue as a new record; ``hidden``: all that look like one."""

    case: Case | None = None
    hidden: tuple[int, ...] = ()

    def among(self, sought: Wanted) -> Case | None:
        """Return the case where it is looked for, as the new record that it seems to be."""
        case = self.case
        if case is None:
            return None
        of = (CaseState(case.state), case.site_id, case.kind, case.entered_at_ms, case.next_due_ms)
        return case if takes(sought, *of) else None


def disguise(session: Session, service: Service, who: Visitor) -> Disguise:
    """Return what this visitor must not tell apart; nothing for whoever is no reviewer."""
    if who.role is not Role.REVIEWER:
        return Disguise()
    now_ms = service.now_ms()
    case = reviewing.known_answer(session, who.name, service.house, now_ms)
    return Disguise(case, known_answers.disguised(session, who.name, now_ms))


def mixed_in(rows: list[Row], case: Case, after: Place | None, lines: int) -> list[Row]:
    """Return a page's rows, and the one that tells of a further page, with one case more in its place."""
    last = place_of_case(rows[-1].case) if len(rows) > lines else None
    if not lies_between(place_of_case(case), after, last):
        return rows
    mixed = sorted([*rows, Row(case, complete=True, held=False)], key=lambda row: order(place_of_case(row.case)))
    return mixed[: lines + 1]


def place_of_case(case: Case) -> Place:
    """Return where a case stands in the queue."""
    return place_at(case.next_due_ms, case.entered_at_ms, case.id)
