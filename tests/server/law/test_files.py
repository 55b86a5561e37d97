"""The operator's folder over our data: one amount is corrected without copying the rest, and a slip stops the start."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.words import ViolationKind
from server.app import create_app
from server.errors import NotFoundError, SettingsProblemError
from server.law.entries import standing_over
from server.law.files import OURS, SIZE_MAX
from server.law.law_book import NAMES, read_law_book
from server.law.limits import LimitKey, Limits
from server.law.periods import Fate, Period
from server.law.reading import read_law
from server.law.retention import read_retention
from server.law.terms import TermKey, Terms
from server.settings import Settings

OURS_BOOK = read_law_book()
DAY = date(2026, 11, 25)
CASH = """
[[limit]]
key = "cash_on_the_spot_max"
name_zh = "当场收缴罚款上限"
name_en = "The most that an officer takes in cash on the spot"
value = {value}
measure = "fen"
article = "行政处罚法 68"
valid_from = {valid_from}
source = "支队法制科 2026-11"
verified = true
"""
TERM = """
[[term]]
key = "payment"
name_zh = "缴纳罚款"
name_en = "Paying a fine"
number = {number}
unit = "{unit}"
starts = "served"
ends = ["paid"]
pauses = {pauses}
rolls_over_days_off = false
alarm_before_working_days = 0
whose = "party"
consequence = "surcharge"
article = "行政处罚法 67"
valid_from = 2021-07-15
source = "支队法制科"
verified = true
"""
RIDER = """
[[offence]]
code = "2007"
kind = "rider_red_light"
name_zh = "非机动车不按交通信号灯通行"
name_en = "Rider crossing against the signal"
articles = "北京市非机动车管理条例"
fine_fen = 5000
fine_min_fen = 500
fine_max_fen = 5000
valid_from = 2026-07-01
valid_to = 2026-07-31
source = "支队法制科"
verified = true
"""


@pytest.fixture
def folder(tmp_path):
    """A folder of the operator's, written file by file."""

    def written(**files: str):
        for name, text in files.items():
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return written


def problems(folder) -> list[str]:
    with pytest.raises(SettingsProblemError) as told:
        read_law_book(folder)
    assert told.value.exit_status == 2
    return str(told.value).replace(f"{folder}/", "").splitlines()


def test_one_amount_is_corrected_and_nothing_else_changes(folder):
    book = read_law_book(folder(limits=CASH.format(value=5000, valid_from="2021-07-15")))
    changed = {key for key in LimitKey if book.limits.at(key, DAY) != OURS_BOOK.limits.at(key, DAY)}
    assert changed == {LimitKey.CASH_ON_THE_SPOT_MAX}
    assert book.limits.at(LimitKey.CASH_ON_THE_SPOT_MAX, DAY).value == 5000
    assert book.terms == OURS_BOOK.terms


@pytest.mark.parametrize(
    ("day", "value"), [("2026-12-31", 10000), ("2027-01-01", 5000), ("2040-01-01", 5000), ("2021-07-15", 10000)]
)
def test_an_entry_stands_over_ours_on_its_own_days(folder, day, value):
    book = read_law_book(folder(limits=CASH.format(value=5000, valid_from="2027-01-01")))
    assert book.limits.at(LimitKey.CASH_ON_THE_SPOT_MAX, date.fromisoformat(day)).value == value


@pytest.mark.parametrize(
    ("at_ms", "fine_fen"),
    [
        (1_782_835_199_000, 2000),  # 30 June 2026 23:59:59 in Beijing
        (1_782_835_200_000, 5000),  # 1 July
        (1_785_513_599_000, 5000),  # 31 July 23:59:59
        (1_785_513_600_000, 2000),  # 1 August: ours again
    ],
)
def test_offences_take_part(folder, at_ms, fine_fen):
    law = read_law(folder(offences=RIDER))
    assert law.offence_at(ViolationKind.RIDER_RED_LIGHT, at_ms).fine_fen == fine_fen
    assert law.offence_at(ViolationKind.WRONG_WAY, at_ms).fine_fen == 2000
    assert len(law.rejection) == 8


def test_a_reason_of_the_list_is_reworded_and_keeps_its_key(folder):
    law = read_law(folder(offences='[[rejection]]\nkey = "other"\nzh = "其他"\nen = "Anything else"\n'))
    assert law.rejection_reason("other").zh == "其他"
    assert len(law.rejection) == 8


def test_retention_takes_part(folder):
    decided = (
        '[[period]]\nfate = "decided"\ndays = 1825\nvalid_from = 2021-04-29\nsource = "档案办法"\nverified = true\n'
    )
    assert read_retention(folder(retention=decided)).at(1_780_000_000_000)[Fate.DECIDED].days == 1825


def test_working_days_take_part(folder):
    book = read_law_book(
        folder(workdays='[[day]]\nday = 2026-03-03\nworking = false\nsource = "市政府通知"\nverified = true\n')
    )
    assert not book.calendar.is_working(date(2026, 3, 3))
    assert book.calendar.is_working(date(2026, 3, 4))


def test_a_folder_without_files_changes_nothing(tmp_path):
    assert read_law_book(tmp_path) == OURS_BOOK


def test_our_own_files_may_be_copied_whole(folder):
    copies = {name.removesuffix(".toml"): (OURS / name).read_text(encoding="utf-8") for name in NAMES}
    book = read_law_book(folder(**copies))
    assert {entry.key: entry for entry in book.terms.term} == {entry.key: entry for entry in OURS_BOOK.terms.term}
    assert set(book.offences.offence) == set(OURS_BOOK.offences.offence)


SAME_DAY = CASH.format(value=5000, valid_from="2026-01-01") + CASH.format(value=6000, valid_from="2027-01-01")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"term": ""}, ["term.toml: expected one of offences.toml, retention.toml, terms.toml, limits.toml, workdays"]),
        ({"limits": "x ="}, ["limits.toml: expected a readable TOML file in UTF-8, found: Invalid value"]),
        ({"limits": "[[limits]]"}, ["limits.toml: expected the tables limit, found limits"]),
        ({"limits": "limit = 5"}, ["limits.toml: expected entries as [[limit]], found limit = 5"]),
        ({"limits": "limit = [5]"}, ["limits.toml: [[limit]] 1: Input should be a valid dictionary"]),
        (
            {"limits": CASH.format(value='"a lot"', valid_from="2027-01-01")},
            ["limits.toml: [[limit]] 1 (cash_on_the_spot_max): value: Input should be a valid integer, found 'a lot'"],
        ),
        (
            {"limits": CASH.format(value=1_000_000, valid_from="2027-01-01")},
            [
                "limits.toml: [[limit]] 1 (cash_on_the_spot_max): expected at most 20000 fen for"
                " cash_on_the_spot_max, found 1000000"
            ],
        ),
        (
            {"limits": CASH.format(value=5, valid_from="2027-01-01").replace('"fen"', '"records"')},
            [
                "limits.toml: [[limit]] 1 (cash_on_the_spot_max): expected measure fen for"
                " cash_on_the_spot_max, found records"
            ],
        ),
        (
            {"limits": SAME_DAY},
            ["limits.toml: [[limit]] cash_on_the_spot_max: expected one entry for a day, found 1 and 2"],
        ),
        (
            {"offences": RIDER.replace("valid_to = 2026-07-31", "valid_to = 2026-06-30")},
            [
                "offences.toml: [[offence]] 1 (rider_red_light): expected valid_to on or after valid_from"
                " (2026-07-01), found 2026-06-30"
            ],
        ),
        (
            {"terms": TERM.format(number=5, unit="same_day", pauses="[]")},
            ["terms.toml: [[term]] 1 (payment): expected number = 0 with same_day and 1 or more else, found 5 same"],
        ),
        (
            {"terms": TERM.format(number=0, unit="working_days", pauses="[]")},
            ["terms.toml: [[term]] 1 (payment): expected number = 0 with same_day and 1 or more else, found 0 working"],
        ),
        (
            {
                "terms": TERM.format(
                    number=0, unit="same_day", pauses='[{begins = "deferred", ends = "deferred_until"}]'
                )
            },
            ["terms.toml: [[term]] 1 (payment): expected no pauses with same_day"],
        ),
        (  # all problems of all files at once
            {
                "terms": '[[term]]\nkey = "paymnet"\n',
                "workdays": '[[day]]\nday = 2027-01-01\nworking = "no"\nsource = "x"\nverified = true\n',
            },
            [
                "terms.toml: [[term]] 1 (paymnet): valid_from: Field required",
                "terms.toml: [[term]] 1 (paymnet): key: Input should be 'device_filing', 'review'",
                "workdays.toml: [[day]] 1 (2027-01-01): working: Input should be a valid boolean, found",
            ],
        ),
    ],
)
def test_a_slip_is_told_with_its_place_and_what_was_expected_and_found(folder, files, told):
    lines = problems(folder(**files))
    for expected in told:
        assert any(line.startswith(expected) for line in lines), lines


def test_the_police_count_fifteen_days_as_working_days(folder):
    book = read_law_book(folder(terms=TERM.format(number=15, unit="working_days", pauses="[]")))
    # Served on Th 24 September 2026: 28, 29, 30 = 3; 8, 9, 10 (Sa, worked) October = 6; 12 to 16 = 11; 19 to 22 = 15.
    due = book.terms.at(TermKey.PAYMENT, date(2026, 9, 24)).due(date(2026, 9, 24), book.calendar)
    assert due.day == date(2026, 10, 22)


@pytest.mark.parametrize(("shape", "table"), [(Terms, "term"), (Limits, "limit")])
def test_data_without_a_key_is_no_data(shape, table):
    with pytest.raises(ValueError, match=f"expected a {table} for each key, found none for"):
        shape.model_validate({table: ()})


def test_a_folder_that_is_not_there_is_told(tmp_path):
    assert problems(tmp_path / "law") == [f"LUKOU_LAW_DIR: expected a folder, found none at {tmp_path / 'law'}"]


def test_a_file_that_is_no_table_of_law_is_told(folder):
    (line,) = problems(folder(limits="#" * (SIZE_MAX + 1)))
    assert line.endswith(f"found: a file of more than {SIZE_MAX} bytes")


def test_the_centre_does_not_start_with_a_slip(folder, tmp_path):
    settings = Settings(data_dir=tmp_path / "centre", law_dir=folder(limits="x ="))
    with pytest.raises(SettingsProblemError, match=r"limits\.toml"):
        create_app(settings, lambda: 0)
    assert not settings.data_dir.exists()


def test_a_day_before_the_law_has_no_limit():
    with pytest.raises(NotFoundError, match="no surcharge_rate for 1999-01-01"):
        OURS_BOOK.limits.at(LimitKey.SURCHARGE_RATE, date(1999, 1, 1))
    assert OURS_BOOK.terms.at(TermKey.REVIEW, date(1999, 1, 1)) is None


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))
ENDS = st.none() | DAYS


@st.composite
def spans(draw, sources):
    """Entries of one file: any fate, and no two of one fate on one day."""
    made: list[Period] = []
    for _ in range(draw(st.integers(0, 5))):
        first, last = draw(DAYS), draw(ENDS)
        if last is not None and last < first:
            first, last = last, first
        entry = Period(
            fate=draw(st.sampled_from((Fate.DECIDED, Fate.HELD))),
            days=draw(st.integers(30, 999)),
            valid_from=first,
            valid_to=last,
            source=sources,
            verified=False,
        )
        if not any(entry.meets(other) for other in made):
            made.append(entry)
    return made


@pytest.mark.parametrize(("first", "meet"), [("2026-07-30", True), ("2026-07-31", True), ("2026-08-01", False)])
def test_two_entries_of_one_file_may_not_share_a_day(folder, first, meet):
    # The first entry's last day is 31 July.
    twice = RIDER + RIDER.replace("2026-07-31", "2026-08-31").replace("2026-07-01", first)
    if meet:
        (line,) = problems(folder(offences=twice))
        assert line == "offences.toml: [[offence]] rider_red_light: expected one entry for a day, found 1 and 2"
    else:
        assert read_law_book(folder(offences=twice)).offences != OURS_BOOK.offences


@given(spans("ours"), spans("theirs"), DAYS.map(lambda day: day + timedelta(3)), st.sampled_from(Fate))
def test_on_every_day_the_operators_entry_holds_else_ours_and_never_two(ours, theirs, day, fate):
    def days_of(entries):
        return [(e.days, e.source) for e in entries if e.fate is fate and e.in_force(day)]

    assert days_of(standing_over(theirs, ours)) == (days_of(theirs) or days_of(ours))
