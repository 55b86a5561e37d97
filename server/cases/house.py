"""What the operator and the law have decided beforehand, as one value: the law's data, demonstration, fining codes."""

from dataclasses import dataclass

from server.civil_time import beijing_day
from server.law.calendar import Calendar
from server.law.law_book import LawBook
from server.law.limits import LimitKey
from server.law.reading import Law, Offence
from server.law.terms import Terms


@dataclass(frozen=True, slots=True)
class House:
    """``salt`` is the centre's secret: nobody can tell beforehand which cases are looked at twice."""

    book: LawBook
    demonstration: bool
    fining_codes: tuple[str, ...]
    salt: str

    @property
    def law(self) -> Law:
        """Return the offences and the lists of reasons."""
        return self.book.offences

    @property
    def terms(self) -> Terms:
        """Return the periods."""
        return self.book.terms

    @property
    def calendar(self) -> Calendar:
        """Return the working days."""
        return self.book.calendar

    def limit(self, key: LimitKey, at_ms: int) -> int:
        """Return a limit as it is at an instant. Raises NotFoundError for a day without it."""
        return self.book.limits.at(key, beijing_day(at_ms)).value

    def fining_on(self, offence: Offence) -> bool:
        """Tell whether the operator has switched fining on for this code."""
        return offence.code in self.fining_codes
