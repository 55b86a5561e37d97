"""Working days by China's real calendar: holidays and make-up workdays, and an operator's table over them. Pure.

`chinesecalendar` knows the State Council's notices of 2004 to 2026. A day that neither it nor the table knows is judged
by its weekday, and every answer that rests on such a day says so (``provisional``).

The day on which a period starts is not counted; the last day, where it is a day off, makes way for the first working
day after it: 公安机关办理行政案件程序规定 (2019) art. 35, to which 道路交通安全违法行为处理程序规定 art. 80
refers; 民法典 arts 201 to 203 say the same, and what a month is.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from chinese_calendar import is_workday

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A period's last day. ``provisional``: it rests on a day off or a workday that nobody has announced yet."""

    day: date
    provisional: bool


@lru_cache(maxsize=16_384)  # the package finds its years anew for every day that it is asked for
def _announced(day: date) -> bool | None:
    """Tell whether the State Council's notice has a day as a workday; None: the package has none for its year."""
    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return None


@dataclass(frozen=True, slots=True)
class Calendar:
    """``days``: the table, working or not; ``whole_years``: of these years every day that differs is in the table."""

    days: Mapping[date, bool] = field(default_factory=dict)
    whole_years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on a day; where nobody has announced it, whether it is Monday to Friday."""
        if day in self.days:
            return self.days[day]
        announced = None if day.year in self.whole_years else _announced(day)
        return day.weekday() < 5 if announced is None else announced

    def knows(self, day: date) -> bool:
        """Tell whether the table or the package has a day."""
        return day in self.days or day.year in self.whole_years or _announced(day) is not None

    def next_working_day(self, day: date) -> Due:
        """Return the day itself where it is a working day, else the first one after it."""
        provisional = not self.knows(day)
        while not self.is_working(day):
            day += DAY
            provisional = provisional or not self.knows(day)
        return Due(day, provisional)

    def add_working_days(self, day: date, count: int) -> Due:
        """Return the ``count``-th working day after a day. Raises ValueError where ``count`` is less than 1."""
        return self._walk(day, count, DAY)

    def working_days_before(self, day: date, count: int) -> Due:
        """Return the ``count``-th working day before a day. Raises ValueError where ``count`` is less than 1."""
        return self._walk(day, count, -DAY)

    def count_working_days(self, after: date, last: date) -> int:
        """Return how many working days lie after a day, up to and with the last."""
        return sum(self.is_working(day) for day in _days(after, last))

    def _walk(self, day: date, count: int, step: timedelta) -> Due:
        if count < 1:
            raise ValueError(f"expected one working day or more, found {count}")
        provisional = False
        while count:
            day += step
            provisional = provisional or not self.knows(day)
            count -= self.is_working(day)
        return Due(day, provisional)


def _days(after: date, last: date) -> Iterator[date]:
    return (after + DAY * number for number in range(1, (last - after).days + 1))


def add_days(day: date, count: int) -> date:
    """Return the ``count``-th day after a day."""
    return day + DAY * count


def add_months(day: date, count: int) -> date:
    """Return the same day some months on; where that month has none, its last day (民法典 art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, count: int) -> date:
    """Return the same day some years on; 29 February becomes the 28th where the year has none."""
    return add_months(day, count * 12)
