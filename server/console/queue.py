"""The queue's page, the search for one case, and the way from a case to the next of the same queue.

What somebody looks for stands in the address; a cookie keeps it while they are on the page of a case, with the place of
the case in the queue: after an act it no longer stands there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic import Field as Limit
from sqlalchemy.orm import Session

from contract.words import ViolationKind
from server.access.sessions import Visitor
from server.cases import opening
from server.cases import repository as cases
from server.cases.models import Case, FurtherReport
from server.civil_time import beijing_day
from server.console.desk import CaseId, Desk, to
from server.console.known_in_queue import Disguise, disguise, mixed_in, place_of_case
from server.procedure.words import CaseState
from server.queue import repository
from server.queue.filters import SITE_LENGTH_MAX, Age, Due, Filters, Place, Wanted, place_of, standing, wanted
from server.queue.groups import OPEN, STATES, UNTOLD, Group, is_blind
from server.queue.mixing import ahead, behind
from server.queue.repository import Pressing
from server.suspensions import repository as suspensions

PAGE: Final = "/console"


@dataclass(frozen=True, slots=True)
class Way:
    """Onwards or back in the queue: by a query, and among the few that are then known."""

    query: Callable[[Session, Wanted, Place | None, int], Case | None]
    choose: Callable[[Place | None, Iterable[Place]], Place | None]


ONWARDS: Final = Way(repository.behind, behind)
BACK: Final = Way(repository.ahead, ahead)
LINES: Final = 50
Q_LENGTH_MAX: Final = 80


def _or_none(value: object) -> object:
    return None if value == "" else value  # a form's field that nobody has filled in


Empty = BeforeValidator(_or_none)
Site = Annotated[str, Limit(max_length=SITE_LENGTH_MAX)]
Text = Annotated[str, Limit(max_length=Q_LENGTH_MAX)]
PlaceWord = Annotated[str, Limit(max_length=40)]


class Asked(BaseModel):
    """The address of the queue. ``q``: a case's number or an event's id; ``after``: the place of the page before."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    group: Annotated[Group | None, Empty] = None
    state: Annotated[CaseState | None, Empty] = None
    site: Annotated[Site | None, Empty] = None
    kind: Annotated[ViolationKind | None, Empty] = None
    age: Annotated[Age | None, Empty] = None
    due: Annotated[Due | None, Empty] = None
    q: Annotated[Text | None, Empty] = None
    after: Annotated[PlaceWord | None, Empty] = None

    @property
    def filters(self) -> Filters:
        """Return what is looked for; one state needs no group."""
        return Filters(None if self.state else self.group, self.state, self.site, self.kind, self.age, self.due)

    @property
    def place(self) -> Place | None:
        """Return behind which place."""
        return None if self.after is None else place_of(self.after)


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service = desk.service

    @console.get(PAGE)
    def queue(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        who = desk.visitor(request)
        with service.sessions.reading() as session:
            found = None if asked.q is None else repository.find(session, asked.q)
            if found is not None:
                return to(f"/console/cases/{found}")
            shown = _shown(session, desk, asked, who)
        page = desk.show(request, "queue.html", 200, who=who, **shown)
        desk.cookies.set_queue(page, asked.filters.address)
        return page

    @console.get("/console/cases/{case_id}/next")
    def next_case(request: Request, case_id: CaseId) -> Response:
        return _step(desk, request, case_id, ONWARDS)

    @console.get("/console/cases/{case_id}/previous")
    def previous_case(request: Request, case_id: CaseId) -> Response:
        return _step(desk, request, case_id, BACK)

    return console


def _step(desk: Desk, request: Request, case_id: int, way: Way) -> Response:
    """Lead from a case to another of the same queue, or back to the queue where there is none."""
    who = desk.visitor(request)
    kept = _kept(desk.cookies.queue(request))
    sought = wanted(kept.filters, who.name, who.may, desk.service.now_ms())
    with desk.service.sessions.reading() as session:
        left = cases.get(session, case_id)
        stood = _place(kept, left, sought.states)
        known = disguise(session, desk.service, who)
        sought = replace(sought, hidden=known.hidden)
        found = (way.query(session, sought, stood, case_id), known.among(sought))
    others = {place_of_case(case): case for case in found if case is not None and case.id != case_id}
    chosen = way.choose(stood, others)
    other = None if chosen is None else others[chosen]
    address = kept.filters.address
    if other is None:
        return to(f"{PAGE}?{address}" if address else PAGE)
    led = to(f"/console/cases/{other.id}")
    place = place_of_case(other)
    desk.cookies.set_queue(led, "&".join(filter(None, (address, f"after={place.word}"))))
    return led


def _kept(words: str | None) -> Asked:
    """Return what the cookie keeps; nothing for one that this page has not written."""
    try:
        return Asked.model_validate(dict(parse_qsl(words or "")))
    except (ValidationError, ValueError):
        return Asked()


def _place(kept: Asked, left: Case, states: tuple[CaseState, ...]) -> Place | None:
    """Return where a case stands in the queue, or stood when it was opened; None: nobody knows any more."""
    if kept.place is not None and kept.place.case_id == left.id:
        return kept.place
    return place_of_case(left) if left.state in states else None


def _shown(session: Session, desk: Desk, asked: Asked, who: Visitor) -> dict[str, object]:
    filters, blind, now_ms = asked.filters, is_blind(who.may), desk.service.now_ms()
    known = disguise(session, desk.service, who)
    sought = replace(wanted(filters, who.name, who.may, now_ms), hidden=known.hidden)
    rows = [] if asked.q else repository.page(session, sought, asked.place, LINES + 1)
    among = None if asked.q else known.among(sought)
    if among is not None:
        rows = mixed_in(rows, among, asked.place, LINES)
    more = place_of_case(rows[LINES - 1].case) if len(rows) > LINES else None
    by_state = repository.pressing(session, replace(sought, states=OPEN), now_ms, known.case)
    return {
        "rows": rows[:LINES],
        "more": more,
        "asked": asked,
        "filters": filters,
        "groups": {group: _sum(by_state, states) for group, states in STATES.items()},
        "states": [state for state in CaseState if not (blind and state is CaseState.SECOND_REVIEW)],
        "untold": UNTOLD if blind else (),
        "kinds": list(ViolationKind),
        "ages": list(Age),
        "dues": list(Due),
        "sites": cases.site_names(session),
        "standing": lambda due_ms: standing(due_ms, now_ms),
        "due_day": lambda due_ms: beijing_day(due_ms - 1),
        "suspended": suspensions.standing(session),
        "late": _late(session, known) if not filters.words and asked.after is None else (),
    }


def _late(session: Session, known: Disguise) -> list[FurtherReport]:
    """Return the reports that came after a rejection."""
    return [row for row in opening.after_rejection(session) if row.case_id not in known.hidden]


def _sum(by_state: dict[str, Pressing], states: tuple[CaseState, ...]) -> Pressing:
    found = [by_state[state] for state in states if state in by_state]
    return Pressing(sum(one.late for one in found), sum(one.today for one in found))
