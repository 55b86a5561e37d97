"""An identity as it is typed in: checked whole, shown to nobody; and the age that follows from it."""

import traceback
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import WrongInputError
from server.parties.identity import Identity, age_band, from_sealed_text, read_identity, sealed_text
from server.parties.numbers import DocumentKind
from server.procedure.words import AgeBand

TODAY = date(2026, 11, 25)
GOOD = {
    "name": "测试当事人",
    "document_kind": "resident_id",
    "document_number": "11010519491231002X",
    "phone": "13800000000",
    "address": "示例街 1 号",
}


def test_the_date_of_birth_comes_from_the_number():
    assert read_identity(GOOD, TODAY).date_of_birth == date(1949, 12, 31)


def test_an_identity_shows_itself_to_nobody():
    identity = read_identity(GOOD, TODAY)
    assert repr(identity) == str(identity) == f"{identity}" == "Identity(hidden)"


@given(
    st.builds(
        Identity,
        name=st.text(min_size=1),
        document_kind=st.none() | st.sampled_from(DocumentKind),
        document_number=st.none() | st.text(),
        date_of_birth=st.none() | st.dates(),
        phone=st.none() | st.text(),
        address=st.none() | st.text(),
    ).filter(lambda i: "\ud800" not in repr(i))
)
def test_what_goes_under_the_seal_comes_back(identity):
    assert from_sealed_text(sealed_text(identity)) == identity


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "name: expected one"),
        ({"name": "x" * 101}, "name: expected at most 100 characters, found 101"),
        ({"name": "张\u202e三"}, "name: expected one line of text, found control characters"),
        ({"document_number": ""}, "document_kind and document_number go together"),
        ({"document_kind": "library card"}, "document_kind: expected one of resident_id"),
        ({"date_of_birth": "1990-01-01"}, "date_of_birth: the resident id has another"),
        ({"date_of_birth": "31.12.1949"}, "date_of_birth: expected YYYY-MM-DD"),
        ({"document_kind": "passport", "document_number": "E1234567", "date_of_birth": "2030-01-01"}, "1900 to today"),
        ({"phone": "12"}, "phone: expected"),
        ({"colour": "red"}, "1 fields that no identity has"),
    ],
)
def test_what_is_wrong_is_told_by_its_field(changes, told):
    with pytest.raises(WrongInputError, match=told):
        read_identity(GOOD | changes, TODAY)


def test_every_problem_is_told_at_once_and_nothing_that_was_typed_in():
    typed = {"name": "", "document_kind": "resident_id", "document_number": "110105194912310021", "phone": "1234567"}
    with pytest.raises(WrongInputError) as error:
        read_identity(typed, TODAY)
    told = "".join(traceback.format_exception(error.value))
    assert str(error.value).count(";") == 2
    assert not [value for value in typed.values() if value[-5:] and value in told and value != "resident_id"]


@pytest.mark.parametrize(
    ("born", "day", "band"),
    [
        (date(2012, 11, 24), date(2026, 11, 25), AgeBand.MINOR_14_17),
        (date(2012, 11, 25), date(2026, 11, 25), AgeBand.UNDER_14),  # the 14th birthday itself: in doubt for the party
        (date(2008, 11, 25), date(2026, 11, 25), AgeBand.MINOR_14_17),
        (date(2008, 11, 24), date(2026, 11, 25), AgeBand.ADULT),
        (date(2012, 2, 29), date(2026, 2, 28), AgeBand.UNDER_14),
        (date(2012, 2, 29), date(2026, 3, 1), AgeBand.MINOR_14_17),
        (date(2027, 1, 1), date(2026, 11, 25), AgeBand.UNKNOWN),
        (None, date(2026, 11, 25), AgeBand.UNKNOWN),
    ],
)
def test_the_age_band_on_the_day_of_the_act(born, day, band):
    assert age_band(born, day) is band
