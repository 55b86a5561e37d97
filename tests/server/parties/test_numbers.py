"""Numbers of documents and phones, as an officer types them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import WrongInputError
from server.parties.numbers import (
    DocumentKind,
    check_digit,
    holds_resident_id,
    masked,
    normal_document_number,
    normal_phone,
)

ID = DocumentKind.RESIDENT_ID


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("11010519491231002X", "11010519491231002X"),  # the standard's own example
        ("440524188001010014", "440524188001010014"),  # its second
        ("11010519491231002x", "11010519491231002X"),
        ("110105 19491231 002X", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
    ],
)
def test_a_resident_id_has_one_spelling(typed, number):
    assert normal_document_number(ID, typed) == number


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("11010519491231002", "found 17 characters"),
        ("110105194912310021", "check digit does not fit"),
        ("110105194913310029", "are no date"),
        ("110105199002300012", "are no date"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢٠", "found 18 characters"),
        ("01010519491231002X", "expected 17 digits"),
    ],
)
def test_what_is_wrong_with_a_resident_id_is_told_without_it(typed, told):
    with pytest.raises(WrongInputError, match=told) as error:
        normal_document_number(ID, typed)
    assert typed not in str(error.value)


@given(st.from_regex(r"[1-9][0-9]{5}19[0-9]{2}0[1-9]1[0-9][0-9]{3}", fullmatch=True), st.integers(0, 16), st.data())
def test_one_wrong_digit_is_always_noticed(digits, place, data):
    whole = digits + check_digit(digits)
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != whole[place]]))
    assert normal_document_number(ID, whole) == whole
    with pytest.raises(WrongInputError):
        normal_document_number(ID, whole[:place] + other + whole[place + 1 :])


@pytest.mark.parametrize(
    ("kind", "typed", "number"),
    [
        (DocumentKind.PASSPORT, "e 1234 5678", "E12345678"),
        (DocumentKind.HK_MACAO_PERMIT, "h12345678", "H12345678"),
        (DocumentKind.HK_MACAO_PERMIT, "12345678", None),
        (DocumentKind.TAIWAN_PERMIT, "12345678", "12345678"),
        (DocumentKind.TAIWAN_PERMIT, "1234567", None),
        (DocumentKind.PERMANENT_RESIDENT_ID, "FRA110062112021", "FRA110062112021"),
        (DocumentKind.OTHER, "ab", None),
    ],
)
def test_other_documents_have_a_shape(kind, typed, number):
    if number is not None:
        assert normal_document_number(kind, typed) == number
        return
    with pytest.raises(WrongInputError, match=kind):
        normal_document_number(kind, typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800000000", "13800000000"),
        ("+86 138-0000-0000", "13800000000"),
        ("010-69100000", "01069100000"),
        ("+4915112345678", "+4915112345678"),
        ("12345678901", None),
        ("138000", None),
        ("110", None),
    ],
)
def test_phones(typed, number):
    if number is not None:
        assert normal_phone(typed) == number
        return
    with pytest.raises(WrongInputError) as error:
        normal_phone(typed)
    assert typed not in str(error.value)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("party shows 11010519491231002X here", True),
        ("证件11010519491231002x。", True),
        ("110105194912310021", False),  # no such number
        ("case LK-0000123", False),
        ("911010519491231002X", False),
    ],
)
def test_a_text_with_a_resident_id_is_known(text, holds):
    assert holds_resident_id(text) is holds


def test_a_masked_number_shows_its_ends():
    assert masked("11010519491231002X") == "1101**********002X"
    assert masked("H12345678") == "H*******8"
