"""Whatever comes, a sealed message is read or refused by one of three words: nothing else may be raised."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from contract.errors import ForgedError, MalformedError, SealError, UnknownKeyError
from contract.evidence import Manifest
from contract.hand_off import HandOffHeld, HandOffSwitched
from contract.messages import Heartbeat, PassageCounts, Receipt, ViolationReported
from contract.seal import seal, unseal, unverified

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
HELD = HandOffHeld(device_id="box-1", site_id="s-1", sequence=0, is_set=False, said_at_ms=5)
GENUINE = seal(HELD, "box-1", KEY)
KINDS = (ViolationReported, PassageCounts, Heartbeat, HandOffHeld, HandOffSwitched, Receipt, Manifest)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=8), inside, max_size=4),
    max_leaves=12,
)
ENVELOPES = st.fixed_dictionaries(
    {},
    optional={"body": JSON, "key_id": st.just("box-1") | JSON, "signature": st.just("A" * 86 + "==") | JSON, "x": JSON},
)


def refusal(payload: bytes, kind) -> type[SealError] | None:
    """Return by which word a message is refused; anything else that is raised fails the test."""
    try:
        unseal(payload, kind, lambda key_id: KEY.public_key() if key_id == "box-1" else None)
    except SealError as error:
        return type(error)
    return None


@given(st.binary(max_size=300), st.sampled_from(KINDS))
def test_any_bytes(payload, kind):
    assert refusal(payload, kind) is MalformedError


@given(ENVELOPES | JSON, st.sampled_from(KINDS))
def test_any_json(value, kind):
    assert refusal(json.dumps(value).encode("utf-8", "surrogatepass"), kind) is not None


@given(st.integers(0, len(GENUINE) - 1), st.integers(1, 255), st.sampled_from(KINDS))
def test_a_genuine_message_with_one_byte_changed_is_refused(place, change, kind):
    payload = bytearray(GENUINE)
    payload[place] ^= change
    assert refusal(bytes(payload), kind) in {MalformedError, ForgedError, UnknownKeyError}


@given(st.integers(0, len(GENUINE) - 1), st.binary(min_size=1, max_size=6))
def test_a_genuine_message_with_bytes_put_in_means_the_same_or_is_refused(place, more):
    payload = GENUINE[:place] + more + GENUINE[place:]
    if refusal(payload, HandOffHeld) is None:  # blanks between its parts
        assert unverified(payload, HandOffHeld).message == HELD


@pytest.mark.parametrize("depth", [50, 199, 200, 201, 1000, 30_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_brackets_in_brackets_are_refused_at_any_depth(depth, opening, closing):
    inside = opening * depth + "1" + closing * depth
    body = f'{{"body":{{"a":{inside}}},"key_id":"box-1","signature":"{"A" * 86}=="}}'
    for text in (inside, body):
        assert refusal(text.encode(), Heartbeat) in {MalformedError, ForgedError}


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a number of 5,000 digits", "9" * 5000),
        ("beyond every double", "1e400"),
        ("no number", "NaN"),
        ("half a surrogate pair", '"\\ud800"'),
        ("an integer that doubles do not hold", str(2**53 + 1)),
    ],
)
def test_a_value_that_readers_take_differently_is_refused(what, text):
    body = f'{{"body":{{"a":{text}}},"key_id":"box-1","signature":"{"A" * 86}=="}}'
    assert refusal(body.encode(), Heartbeat) in {MalformedError, ForgedError}, what
    spoilt = GENUINE.replace(b'"said_at_ms":5', f'"said_at_ms":{text}'.encode())
    assert refusal(spoilt, HandOffHeld) in {MalformedError, ForgedError}, what


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [
        ("a name twice, the last as sealed", '"is_set":false', '"is_set":true,"is_set":false'),
        ("a name twice in the envelope", '"key_id":"box-1"', '"key_id":"box-2","key_id":"box-1"'),
    ],
)
def test_a_name_twice_is_refused_though_the_seal_would_hold(what, old, new):
    assert refusal(GENUINE.decode().replace(old, new).encode(), HandOffHeld) in {MalformedError, ForgedError}, what
