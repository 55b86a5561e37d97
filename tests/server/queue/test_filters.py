"""What the address of a queue says, and between which instants its cases lie."""

from urllib.parse import parse_qsl

import pytest
from centre import NOW_MS
from hypothesis import given
from hypothesis import strategies as st

from contract.words import ViolationKind
from server.civil_time import beijing_day, day_ends_ms
from server.console.queue import Asked
from server.procedure.words import CaseState
from server.queue.filters import DAY_MS, Age, Due, Filters, Place, due_span, place_of, standing, wanted
from server.queue.groups import Group

TONIGHT_MS = day_ends_ms(beijing_day(NOW_MS))
CHOICES = st.builds(
    Filters,
    group=st.none() | st.sampled_from(Group),
    state=st.none(),
    site=st.none() | st.text("ab路-&=%", min_size=1, max_size=20),
    kind=st.none() | st.sampled_from(ViolationKind),
    age=st.none() | st.sampled_from(Age),
    due=st.none() | st.sampled_from(Due),
)


@given(CHOICES)
def test_an_address_says_what_it_was_made_of(filters):
    assert Asked.model_validate(dict(parse_qsl(filters.address))).filters == filters


@given(st.builds(Place, st.integers(0, 2**53 - 1), st.integers(0, 2**53 - 1), st.booleans()))
def test_a_place_is_read_as_it_was_written(place):
    assert place_of(place.word) == place


@pytest.mark.parametrize(
    "word",
    [
        "",
        ".",
        "1.",
        "-1.2",
        "1.2.3",
        "a.b",
        "1",
        "²..1",
        f"{2**53}.1",
        ".9007199254740992",
        "9" * 40,
        "u",
        "u1",
        "uu1.2",
        "1.u2",
    ],
)
def test_a_word_that_names_no_place(word):
    assert place_of(word) is None


@pytest.mark.parametrize(
    ("due_ms", "stands"),
    [
        (TONIGHT_MS - 40 * DAY_MS, Due.LATE),
        (TONIGHT_MS - DAY_MS, Due.LATE),  # its last day was yesterday
        (NOW_MS, Due.LATE),
        (TONIGHT_MS, Due.TODAY),
        (TONIGHT_MS + DAY_MS, Due.SOON),
        (TONIGHT_MS + 3 * DAY_MS, Due.SOON),
        (TONIGHT_MS + 4 * DAY_MS, None),
    ],
)
def test_how_an_end_stands_to_now(due_ms, stands):
    assert standing(due_ms, NOW_MS) is stands


@given(st.integers(NOW_MS - 10 * DAY_MS, NOW_MS + 10 * DAY_MS))
def test_no_end_stands_in_two_ways(due_ms):
    inside = [due for due in Due if (due_span(due, NOW_MS)[0] or 0) <= due_ms < due_span(due, NOW_MS)[1]]
    assert len(inside) <= 1


def test_a_state_stands_above_a_group_and_an_empty_field_is_none():
    asked = Asked.model_validate({"group": "review", "state": "court", "site": "", "due": ""})
    assert asked.filters == Filters(state=CaseState.COURT)
    assert wanted(asked.filters, "li", lambda _: True, NOW_MS).states == (CaseState.COURT,)


def test_the_age_of_an_act_bounds_when_it_was():
    found = wanted(Filters(age=Age.WEEK), "li", lambda _: True, NOW_MS).entered
    assert found == (NOW_MS - 7 * DAY_MS, None)
    assert wanted(Filters(age=Age.OVER_QUARTER), "li", lambda _: True, NOW_MS).entered == (None, NOW_MS - 90 * DAY_MS)
