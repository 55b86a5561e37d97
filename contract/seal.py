"""Canonical bytes and Ed25519 signatures: how one side proves to the other that a message is its own.

Wire form: a JSON object ``{"body": {...}, "key_id": "...", "signature": "..."}``. The signature (base64) covers the
canonical form (RFC 8785) of ``{"body": ..., "key_id": ...}``, so neither can be exchanged.
"""

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict

from contract.errors import ForgedError, MalformedError, UnknownKeyError
from contract.fields import Identifier, Message
from contract.strict_json import message_in

SEALED_BYTES_MAX = 64 * 1024
MANIFEST_BYTES_MAX = 1024 * 1024
"""A manifest lists everybody in three pictures, and is no MQTT payload."""

PublicKeyOf = Callable[[str], Ed25519PublicKey | None]
PublicKeysOf = Callable[[str], Sequence[Ed25519PublicKey]]
M = TypeVar("M", bound=Message)


class _Envelope(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    body: dict[str, object]
    key_id: Identifier
    signature: str


@dataclass(frozen=True, slots=True)
class Opened(Generic[M]):
    """A message whose seal holds, and the key that sealed it."""

    message: M
    key_id: str


@dataclass(frozen=True, slots=True)
class Believed:
    """The bytes of a body whose seal holds, in canonical form, and which of the named keys has sealed them."""

    body: bytes
    key_id: str
    key: Ed25519PublicKey


_HEAD: Final = b'{"body":'
_TAIL: Final = re.compile(rb',"key_id":"([a-z0-9][a-z0-9-]{0,62})","signature":"([A-Za-z0-9+/]{85}[AQgw]==)"\}\Z')
"""The signature's last letter holds no stray bits (RFC 4648 3.5), or it could be changed unseen."""
_TAIL_BYTES_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class _AsItCame:
    """A sealed message in the spelling of `seal`: what was signed is then a piece of it."""

    body: bytes
    key_id: str
    signed: bytes
    signature: bytes


def canonical_bytes(value: object) -> bytes:
    """Return the one spelling of a JSON value (RFC 8785): what is hashed and signed."""
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # its JSON type alias is private


def message_bytes(message: BaseModel) -> bytes:
    """Return the canonical bytes of a message or manifest."""
    return canonical_bytes(message.model_dump(mode="json"))


def seal(message: Message, key_id: str, private_key: Ed25519PrivateKey) -> bytes:
    """Sign a message as ``key_id`` and return its wire form."""
    signed = canonical_bytes({"body": message.model_dump(mode="json"), "key_id": key_id})
    signature = base64.b64encode(private_key.sign(signed))
    return signed[:-1] + b',"signature":"' + signature + b'"}'  # the canonical order: "signature" is the last name


def unseal(
    payload: bytes, expected: type[M], public_key_of: PublicKeyOf, bytes_max: int = SEALED_BYTES_MAX
) -> Opened[M]:
    """Return the message inside, if the key that it names has signed exactly this body.

    The signature is checked before the body is looked into. Whether that key may speak for the device in the body
    is the caller's question. Raises: MalformedError, UnknownKeyError, ForgedError.
    """

    def one(key_id: str) -> tuple[Ed25519PublicKey, ...]:
        key = public_key_of(key_id)
        return () if key is None else (key,)

    believed = believe(payload, one, bytes_max)
    return Opened(message_in(believed.body, expected), believed.key_id)


def believe(payload: bytes, public_keys_of: PublicKeysOf, bytes_max: int = SEALED_BYTES_MAX) -> Believed:
    """Return the body, if one of the keys known under the name in it has signed it. The body is not looked into.

    A message in canonical form is checked over the bytes that came; any other spelling is first brought into it.
    Raises: MalformedError, UnknownKeyError, ForgedError.
    """
    if len(payload) > bytes_max:
        raise MalformedError(f"expected at most {bytes_max} bytes, found {len(payload)}")
    came = _as_it_came(payload)
    for key in public_keys_of(came.key_id) if came is not None else ():
        if came is not None and _holds(key, came.signature, came.signed):
            return Believed(came.body, came.key_id, key)
    return _believe_respelled(_read_envelope(payload, bytes_max), public_keys_of)


def claimed_key(payload: bytes) -> str | None:
    """Return the key id that a message in canonical form names, so that many can be looked up at once."""
    came = _as_it_came(payload)
    return None if came is None else came.key_id


def unverified(payload: bytes, expected: type[M], bytes_max: int = SEALED_BYTES_MAX) -> Opened[M]:
    """Return the message inside without asking whether the seal holds: for whoever has checked it, or has no key.

    Raises: MalformedError.
    """
    came = _as_it_came(payload) if len(payload) <= bytes_max else None
    if came is not None:
        return Opened(message_in(came.body, expected), came.key_id)
    envelope = _read_envelope(payload, bytes_max)
    return Opened(message_in(_canonical_body(envelope), expected), envelope.key_id)


def _as_it_came(payload: bytes) -> _AsItCame | None:
    tail = _TAIL.search(payload, max(0, len(payload) - _TAIL_BYTES_MAX))
    if tail is None or not payload.startswith(_HEAD):
        return None
    body, signed = payload[len(_HEAD) : tail.start()], payload[: tail.end(1) + 1] + b"}"
    try:
        return _AsItCame(body, tail[1].decode("ascii"), signed, _decoded(tail[2].decode("ascii")))
    except ValueError:
        return None


def _holds(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _believe_respelled(envelope: _Envelope, public_keys_of: PublicKeysOf) -> Believed:
    keys = public_keys_of(envelope.key_id)
    if not keys:
        raise UnknownKeyError(f"expected a registered key, found {envelope.key_id!r}")
    body = _canonical_body(envelope)
    signed = _HEAD + body + b',"key_id":"' + envelope.key_id.encode("ascii") + b'"}'
    try:
        signature = _decoded(envelope.signature)
    except ValueError:  # a plain ValueError where it is not even ASCII
        signature = b""
    for key in keys:
        if _holds(key, signature, signed):
            return Believed(body, envelope.key_id, key)
    raise ForgedError(f"the signature is not that of {envelope.key_id!r} for this body")


def _decoded(text: str) -> bytes:
    """Return the bytes; RFC 4648 3.5: their one spelling only, or a signature could be changed unseen."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode("ascii") != text:
        raise ValueError("expected base64 without stray bits")
    return data


def _canonical_body(envelope: _Envelope) -> bytes:
    try:
        return canonical_bytes(envelope.body)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise MalformedError(f"the body has no canonical form: {error}") from error


def _read_envelope(payload: bytes, bytes_max: int) -> _Envelope:
    if len(payload) > bytes_max:
        raise MalformedError(f"expected at most {bytes_max} bytes, found {len(payload)}")
    return message_in(payload, _Envelope, "a sealed message")
