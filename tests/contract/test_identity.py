"""What both sides write of a key: the same whichever side writes it, and of the key alone."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from contract.identity import PublicKey, chain_of, fingerprint, key_of, key_text

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_read_as_it_was_written_and_its_text_is_one_of_the_messages(seed):
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    assert key_of(TypeAdapter(PublicKey).validate_python(key_text(key))) == key


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(key_text(KEY.public_key())[:-1], id="no padding"),
        pytest.param(key_text(KEY.public_key()).replace("A", "-"), id="another alphabet"),
        pytest.param(base64.b64encode(bytes(31)).decode(), id="31 bytes"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_key(text):
    with pytest.raises(ValueError):  # noqa: PT011 - base64's and cryptography's own words
        key_of(text)


def test_a_fingerprint_is_of_the_key_alone():
    shown = fingerprint(KEY.public_key())
    assert len(shown) == 39
    assert shown == fingerprint(key_of(key_text(KEY.public_key()))) != fingerprint(OTHER.public_key())


def test_a_chain_is_named_by_the_beginning_of_the_fingerprint():
    assert chain_of(KEY.public_key()) == fingerprint(KEY.public_key()).replace(" ", "")[:16]
