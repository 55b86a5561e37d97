"""The code of a party's page: whatever is not the case's own is refused, and what was printed stays good."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server.own_page.codes import GROUP, LENGTH, LETTERS, case_id_of, code_of, is_code
from server.secrets_box import SecretsBox

CASES = st.integers(1, 2**53 - 1)


@pytest.fixture(scope="module")
def box(tmp_path_factory) -> SecretsBox:
    return SecretsBox(tmp_path_factory.mktemp("box") / "secrets-key.txt")


@given(case_id=CASES)
def test_a_code_is_the_cases_own_in_groups_of_letters_that_nobody_mixes_up(box, case_id):
    code = code_of(box, case_id)
    assert [len(group) for group in code.split("-")] == [GROUP] * (LENGTH // GROUP)
    assert set(code.replace("-", "")) <= set(LETTERS)
    assert not set(LETTERS) & set("0O1IL")
    assert code == code_of(box, case_id)
    assert is_code(box, case_id, code)


@given(first=CASES, second=CASES)
def test_no_two_cases_share_a_code(box, first, second):
    assume(first != second)
    assert code_of(box, first) != code_of(box, second)
    assert not is_code(box, second, code_of(box, first))


@given(case_id=CASES, place=st.integers(0, LENGTH - 1), letter=st.sampled_from(LETTERS))
def test_one_wrong_letter_opens_nothing(box, case_id, place, letter):
    plain = code_of(box, case_id).replace("-", "")
    assume(plain[place] != letter)
    assert not is_code(box, case_id, plain[:place] + letter + plain[place + 1 :])


@given(case_id=CASES, typed=st.text(max_size=80))
def test_whatever_is_typed_opens_nothing_and_breaks_nothing(box, case_id, typed):
    assert not is_code(box, case_id, typed)
    case_id_of(typed)


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f"  {code}\t",
        lambda code: code.replace("-", "—"),  # what a phone's keyboard makes of two hyphens
        lambda code: "".join(chr(ord(letter) + 0xFEE0) for letter in code),  # full width
    ],
)
def test_how_it_is_typed_does_not_matter(box, typed):
    assert is_code(box, 7, typed(code_of(box, 7)))


@pytest.mark.parametrize("typed", ["", "-", "7KQM", "7KQM-2XWD", "é" * 12, "x" * 5000])
def test_half_a_code_is_none(box, typed):
    assert not is_code(box, 7, typed)


def test_a_printed_code_stays_good_when_the_keys_are_turned_over_and_ends_with_its_key(tmp_path):
    box = SecretsBox(tmp_path / "secrets-key.txt")
    printed = code_of(box, 1)
    box.add_key()
    assert code_of(box, 1) != printed
    assert is_code(box, 1, printed)
    assert is_code(box, 1, code_of(box, 1))
    assert not is_code(box, 2, printed)
    box.forget_all_but_newest()
    assert not is_code(box, 1, printed)


@pytest.mark.parametrize(
    ("typed", "case_id"),
    [
        ("LK-0000001", 1),
        ("lk-0000012", 12),
        ("ＬＫ－０００００１２", 12),
        (" LK 0000012 ", 12),
        ("12", 12),
        ("LK-", None),
        ("LK-12a", None),
        ("-12-", 12),
        ("", None),
        ("12; DROP TABLE", None),
        ("²", 2),
        ("9" * 16, None),
    ],
)
def test_a_number_is_read_as_it_is_typed(typed, case_id):
    assert case_id_of(typed) == case_id
