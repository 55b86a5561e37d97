"""What somebody looks for in the queue, as values and as the words of an address. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from contract.words import ViolationKind
from server.access.rights import Right
from server.civil_time import beijing_day, day_ends_ms
from server.procedure.words import CaseState
from server.queue.groups import STATES, Group, is_blind, told_apart, waiting_for

DAY_MS: Final = 86_400_000
SOON_DAYS: Final = 3
SITE_LENGTH_MAX: Final = 100
PLACE_LENGTH_MAX: Final = 34
UNDATED: Final = "u"


class Due(StrEnum):
    """When the earliest open period of a case ends. Soon: in the days after today."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"


class Age(StrEnum):
    """How long ago the act was."""

    WEEK = "week"
    MONTH = "month"
    OVER_MONTH = "over_month"
    OVER_QUARTER = "over_quarter"


Span = tuple[int | None, int | None]
"""From an instant on, to before another (ms); None: without an end."""
AGES: Final[Mapping[Age, Span]] = {
    Age.WEEK: (-7, None),
    Age.MONTH: (-30, None),
    Age.OVER_MONTH: (None, -30),
    Age.OVER_QUARTER: (None, -90),
}
"""From how many days before now, to how many."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; None: whichever. Without group and state: what waits for whoever looks."""

    group: Group | None = None
    state: CaseState | None = None
    site: str | None = None
    kind: ViolationKind | None = None
    age: Age | None = None
    due: Due | None = None

    @property
    def words(self) -> dict[str, str]:
        """Return what is set, as an address says it."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in given.items() if value is not None}

    @property
    def address(self) -> str:
        """Return it as the query of an address, "" for none."""
        return urlencode(self.words)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: ``states`` in any order, times in ms. ``viewer``: who must not be shown what they have a part in.

    ``hidden``: cases that look to them as another state's, and so stand in none of their own.
    """

    states: tuple[CaseState, ...]
    viewer: str
    site: str | None = None
    kind: ViolationKind | None = None
    entered: Span = (None, None)
    due: Span = (None, None)
    hidden: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue's order: when the earliest open period ends (ms), then the number.

    ``undated``: no period runs; then ``at_ms`` is when the act was, and it stands behind all that have one.
    """

    at_ms: int
    case_id: int
    undated: bool = False

    @property
    def word(self) -> str:
        """Return it as an address says it."""
        return f"{UNDATED if self.undated else ''}{self.at_ms}.{self.case_id}"


def place_of(word: str) -> Place | None:
    """Return the place of a word; None for a word that names none."""
    at, dot, case_id = word.removeprefix(UNDATED).partition(".")
    if len(word) > PLACE_LENGTH_MAX or not word.isascii() or not dot or not at.isdigit() or not case_id.isdigit():
        return None
    place = Place(int(at), int(case_id), word.startswith(UNDATED))
    return place if max(place.at_ms, place.case_id) < 2**53 else None


def place_at(due_ms: int | None, entered_ms: int, case_id: int) -> Place:
    """Return the place of a case."""
    return Place(entered_ms, case_id, undated=True) if due_ms is None else Place(due_ms, case_id)


def wanted(filters: Filters, viewer: str, may: Callable[[Right], bool], now_ms: int) -> Wanted:
    """Return which cases somebody is shown."""
    if filters.state is not None:
        states: tuple[CaseState, ...] = (filters.state,)
    elif filters.group is not None:
        states = STATES[filters.group]
    else:
        states = waiting_for(may)
    return Wanted(
        states=told_apart(states, blind=is_blind(may)),
        viewer=viewer,
        site=filters.site,
        kind=filters.kind,
        entered=_entered(filters.age, now_ms),
        due=due_span(filters.due, now_ms),
    )


def _entered(age: Age | None, now_ms: int) -> Span:
    first, last = (None, None) if age is None else AGES[age]
    return tuple(None if days is None else now_ms + days * DAY_MS for days in (first, last))  # type: ignore[return-value]


def due_span(due: Due | None, now_ms: int) -> Span:
    """Return between which instants a period ends. One that ends at midnight was due on the day before it."""
    today_ends = day_ends_ms(beijing_day(now_ms))
    spans: dict[Due, Span] = {
        Due.LATE: (None, now_ms + 1),
        Due.TODAY: (now_ms + 1, today_ends + 1),
        Due.SOON: (today_ends + 1, today_ends + SOON_DAYS * DAY_MS + 1),
    }
    return (None, None) if due is None else spans[due]


def takes(sought: Wanted, state: CaseState, site: str, kind: str, entered_ms: int, due_ms: int | None) -> bool:
    """Tell of one case whether it is looked for, as the queries tell it of all."""
    due_fits = sought.due == (None, None) if due_ms is None else _within(due_ms, sought.due)
    same = sought.site in {None, site} and sought.kind in {None, kind}
    return state in sought.states and same and _within(entered_ms, sought.entered) and due_fits


def _within(value: int, span: Span) -> bool:
    first, last = span
    return (first is None or first <= value) and (last is None or value < last)


def standing(due_ms: int, now_ms: int) -> Due | None:
    """Return how an end stands to now; None: it is further off."""
    for due in Due:
        if _within(due_ms, due_span(due, now_ms)):
            return due
    return None
