"""What both sides must name and write alike: an event, a public key, and the chain that a key seals."""

import base64
from hashlib import sha256
from typing import Annotated
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import StringConstraints

from contract.words import ViolationKind

EVENT_NAMESPACE = UUID("0c1f6a0e-9a55-5b2e-8f0e-6c756b6f7531")
PublicKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]
"""32 bytes of an Ed25519 public key, base64."""


def event_id(camera_id: str, kind: ViolationKind, track_id: int, entered_at_ms: int) -> UUID:
    """Name one act: the same camera, kind, track and entry time (ms since the Unix epoch) give the same id.

    A redelivered or re-judged event therefore lands on the case that it made the first time (RFC 9562, version 5).
    """
    return uuid5(EVENT_NAMESPACE, f"{camera_id}|{kind.value}|{track_id}|{entered_at_ms}")


def key_text(key: Ed25519PublicKey) -> str:
    """Write a public key as the messages and the register have it (``PublicKey``)."""
    return base64.b64encode(key.public_bytes_raw()).decode("ascii")


def key_of(text: str) -> Ed25519PublicKey:
    """Read a public key. Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))


def chain_of(key: Ed25519PublicKey) -> str:
    """Return the name of the chain that a key seals: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    return sha256(key.public_bytes_raw()).hexdigest()[:16]


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return what a person compares on the box and on the console: 128 bits of the key's SHA-256 in groups of four."""
    digits = sha256(key.public_bytes_raw()).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
