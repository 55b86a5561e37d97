"""Amounts, ages, shares and counts of the law: the shape of limits.toml. Pure."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from server.errors import NotFoundError
from server.law.entries import Dated


class LimitKey(StrEnum):
    """Each limit by its name."""

    SURCHARGE_RATE = "surcharge_rate"
    SURCHARGE_CAP = "surcharge_cap"
    CASH_ON_THE_SPOT_MAX = "cash_on_the_spot_max"
    SIMPLE_PROCEDURE_MAX = "simple_procedure_max"
    FINED_FROM_AGE = "fined_from_age"
    ADULT_FROM_AGE = "adult_from_age"
    VIEWING_TIME_MIN = "viewing_time_min"
    SECOND_REVIEW_SHARE = "second_review_share"
    WITHHOLDING_RECORDS = "withholding_records"
    SPIKE_VERDICTS = "spike_verdicts"
    SPIKE_REJECTED_MAX = "spike_rejected_max"
    KNOWN_ANSWER_SHARE = "known_answer_share"
    CARE_FIGURE_MIN = "care_figure_min"
    DEMAND_WAIT = "demand_wait"


class Measure(StrEnum):
    """What a limit's value counts."""

    FEN = "fen"
    PER_MILLE_OF_FINE_A_DAY = "per_mille_of_fine_a_day"
    PER_CENT_OF_FINE = "per_cent_of_fine"
    PER_CENT_OF_CASES = "per_cent_of_cases"
    YEARS_OF_AGE = "years_of_age"
    MILLISECONDS = "milliseconds"
    RECORDS = "records"
    VERDICTS = "verdicts"
    PER_CENT_OF_VERDICTS = "per_cent_of_verdicts"
    WORKING_DAYS = "working_days"


MEASURES: Final = {
    LimitKey.SURCHARGE_RATE: (Measure.PER_MILLE_OF_FINE_A_DAY, 30),
    LimitKey.SURCHARGE_CAP: (Measure.PER_CENT_OF_FINE, 100),
    LimitKey.CASH_ON_THE_SPOT_MAX: (Measure.FEN, 20_000),
    LimitKey.SIMPLE_PROCEDURE_MAX: (Measure.FEN, 20_000),
    LimitKey.FINED_FROM_AGE: (Measure.YEARS_OF_AGE, 18),
    LimitKey.ADULT_FROM_AGE: (Measure.YEARS_OF_AGE, 18),
    LimitKey.VIEWING_TIME_MIN: (Measure.MILLISECONDS, 600_000),
    LimitKey.SECOND_REVIEW_SHARE: (Measure.PER_CENT_OF_CASES, 100),
    LimitKey.WITHHOLDING_RECORDS: (Measure.RECORDS, 1000),
    LimitKey.SPIKE_VERDICTS: (Measure.VERDICTS, 200),
    LimitKey.SPIKE_REJECTED_MAX: (Measure.VERDICTS, 200),
    LimitKey.KNOWN_ANSWER_SHARE: (Measure.PER_CENT_OF_VERDICTS, 20),
    LimitKey.CARE_FIGURE_MIN: (Measure.VERDICTS, 1000),
    LimitKey.DEMAND_WAIT: (Measure.WORKING_DAYS, 60),
}
"""What each limit counts, and the most that a file may say: a slip of a zero must not reach a party."""


class Limit(Dated):
    """One limit over one span of dates."""

    identified_by: ClassVar[str] = "key"
    key: LimitKey
    name_zh: str
    name_en: str
    value: Annotated[int, Field(strict=True, ge=0)]
    measure: Measure
    article: Annotated[str, Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _measured_as_it_must(self) -> Self:
        measure, most = MEASURES[self.key]
        if self.measure is not measure:
            raise ValueError(f"expected measure {measure} for {self.key}, found {self.measure}")
        if self.value > most:
            raise ValueError(f"expected at most {most} {measure} for {self.key}, found {self.value}")
        return self


class Limits(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    limit: tuple[Limit, ...]

    @model_validator(mode="after")
    def _all_there(self) -> Self:
        missing = set(LimitKey) - {limit.key for limit in self.limit}
        if missing:
            raise ValueError(f"expected a limit for each key, found none for {', '.join(sorted(missing))}")
        return self

    def at(self, key: LimitKey, day: date) -> Limit:
        """Return a limit as it is on a day. Raises NotFoundError for a day without it."""
        for limit in self.limit:
            if limit.key is key and limit.in_force(day):
                return limit
        raise NotFoundError(f"the law's data has no {key} for {day}")
