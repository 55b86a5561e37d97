"""Codes that people type, and proofs that only a key's holder can give."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contract.enrolment import CODE_LETTERS, EnrolmentRequest, asked, code_of, new_code, proven
from contract.identity import key_text

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
CODE = "7K3M-Q9TX-0001-ABCD"


def test_a_code_has_80_random_bits_and_no_letter_that_is_read_as_another():
    assert len(set(CODE_LETTERS)) == 32
    assert not set("ILOU") & set(CODE_LETTERS)
    made = {new_code() for _ in range(200)}
    assert len(made) == 200
    assert all(len(code) == 19 and code_of(code) == code for code in made)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7K3M-Q9TX-0001-ABCD", CODE),
        ("7k3m-q9tx-0001-abcd", CODE),
        ("7K3MQ9TX0001ABCD", CODE),
        (" 7K3M Q9TX 0001 ABCD ", CODE),
        ("7K3M-Q9TX-OooI-ABCD", CODE),
        ("7K3M-Q9TX-000l-ABCD", CODE),
        ("7K3M-Q9TX-0001-ABC", None),
        ("7K3M-Q9TX-0001-ABCDE", None),
        ("7K3M-Q9TX-0001-ABCU", None),
        ("7K3M-Q9TX-0001-ABC路", None),
        ("", None),
    ],
)
def test_what_a_person_types(typed, code):
    assert code_of(typed) == code


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_none(text):
    code = code_of(text)
    assert code is None or code_of(code) == code


def test_the_holder_of_a_key_can_prove_it():
    assert key_text(proven(asked(CODE, KEY))) == key_text(KEY.public_key())


@pytest.mark.parametrize(
    ("story", "changes"),
    [
        ("another's key", {"public_key": key_text(OTHER.public_key())}),
        ("another code", {"code": new_code()}),
        ("another's signature", {"proof": asked(CODE, OTHER).proof}),
        ("32 bytes that are no point", {"public_key": base64.b64encode(b"\x02" + b"\xff" * 31).decode()}),
    ],
)
def test_nobody_else_can(story, changes):
    assert proven(asked(CODE, KEY).model_copy(update=changes)) is None


@pytest.mark.parametrize(
    "changes", [{"code": "x"}, {"public_key": "x"}, {"proof": "x"}, {"more": 1}, {"code": CODE.lower()}, {"code": None}]
)
def test_what_is_no_request(changes):
    with pytest.raises(ValidationError):
        EnrolmentRequest.model_validate(asked(CODE, KEY).model_dump() | changes)
