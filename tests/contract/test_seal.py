import json
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from contract.errors import ForgedError, MalformedError, SealError, UnknownKeyError
from contract.identity import event_id
from contract.messages import Heartbeat, Receipt
from contract.seal import SEALED_BYTES_MAX, believe, canonical_bytes, seal, unseal
from contract.words import ReceiptOutcome, ViolationKind

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
RECEIPT = Receipt(
    event_id=UUID(int=7), device_id="box-1", outcome=ReceiptOutcome.ACCEPTED, committed_at_ms=1_700_000_000_000
)


def keys(key_id: str):
    return {"centre": KEY.public_key(), "box-1": OTHER.public_key()}.get(key_id)


def sealed() -> dict:
    return json.loads(seal(RECEIPT, "centre", KEY))


def test_what_is_sealed_comes_out_unchanged():
    opened = unseal(seal(RECEIPT, "centre", KEY), Receipt, keys)
    assert (opened.message, opened.key_id) == (RECEIPT, "centre")


def test_sealing_twice_gives_the_same_bytes():
    assert seal(RECEIPT, "centre", KEY) == seal(RECEIPT, "centre", KEY)


def changed(**changes: object) -> bytes:
    return json.dumps(sealed() | changes).encode()


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        pytest.param(b"", MalformedError, id="nothing"),
        pytest.param(b"\xff\xfe", MalformedError, id="not text"),
        pytest.param(b"[]", MalformedError, id="a list"),
        pytest.param(b'{"body": {}}', MalformedError, id="no signature"),
        pytest.param(b" " * (SEALED_BYTES_MAX + 1), MalformedError, id="too large"),
        pytest.param(changed(extra=1), MalformedError, id="one field more"),
        pytest.param(changed(key_id="nobody"), UnknownKeyError, id="unknown key"),
        pytest.param(changed(key_id="box-1"), ForgedError, id="another's key named"),
        pytest.param(changed(signature="AAAA"), ForgedError, id="short signature"),
        pytest.param(changed(signature="???"), ForgedError, id="not base64"),
        pytest.param(changed(body=sealed()["body"] | {"device_id": "box-2"}), ForgedError, id="body changed"),
        pytest.param(changed(body={"n": 2**60}), MalformedError, id="number without a canonical form"),
        pytest.param(seal(RECEIPT, "centre", OTHER), ForgedError, id="signed by another"),
    ],
)
def test_what_cannot_be_believed_is_refused_by_name(payload: bytes, error: type[SealError]):
    with pytest.raises(error):
        unseal(payload, Receipt, keys)


def respelled(spaces) -> bytes:
    """The same message in another spelling: with spaces, or with its names in another order."""
    parts = sealed()
    ordered = parts if spaces else {name: parts[name] for name in ("signature", "key_id", "body")}
    return json.dumps(ordered, ensure_ascii=spaces, separators=None if spaces else (",", ":")).encode()


@pytest.mark.parametrize("spaces", [True, False])
def test_another_spelling_of_the_same_message_is_the_same_message(spaces):
    opened = unseal(respelled(spaces), Receipt, keys)
    assert (opened.message, opened.key_id) == (RECEIPT, "centre")
    believed = [believe(payload, lambda _: (OTHER.public_key(), KEY.public_key())) for payload in ALIKE]
    assert len({one.body for one in believed}) == 1
    assert [one.key.public_bytes_raw() for one in believed] == [KEY.public_key().public_bytes_raw()] * 3


ALIKE = [seal(RECEIPT, "centre", KEY), respelled(True), respelled(False)]


def test_a_signature_has_one_spelling():
    payload = seal(RECEIPT, "centre", KEY)
    last = payload[-5:-4]
    stray = bytes([last[0] + 1])
    with pytest.raises(ForgedError):
        unseal(payload[:-5] + stray + payload[-4:], Receipt, keys)


def test_a_genuine_message_of_another_kind_is_malformed():
    with pytest.raises(MalformedError, match="expected Heartbeat"):
        unseal(seal(RECEIPT, "centre", KEY), Heartbeat, keys)


@given(st.binary(max_size=300))
def test_no_bytes_make_it_stumble(payload: bytes):
    with pytest.raises(SealError):
        unseal(payload, Receipt, keys)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_canonical_bytes_do_not_depend_on_how_the_value_was_written(value: object):
    assert canonical_bytes(json.loads(json.dumps(value, indent=3))) == canonical_bytes(value)


@given(
    st.sampled_from(ViolationKind),
    st.integers(0, 10**6),
    st.integers(0, 4 * 10**12),
)
def test_the_same_act_has_the_same_event_id_and_another_entry_another(kind, track, entered_ms):
    assert event_id("cam", kind, track, entered_ms) == event_id("cam", kind, track, entered_ms)
    assert event_id("cam", kind, track, entered_ms) != event_id("cam", kind, track, entered_ms + 1)
    assert event_id("cam", kind, track, entered_ms) != event_id("cam2", kind, track, entered_ms)
