"""Where names come from that both sides must find alike: an event's, and that of the chain that a key seals."""

from hashlib import sha256
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract.words import ViolationKind

EVENT_NAMESPACE = UUID("0c1f6a0e-9a55-5b2e-8f0e-6c756b6f7531")


def event_id(camera_id: str, kind: ViolationKind, track_id: int, entered_at_ms: int) -> UUID:
    """Name one act: the same camera, kind, track and entry time (ms since the Unix epoch) give the same id.

    A redelivered or re-judged event therefore lands on the case that it made the first time (RFC 9562, version 5).
    """
    return uuid5(EVENT_NAMESPACE, f"{camera_id}|{kind.value}|{track_id}|{entered_at_ms}")


def chain_of(key: Ed25519PublicKey) -> str:
    """Return the name of the chain that a key seals: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    return sha256(key.public_bytes_raw()).hexdigest()[:16]
