"""Which legal periods run on a case, until when, and whether they are over. Pure: moments in, clocks out.

A case's moments, the terms and the calendar say all of it; nothing is counted on from day to day. What has not happened
by now neither starts nor ends a clock; only the granted end of a pause is known beforehand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.civil_time import beijing_day, day_ends_ms
from server.law.calendar import Calendar
from server.law.moments import Moment
from server.law.terms import Consequence, Term, TermKey, Terms, Whose


class ClockState(StrEnum):
    """How a clock stands at the end of what is known."""

    RUNNING = "running"
    ALARM = "alarm"
    """Its last day is near."""
    DUE_TODAY = "due_today"
    LATE = "late"
    """Its last day is over, and it was not met by then: it stays late, also when it is met later (``met_ms``)."""
    MET = "met"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Clock:
    """One period as it runs, times in ms since the Unix epoch, ``due`` its last day in Beijing.

    ``due`` None: it is paused, and nobody has said until when. ``provisional``: ``due`` rests on a year whose holidays
    nobody has announced yet. ``met_ms`` None: nothing has ended it.
    """

    key: TermKey
    state: ClockState
    started_ms: int
    due: date | None
    provisional: bool
    met_ms: int | None
    term: Term

    @property
    def is_over(self) -> bool:
        """Tell whether its time is over and nothing has ended it: its consequence holds."""
        return self.state is ClockState.LATE and self.met_ms is None

    @property
    def still_counts(self) -> bool:
        """Tell whether it has a last day that somebody waits for. A party's time that is over has none any more."""
        return self.met_ms is None and self.due is not None and not (self.is_over and self.term.whose is Whose.PARTY)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a case now. ``moments`` has the future ends of pauses as well."""

    moments: Mapping[Moment, int]
    now_ms: int
    calendar: Calendar

    def at_ms(self, moment: Moment) -> int | None:
        """Return when something happened; None where it has not."""
        at_ms = self.moments.get(moment)
        return at_ms if at_ms is not None and at_ms <= self.now_ms else None


def clocks(moments: Mapping[Moment, int], terms: Terms, calendar: Calendar, now_ms: int) -> tuple[Clock, ...]:
    """Return the clocks of a case at an instant: what is due first comes first."""
    known = _Known(moments, now_ms, calendar)
    running = (_clock(term, started_ms, known) for term, started_ms in _started(terms, known))
    return tuple(sorted(running, key=lambda clock: (clock.due or date.max, clock.key)))


def next_due_ms(running: Iterable[Clock]) -> int | None:
    """Return the instant after which the earliest open clock is late, for a column that a queue is ordered by.

    It lies in the past where the police are late already. A party's time that is over is passed over, so a row whose
    column has gone by is to be reckoned anew, and no other row is.
    """
    return min((day_ends_ms(clock.due) for clock in running if clock.still_counts and clock.due), default=None)


def consequences(running: Iterable[Clock]) -> frozenset[Consequence]:
    """Return what follows from the clocks whose time is over."""
    return frozenset(clock.term.consequence for clock in running if clock.is_over)


def remedies_over(running: Iterable[Clock]) -> bool:
    """Tell whether the party's time for a remedy has run out: one is over, and none is still running."""
    remedies = [clock for clock in running if clock.term.consequence is Consequence.BARS_REMEDY]
    return any(clock.is_over for clock in remedies) and not any(clock.still_counts for clock in remedies)


def _started(terms: Terms, known: _Known) -> Iterable[tuple[Term, int]]:
    """Yield the terms that run, each with its start, in the version of the day on which it starts."""
    for term in terms.term:
        started_ms = known.at_ms(term.starts)
        if started_ms is None or not term.in_force(beijing_day(started_ms)):
            continue
        if all(known.at_ms(m) is not None for m in term.only_if) and all(known.at_ms(m) is None for m in term.unless):
            yield term, started_ms


def _clock(term: Term, started_ms: int, known: _Known) -> Clock:
    ended = [at_ms for moment in term.ends if (at_ms := known.at_ms(moment)) is not None and at_ms >= started_ms]
    met_ms = min(ended, default=None)
    pauses = list(_pauses(term, started_ms, known))
    paused_days = sum(
        term.paused_days(beijing_day(a), beijing_day(b), known.calendar) for a, b in pauses if b is not None
    )
    due = term.due(beijing_day(started_ms), known.calendar, paused_days)
    open_ended = met_ms is None and any(b is None for _, b in pauses)
    is_paused = any(b is None or known.now_ms < b for _, b in pauses)
    return Clock(
        key=term.key,
        state=_state(term, due.day, met_ms, known, is_paused=is_paused),
        started_ms=started_ms,
        due=None if open_ended else due.day,
        provisional=due.provisional,
        met_ms=met_ms,
        term=term,
    )


def _pauses(term: Term, started_ms: int, known: _Known) -> Iterable[tuple[int, int | None]]:
    """Yield the pauses of a clock: each began while it ran; what is granted too late pauses nothing."""
    start, paused_days = beijing_day(started_ms), 0
    for pause in sorted(term.pauses, key=lambda p: known.moments.get(p.begins, 0)):
        began_ms, ended_ms = known.at_ms(pause.begins), known.moments.get(pause.ends)
        if began_ms is None or began_ms < started_ms:
            continue
        if beijing_day(began_ms) > term.due(start, known.calendar, paused_days).day:
            continue
        if ended_ms is None or ended_ms < began_ms:
            yield began_ms, None
            continue
        paused_days += term.paused_days(beijing_day(began_ms), beijing_day(ended_ms), known.calendar)
        yield began_ms, ended_ms


def _state(term: Term, due: date, met_ms: int | None, known: _Known, *, is_paused: bool) -> ClockState:
    if met_ms is not None:
        return ClockState.MET if is_paused or beijing_day(met_ms) <= due else ClockState.LATE
    if is_paused:
        return ClockState.PAUSED
    today, before = beijing_day(known.now_ms), term.alarm_before_working_days
    if today >= due:
        return ClockState.DUE_TODAY if today == due else ClockState.LATE
    alarmed = before > 0 and today >= known.calendar.working_days_before(due, before).day
    return ClockState.ALARM if alarmed else ClockState.RUNNING
