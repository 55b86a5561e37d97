"""The payment reference and the proof's text: a slip of the pen pays no other case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ledger.proofs import InclusionProof, ProofError, read_proof
from server.ledger.references import case_of, cases_in, grouped, payment_reference

CASES = st.integers(1, 10**10 - 1)


@pytest.mark.parametrize(
    ("case_id", "printed"),
    # by hand: 98 - (100 * case mod 97)
    [(1, "0000 0000 0195"), (12, "0000 0000 1262"), (97, "0000 0000 9798"), (9_999_999_999, "9999 9999 9951")],
)
def test_printed(case_id, printed):
    assert grouped(payment_reference(case_id)) == printed
    assert int(payment_reference(case_id)) % 97 == 1  # ISO 7064


@pytest.mark.parametrize(
    ("remark", "cases"),
    [
        ("000000001262", {12}),
        ("罚款 0000 0000 1262 张三", {12}),
        ("交通罚款：００００００００１２６２", {12}),
        ("0000-0000-1262", {12}),
        ("000000001262 和 000000000195", {1, 12}),
        ("000000001263", set()),
        ("1000000001262", set()),
        ("张三", set()),
        ("", set()),
    ],
)
def test_found_in_a_remark(remark, cases):
    assert cases_in(remark) == cases


@given(CASES)
def test_there_and_back(case_id):
    assert case_of(payment_reference(case_id)) == case_id
    assert cases_in(f"x{grouped(payment_reference(case_id))}，") == {case_id}


@given(CASES, st.integers(0, 11), st.integers(0, 9))
def test_a_wrong_digit_is_found(case_id, place, digit):
    right = payment_reference(case_id)
    wrong = right[:place] + str(digit) + right[place + 1 :]
    assert case_of(wrong) == (case_id if wrong == right else None)


@given(CASES, st.integers(0, 10))
def test_exchanged_neighbours_are_found(case_id, place):
    right = payment_reference(case_id)
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert case_of(wrong) == (case_id if wrong == right else None)


def test_no_case_has_no_reference():
    for case_id in (0, 10**10):
        with pytest.raises(ValueError, match="case's number"):
            payment_reference(case_id)


@given(st.integers(1, 2**53), st.integers(1, 2**53), st.lists(st.binary(min_size=32, max_size=32), max_size=60))
def test_the_text_of_a_proof_there_and_back(number, size, path):
    proof = InclusionProof(number, size, b"h" * 32, tuple(path))
    assert read_proof(proof.text()) == proof


@pytest.mark.parametrize("text", ["", "AQ", "A" * 4001, "说明", "AQ==", "Ag" + "A" * 64])
def test_what_is_no_proof_is_told(text):
    with pytest.raises(ProofError, match="expected"):
        read_proof(text)


def test_a_proof_of_the_wrong_length_leads_nowhere():
    with pytest.raises(ProofError, match="not whole"):
        InclusionProof(1, 8, b"h" * 32, ()).root()
