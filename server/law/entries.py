"""One entry of the law's data, and how an operator's entries stand over ours. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, ClassVar, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

DAY = timedelta(days=1)


class Entry(BaseModel):
    """An entry. Two entries of one ``identity`` speak of the same thing; ``""``: the table holds one thing alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    identified_by: ClassVar[str] = "key"

    @property
    def identity(self) -> str:
        """Return what the entry speaks of."""
        return str(getattr(self, self.identified_by)) if self.identified_by else ""

    def meets(self, other: Self) -> bool:
        """Tell whether both speak of the same thing (``Dated``: on the same day)."""
        return self.identity == other.identity

    def under(self, other: Self) -> Iterator[Self]:
        """Yield what is left of this entry where another stands over it: of one without dates, nothing."""
        if not self.meets(other):
            yield self


class Sourced(Entry):
    """An entry that says where it comes from, and whether that has been verified against the current text."""

    source: Annotated[str, Field(min_length=1, max_length=1000)]
    verified: StrictBool


class Dated(Sourced):
    """An entry that holds over a span of dates, both days counted. ``valid_to`` None: until further notice."""

    valid_from: date
    valid_to: date | None = None

    @model_validator(mode="after")
    def _span_is_ordered(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"expected valid_to on or after valid_from ({self.valid_from}), found {self.valid_to}")
        return self

    def in_force(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def meets(self, other: Self) -> bool:
        """Tell whether both speak of the same thing on the same day."""
        first, last = max(self.valid_from, other.valid_from), min(self._last, other._last)
        return self.identity == other.identity and first <= last

    def under(self, other: Self) -> Iterator[Self]:
        """Yield what is left of this entry where another stands over it: the days before, and the days after."""
        if not self.meets(other):
            yield self
            return
        if self.valid_from < other.valid_from:
            yield self.model_copy(update={"valid_to": other.valid_from - DAY})
        if other.valid_to is not None and other.valid_to < self._last:
            yield self.model_copy(update={"valid_from": other.valid_to + DAY})

    @property
    def _last(self) -> date:
        return self.valid_to or date.max


E = TypeVar("E", bound=Entry)


def standing_over(theirs: Sequence[E], ours: Sequence[E]) -> tuple[E, ...]:
    """Return the operator's entries, and what is left of ours beside them, in our order."""
    left: Iterable[E] = ours
    for other in theirs:
        left = [piece for entry in left for piece in entry.under(other)]
    return (*left, *theirs)


def twice(entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """Yield the places (from 0) of two entries of one file that speak of the same thing on the same day."""
    places: dict[str, list[int]] = {}
    for later, entry in enumerate(entries):
        alike = places.setdefault(entry.identity, [])
        yield from ((earlier, later) for earlier in alike if entries[earlier].meets(entry))
        alike.append(later)
