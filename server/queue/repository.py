"""The queue's queries. Each page is read from an index, however many cases there are and however deep it lies.

A page of several states is the head of one short list per state, merged: no index is ordered by the end of a period
over several states, and to sort all of them is to read all of them. Cases without a period come last, from lists of
their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from server.cases.models import Case, CaseAct, Event, FurtherReport
from server.civil_time import beijing_day, day_ends_ms
from server.procedure.history import REVIEWS
from server.procedure.words import SANCTIONS, Act, CaseState
from server.queue.filters import Place, Span, Wanted

S = CaseState


@dataclass(frozen=True, slots=True)
class Row:
    """What a line of the queue shows of a case. Times in ms since the Unix epoch."""

    case: Case
    complete: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Pressing:
    """How many cases of a state are late, and how many are due today."""

    late: int = 0
    today: int = 0


def page(session: Session, wanted: Wanted, after: Place | None, limit: int) -> list[Row]:
    """Return the cases behind a place: what is due first at the top; what has no period last, the oldest act first."""
    return _nearest(session, wanted, after, limit, backwards=False)


def ahead(session: Session, wanted: Wanted, before: Place | None, but: int) -> Case | None:
    """Return the case before a place, or else the queue's last: not ``but``, which is left."""
    return _other(session, wanted, before, but, backwards=True)


def behind(session: Session, wanted: Wanted, after: Place | None, but: int) -> Case | None:
    """Return the next case behind a place, or else the queue's first: not ``but``, which is left."""
    return _other(session, wanted, after, but, backwards=False)


def _other(session: Session, wanted: Wanted, place: Place | None, but: int, *, backwards: bool) -> Case | None:
    for here in dict.fromkeys((place, None)):
        rows = _nearest(session, wanted, here, 2, backwards=backwards)
        found = next((row.case for row in rows if row.case.id != but), None)
        if found is not None:
            return found
    return None


def _nearest(session: Session, wanted: Wanted, place: Place | None, limit: int, *, backwards: bool) -> list[Row]:
    """Return the cases next to a place, on one side of it: the heads of one short list a state, merged."""
    lists = list(_lists(wanted, place, limit, backwards=backwards))
    if not lists:
        return []
    found = union_all(*(select(part.c.id, part.c.undated, part.c.at_ms) for part in lists)).subquery()
    merged = select(found.c.id).order_by(*_turned((found.c.undated, found.c.at_ms, found.c.id), backwards=backwards))
    return _rows(session, session.scalars(merged.limit(limit)).all())


def _lists(wanted: Wanted, place: Place | None, limit: int, *, backwards: bool) -> Iterator[Subquery]:
    """Yield the nearest cases of each state: those with a period, and those without one, which stand behind all."""
    for undated in (False, True):
        here = place is not None and place.undated == undated
        if place is not None and not here and undated == backwards:
            continue  # all of them lie on the other side of the place
        for chosen, at_ms in _by_state(wanted, undated=undated):
            key = tuple_(at_ms, Case.id)
            bound = () if place is None else (place.at_ms, place.case_id)
            rest = chosen if not here else chosen.where(key < bound if backwards else key > bound)
            yield rest.order_by(*_turned((at_ms, Case.id), backwards=backwards)).limit(limit).subquery()


def _turned(columns: Sequence[Any], *, backwards: bool) -> list[Any]:
    return [column.desc() if backwards else column for column in columns]


def _by_state(wanted: Wanted, *, undated: bool) -> Iterator[tuple[Select[Any], Any]]:
    """Yield what is chosen of each state, and by which time it is ordered."""
    if undated and wanted.due != (None, None):
        return
    at_ms: Any = Case.entered_at_ms if undated else Case.next_due_ms
    period = (Case.next_due_ms.is_(None),) if undated else (at_ms.is_not(None), *_within(at_ms, wanted.due))
    for state in wanted.states:
        columns = (Case.id, literal(int(undated)).label("undated"), at_ms.label("at_ms"))
        yield select(*columns).where(*_conditions(wanted, state), *period), at_ms


def _conditions(wanted: Wanted, state: CaseState) -> Iterator[ColumnElement[bool]]:
    yield Case.state == state
    yield from _within(Case.entered_at_ms, wanted.entered)
    if wanted.site is not None:
        yield Case.site_id == wanted.site
    if wanted.kind is not None:
        yield Case.kind == wanted.kind
    if wanted.hidden:
        yield Case.id.not_in(wanted.hidden)
    if state in _HAD_A_PART:
        yield ~_had_a_part(state, wanted.viewer)


def _within(value: Any, span: Span) -> Iterator[ColumnElement[bool]]:  # noqa: ANN401 - a column of numbers
    first, last = span
    if first is not None:
        yield value >= first
    if last is not None:
        yield value < last


_mine, _later = aliased(CaseAct), aliased(CaseAct)


def _proposes(act: type[CaseAct]) -> ColumnElement[bool]:
    return act.act.in_(SANCTIONS) & (act.to_state == S.PROPOSED)


_HAD_A_PART: Final[dict[CaseState, tuple[ColumnElement[bool], ColumnElement[bool]]]] = {
    S.SECOND_REVIEW: (_mine.act.in_(REVIEWS), _later.act.in_((*REVIEWS, Act.REOPEN))),
    S.DISPUTED: (_mine.act.in_(REVIEWS), _later.act == Act.REOPEN),
    S.PROPOSED: (_proposes(_mine), _proposes(_later)),
}
"""Whose act keeps them from the next one, and what after it ends that (`server.procedure.history.done_before`)."""


def _had_a_part(state: CaseState, viewer: str) -> ColumnElement[bool]:
    """Tell of a case whether the viewer gave what somebody else must now judge independently of."""
    theirs, ended = _HAD_A_PART[state]
    over = select(_later.id).where(_later.case_id == Case.id, _later.id > _mine.id, ended).correlate(Case, _mine)
    done = select(_mine.id).where(_mine.case_id == Case.id, _mine.actor == viewer, theirs, ~over.exists())
    return done.correlate(Case).exists()


def _rows(session: Session, numbers: Sequence[int]) -> list[Row]:
    """Return what is shown of these cases, in their order."""
    chosen = select(Case, Event.evidence_complete_at_ms, Event.held_because)
    lines = session.execute(chosen.join(Event, Case.event_id == Event.event_id).where(Case.id.in_(numbers)))
    found = {shown.id: Row(shown, whole_ms is not None, held is not None) for shown, whole_ms, held in lines}
    return [found[number] for number in numbers]


def pressing(session: Session, wanted: Wanted, now_ms: int, more: Case | None = None) -> dict[str, Pressing]:
    """Count by state what is late and what is due today, without what the viewer had a part in or must not see there.

    Of what is wanted, states, viewer and what is hidden count; ``more``: a case that is counted as it is given.
    """
    late = func.sum(case((Case.next_due_ms <= now_ms, 1), else_=0))
    today_ends_ms = day_ends_ms(beijing_day(now_ms))
    others = (or_(Case.state != state, ~_had_a_part(state, wanted.viewer)) for state in _HAD_A_PART)
    chosen = select(Case.state, late, func.count()).where(
        and_(Case.state.in_(wanted.states), Case.next_due_ms <= today_ends_ms, *others)
    )
    if wanted.hidden:
        chosen = chosen.where(Case.id.not_in(wanted.hidden))
    rows = session.execute(chosen.group_by(Case.state))
    found = {state: Pressing(int(over), count - int(over)) for state, over, count in rows}
    if more is not None and more.next_due_ms is not None and more.next_due_ms <= today_ends_ms:
        is_late, known = more.next_due_ms <= now_ms, found.get(more.state, Pressing())
        found[more.state] = Pressing(known.late + is_late, known.today + (not is_late))
    return found


def find(session: Session, text: str) -> int | None:
    """Return the case of a number (LK-0000012, 12) or of an event's id; None: there is none."""
    word = text.strip()
    figures = word.upper().removeprefix("LK-")
    if figures.isascii() and figures.isdigit() and len(figures) <= 15:
        return session.scalar(select(Case.id).where(Case.id == int(figures)))
    event_id = word.lower()
    own = session.scalar(select(Case.id).where(Case.event_id == event_id))
    return own or session.scalar(select(FurtherReport.case_id).where(FurtherReport.event_id == event_id))
