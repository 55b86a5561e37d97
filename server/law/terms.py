"""The periods of the law: the shape of terms.toml, and on which day a period ends. Pure."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from server.law.calendar import Calendar, Due, add_days, add_months, add_years
from server.law.entries import Dated
from server.law.moments import Moment


class TermKey(StrEnum):
    """Each period by its name."""

    DEVICE_FILING = "device_filing"
    REVIEW = "review"
    DELETION = "deletion"
    QUERY = "query"
    NOTICE = "notice"
    COMING_IN = "coming_in"
    COPY_ON_FILE = "copy_on_file"
    TWO_YEARS = "two_years"
    DECISION = "decision"
    SERVICE = "service"
    PUBLIC_NOTICE = "public_notice"
    PAYMENT = "payment"
    CASH_TO_UNIT = "cash_to_unit"
    CASH_TO_BANK = "cash_to_bank"
    OBJECTION_FORWARDING = "objection_forwarding"
    OBJECTION_ANSWER = "objection_answer"
    RECONSIDERATION = "reconsideration"
    COURT = "court"
    COURT_AFTER_RECONSIDERATION = "court_after_reconsideration"
    WITHDRAWAL = "withdrawal"
    FIVE_RECORDS = "five_records"


class Unit(StrEnum):
    """What a period is counted in."""

    SAME_DAY = "same_day"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    YEARS = "years"


class Whose(StrEnum):
    """Whose time it is: the police's duty is late when it is over, the party's right or duty has run out."""

    POLICE = "police"
    PARTY = "party"


class Consequence(StrEnum):
    """What follows when a period is over and nothing has ended it."""

    ALARM = "alarm"
    """The police are late: it is shown until it is done."""
    BARS_FINE = "bars_fine"
    """No penalty may be imposed any more."""
    ENDS_HEARING = "ends_hearing"
    """The party has had its time to be heard."""
    BARS_REMEDY = "bars_remedy"
    """This remedy is closed."""
    SURCHARGE = "surcharge"
    """The fine is overdue: the surcharge may run."""
    DEEMS_SERVED = "deems_served"
    """The decision counts as served."""
    ALLOWS_WITHHOLDING = "allows_withholding"
    """Withholding the vehicle licence may be proposed to an officer."""


class Pause(BaseModel):
    """A time that is not counted, from one moment to another."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    begins: Moment
    ends: Moment


class Term(Dated):
    """One period over one span of dates; the span that holds the day of its start governs it to its end.

    It runs from ``starts`` to the first of ``ends``, where all of ``only_if`` and none of ``unless`` are known.
    ``number`` is of ``unit``; ``alarm_before_working_days`` 0: no alarm before the last day. ``rolls_over_days_off``:
    a last day that is a day off makes way for the next working day; for working days and the same day it says nothing.
    """

    identified_by: ClassVar[str] = "key"
    key: TermKey
    name_zh: str
    name_en: str
    number: Annotated[int, Field(strict=True, ge=0, le=1000)]
    unit: Unit
    starts: Moment
    ends: Annotated[tuple[Moment, ...], Field(min_length=1)]
    only_if: tuple[Moment, ...] = ()
    unless: tuple[Moment, ...] = ()
    pauses: tuple[Pause, ...] = ()
    rolls_over_days_off: bool
    alarm_before_working_days: Annotated[int, Field(strict=True, ge=0, le=100)]
    whose: Whose
    consequence: Consequence
    article: Annotated[str, Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _number_fits_its_unit(self) -> Self:
        if (self.number == 0) is not (self.unit is Unit.SAME_DAY):
            raise ValueError(f"expected number = 0 with same_day and 1 or more else, found {self.number} {self.unit}")
        if self.pauses and self.unit is Unit.SAME_DAY:
            raise ValueError("expected no pauses with same_day")
        return self

    def due(self, start: date, calendar: Calendar, paused_days: int = 0) -> Due:
        """Return the last day of a period that starts on a day, which itself is not counted.

        ``paused_days``: so many of the term's days (working days, or any days) are not counted.
        """
        if self.unit is Unit.WORKING_DAYS:
            return calendar.add_working_days(start, self.number + paused_days)
        last = add_days(self._last_day(start), paused_days)
        rolls = self.rolls_over_days_off and self.unit is not Unit.SAME_DAY
        return calendar.next_working_day(last) if rolls else Due(last, provisional=False)

    def paused_days(self, began: date, ended: date, calendar: Calendar) -> int:
        """Return how many of the term's days a pause takes out: those after its first day, up to its last."""
        if self.unit is Unit.WORKING_DAYS:
            return calendar.count_working_days(began, ended)
        return max((ended - began).days, 0)

    def _last_day(self, start: date) -> date:
        match self.unit:
            case Unit.MONTHS:
                return add_months(start, self.number)
            case Unit.YEARS:
                return add_years(start, self.number)
            case _:
                return add_days(start, self.number)


class Terms(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    term: tuple[Term, ...]

    @model_validator(mode="after")
    def _all_there(self) -> Self:
        missing = set(TermKey) - {term.key for term in self.term}
        if missing:
            raise ValueError(f"expected a term for each key, found none for {', '.join(sorted(missing))}")
        return self

    def at(self, key: TermKey, day: date) -> Term | None:
        """Return the period as it is for a start on a day; None where the data has none for it."""
        return next((term for term in self.term if term.key is key and term.in_force(day)), None)
