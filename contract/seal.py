"""Canonical bytes and Ed25519 signatures: how one side proves to the other that a message is its own.

Wire form: a JSON object ``{"body": {...}, "key_id": "...", "signature": "..."}``. The signature (base64) covers the
canonical form (RFC 8785) of ``{"body": ..., "key_id": ...}``, so neither can be exchanged.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, ValidationError

from contract.fields import Identifier, Message

SEALED_BYTES_MAX = 64 * 1024
MANIFEST_BYTES_MAX = 1024 * 1024
"""A manifest lists everybody in three pictures, and is no MQTT payload."""

PublicKeyOf = Callable[[str], Ed25519PublicKey | None]
M = TypeVar("M", bound=Message)


class SealError(Exception):
    """A sealed message that cannot be believed; ``str()`` says what was expected and what was found.

    SealError
      +- MalformedError   it is not a sealed message, or its body is not the message that it should be
      +- UnknownKeyError  nobody here knows the key that it names
      +- ForgedError      the signature does not belong to the body
    """


class MalformedError(SealError):
    """Not a sealed message of the expected kind."""


class UnknownKeyError(SealError):
    """The key that the message names is not registered, or no longer."""


class ForgedError(SealError):
    """The signature does not match the body and the named key."""


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


def canonical_bytes(value: object) -> bytes:
    """Return the one spelling of a JSON value (RFC 8785): what is hashed and signed."""
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # its JSON type alias is private


def message_bytes(message: BaseModel) -> bytes:
    """Return the canonical bytes of a message or manifest."""
    return canonical_bytes(message.model_dump(mode="json"))


def seal(message: Message, key_id: str, private_key: Ed25519PrivateKey) -> bytes:
    """Sign a message as ``key_id`` and return its wire form."""
    signed = {"body": message.model_dump(mode="json"), "key_id": key_id}
    signature = base64.b64encode(private_key.sign(canonical_bytes(signed))).decode("ascii")
    return canonical_bytes({**signed, "signature": signature})


def unseal(
    payload: bytes, expected: type[M], public_key_of: PublicKeyOf, bytes_max: int = SEALED_BYTES_MAX
) -> Opened[M]:
    """Return the message inside, if the key that it names has signed exactly this body.

    The signature is checked before the body is looked into. Whether that key may speak for the device in the body
    is the caller's question. Raises: MalformedError, UnknownKeyError, ForgedError.
    """
    envelope = _read_envelope(payload, bytes_max)
    public_key = public_key_of(envelope.key_id)
    if public_key is None:
        raise UnknownKeyError(f"expected a registered key, found {envelope.key_id!r}")
    _verify(envelope, public_key)
    return Opened(_message(envelope, expected), envelope.key_id)


def unverified(payload: bytes, expected: type[M], bytes_max: int = SEALED_BYTES_MAX) -> Opened[M]:
    """Return the message inside without asking whether the seal holds: for whoever has checked it, or has no key.

    Raises: MalformedError.
    """
    envelope = _read_envelope(payload, bytes_max)
    return Opened(_message(envelope, expected), envelope.key_id)


def _message(envelope: _Envelope, expected: type[M]) -> M:
    try:
        return expected.model_validate_json(json.dumps(envelope.body))
    except ValidationError as error:
        raise MalformedError(f"expected {expected.__name__}: {_first_problem(error)}") from error


def _read_envelope(payload: bytes, bytes_max: int) -> _Envelope:
    if len(payload) > bytes_max:
        raise MalformedError(f"expected at most {bytes_max} bytes, found {len(payload)}")
    try:
        return _Envelope.model_validate_json(payload)
    except ValidationError as error:
        raise MalformedError(f"expected a sealed message: {_first_problem(error)}") from error


def _decoded(text: str) -> bytes:
    """Return the bytes; RFC 4648 3.5: their one spelling only, or a signature could be changed unseen."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode("ascii") != text:
        raise ValueError("expected base64 without stray bits")
    return data


def _verify(envelope: _Envelope, public_key: Ed25519PublicKey) -> None:
    try:
        signature = _decoded(envelope.signature)
        public_key.verify(signature, canonical_bytes({"body": envelope.body, "key_id": envelope.key_id}))
    except rfc8785.CanonicalizationError as error:
        raise MalformedError(f"the body has no canonical form: {error}") from error
    except (ValueError, InvalidSignature) as error:  # b64decode: a plain ValueError where it is not even ASCII
        raise ForgedError(f"the signature is not that of {envelope.key_id!r} for this body") from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(step) for step in problem["loc"]) or "message"
    return f"{place}: {problem['msg']} ({error.error_count()} in all)"
