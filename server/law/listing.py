"""The law's data as Markdown tables: what docs/law.md shows, and what `lukou serve law` prints."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from server.law.entries import Dated
from server.law.law_book import LawBook
from server.law.limits import Limit, Measure
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
    Measure.VERDICTS: "{} verdicts",
    Measure.PER_CENT_OF_VERDICTS: "{} % of the verdicts",
    Measure.WORKING_DAYS: "{} working days",
}
TERM_COLUMNS: Final = ("term", "name", "period", "from", "until", "but", "rolls", "alarm", "whose", "when it is over")
DATED: Final = ("source", "in force", "verified")


def tables(book: LawBook) -> dict[str, str]:
    """Return a table for each kind of entry, by its file and table."""
    same_act = ("entry_s", "entry_m", "red_since_s", "one_camera_s", "one_camera_m", "ride_gap_s", "ride_m")
    return {
        "terms.toml": _table(TERM_COLUMNS, map(_term, book.terms.term)),
        "terms.toml: where each stands": _table(
            ("term", "article", *DATED), ((term.key, term.article, *_dated(term)) for term in book.terms.term)
        ),
        "limits.toml": _table(("limit", "name", "value", "article", *DATED), map(_limit, book.limits.limit)),
        "offences.toml: offence": _table(
            ("code", "kind", "name", "fine, yuan", "at least", "at most", "articles", *DATED),
            map(_offence, book.offences.offence),
        ),
        "offences.toml: rejection": _table(
            ("reason", "zh", "en", "against the record"),
            (
                (reason.key, reason.zh, reason.en, _yes(truth=reason.against_record))
                for reason in book.offences.rejection
            ),
        ),
        "offences.toml: same_act": _table(
            (*same_act, *DATED),
            ((*(str(getattr(entry, name)) for name in same_act), *_dated(entry)) for entry in book.offences.same_act),
        ),
        "retention.toml": _table(("fate", "days", *DATED), map(_period, book.retention.period)),
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


def _dated(entry: Dated) -> tuple[str, ...]:
    until = f" to {entry.valid_to}" if entry.valid_to else ""
    return entry.source, f"from {entry.valid_from}{until}", _yes(truth=entry.verified)


def _term(term: Term) -> tuple[str, ...]:
    before = term.alarm_before_working_days
    return (
        term.key, f"{term.name_zh}<br>{term.name_en}", UNITS[term.unit].format(term.number), term.starts,
        ", ".join(term.ends), _but(term), _yes(truth=term.rolls_over_days_off), str(before or ""), term.whose,
        term.consequence,
    )  # fmt: skip


def _but(term: Term) -> str:
    only_if, unless = [f"only if {m}" for m in term.only_if], [f"not if {m}" for m in term.unless]
    pauses = [f"stands still from {pause.begins} to {pause.ends}" for pause in term.pauses]
    return "; ".join((*only_if, *unless, *pauses))


def _limit(limit: Limit) -> tuple[str, ...]:
    value = MEASURES[limit.measure].format(limit.value)
    return limit.key, f"{limit.name_zh}<br>{limit.name_en}", value, limit.article, *_dated(limit)


def _offence(offence: Offence) -> tuple[str, ...]:
    fines = (offence.fine_fen, offence.fine_min_fen, offence.fine_max_fen)
    yuan = (f"{fen // 100}.{fen % 100:02}" for fen in fines)
    return offence.code, offence.kind, offence.name_zh, *yuan, offence.articles, *_dated(offence)


def _period(period: Period) -> tuple[str, ...]:
    return period.fate, "" if period.days is None else str(period.days), *_dated(period)


def _workdays(book: LawBook) -> Iterator[tuple[str, ...]]:
    for year in book.workdays.year:
        yield str(year.year), "all of it stands here", year.source, _yes(truth=year.verified)
    for day in book.workdays.day:
        yield str(day.day), _yes(truth=day.working), day.source, _yes(truth=day.verified)


def _yes(*, truth: bool) -> str:
    return "yes" if truth else "no"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (columns, ["---"] * len(columns), *rows)
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
