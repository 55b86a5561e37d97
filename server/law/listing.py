"""The law's data as Markdown tables: what docs/law.md shows, and what `lukou serve law` prints."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from server.law.entries import Dated
from server.law.law_book import LawBook
from server.law.limits import Limit, Measure
from server.law.moments import Moment
from server.law.periods import Period
from server.law.reading import Offence
from server.law.terms import Term, Unit

UNITS: Final = {
    Unit.SAME_DAY: "the same day",
    Unit.WORKING_DAYS: "{} working days",
    Unit.CALENDAR_DAYS: "{} days",
    Unit.MONTHS: "{} months",
    Unit.YEARS: "{} years",
}
MEASURES: Final = {
    Measure.FEN: "{} fen",
    Measure.PER_MILLE_OF_FINE_A_DAY: "{} ‰ of the fine a day",
    Measure.PER_CENT_OF_FINE: "{} % of the fine",
    Measure.PER_CENT_OF_CASES: "{} % of the cases",
    Measure.YEARS_OF_AGE: "{} years",
    Measure.MILLISECONDS: "{} ms",
    Measure.RECORDS: "{} records",
}
TERM_COLUMNS: Final = (
    "term", "name", "period", "from", "until", "runs where", "rolls", "alarm", "whose", "when it is over", "article",
    "in force", "verified",
)  # fmt: skip


def tables(book: LawBook) -> dict[str, str]:
    """Return a table for each kind of entry, by its file and table."""
    same_act = ("entry_s", "entry_m", "red_since_s", "one_camera_s", "one_camera_m", "ride_gap_s", "ride_m")
    return {
        "terms.toml": _table(TERM_COLUMNS, map(_term, book.terms.term)),
        "limits.toml": _table(("limit", "name", "value", "article", *DATED), map(_limit, book.limits.limit)),
        "offences.toml: offence": _table(
            ("code", "kind", "name", "fine, yuan", "at least", "at most", "articles", *DATED),
            map(_offence, book.offences.offence),
        ),
        "offences.toml: rejection": _table(
            ("reason", "zh", "en"), ((reason.key, reason.zh, reason.en) for reason in book.offences.rejection)
        ),
        "offences.toml: same_act": _table(
            (*same_act, *DATED),
            ((*(str(getattr(entry, name)) for name in same_act), *_dated(entry)) for entry in book.offences.same_act),
        ),
        "retention.toml": _table(("fate", "days", "source", *DATED), map(_period, book.retention.period)),
        "workdays.toml": _table(("day or year", "working", "source", "verified"), _workdays(book)),
    }


def not_verified(book: LawBook) -> str:
    """Return a sentence that names what is in force and has not been verified against the current text."""
    dated: tuple[Dated, ...] = (
        *book.terms.term, *book.limits.limit, *book.offences.offence, *book.offences.same_act, *book.retention.period,
    )  # fmt: skip
    open_ended = [entry for entry in dated if entry.valid_to is None]
    names = sorted({entry.identity or "same_act" for entry in open_ended if not entry.verified})
    told = ", ".join(names) or "none"
    return f"{len(open_ended)} entries are in force until further notice. Not verified: {told}."


DATED: Final = ("in force", "verified")


def _dated(entry: Dated) -> tuple[str, str]:
    return f"{entry.valid_from} to {entry.valid_to or ''}".strip(), _yes(truth=entry.verified)


def _term(term: Term) -> tuple[str, ...]:
    before = term.alarm_before_working_days
    return (
        term.key, f"{term.name_zh}<br>{term.name_en}", UNITS[term.unit].format(term.number), term.starts,
        _words(term.ends), _runs_where(term), _yes(truth=term.rolls_over_days_off), str(before or ""), term.whose,
        term.consequence, term.article, *_dated(term),
    )  # fmt: skip


def _runs_where(term: Term) -> str:
    pauses = [f"pauses {pause.begins} to {pause.ends}" for pause in term.pauses]
    only_if, unless = [f"{m} is known" for m in term.only_if], [f"{m} is not" for m in term.unless]
    return "; ".join((*only_if, *unless, *pauses))


def _limit(limit: Limit) -> tuple[str, ...]:
    value = MEASURES[limit.measure].format(limit.value)
    return limit.key, f"{limit.name_zh}<br>{limit.name_en}", value, limit.article, *_dated(limit)


def _offence(offence: Offence) -> tuple[str, ...]:
    fines = (offence.fine_fen, offence.fine_min_fen, offence.fine_max_fen)
    yuan = (f"{fen // 100}.{fen % 100:02}" for fen in fines)
    return offence.code, offence.kind, offence.name_zh, *yuan, offence.articles, *_dated(offence)


def _period(period: Period) -> tuple[str, ...]:
    return period.fate, "" if period.days is None else str(period.days), period.source, *_dated(period)


def _workdays(book: LawBook) -> Iterator[tuple[str, ...]]:
    for year in book.workdays.year:
        yield str(year.year), "all of it stands here", year.source, _yes(truth=year.verified)
    for day in book.workdays.day:
        yield str(day.day), _yes(truth=day.working), day.source, _yes(truth=day.verified)


def _words(moments: Iterable[Moment]) -> str:
    return ", ".join(moments)


def _yes(*, truth: bool) -> str:
    return "yes" if truth else "no"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (columns, ["---"] * len(columns), *rows)
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
