"""The proof of inclusion that a notice prints as a QR code, and how anybody checks it. Pure.

The text is base64url (RFC 4648, section 5, no padding) of: version (1 byte), number of the entry (8 bytes), size of the
book (8 bytes), the entry's hash (32 bytes), the audit path (32 bytes each).
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from server.ledger.tree import leaf_hash, root_from_inclusion

VERSION: Final = 1
HASH_BYTES: Final = 32
HEAD_BYTES: Final = 17
TEXT_MAX: Final = 4000


class ProofError(Exception):
    """A text that is no proof; ``str()`` says what was expected and what was found."""

    exit_status = 2


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """Entry ``number`` (from 1) with its hash stands in the book of ``size`` entries, by the audit path."""

    number: int
    size: int
    entry_hash: bytes
    path: tuple[bytes, ...]

    def root(self) -> bytes:
        """Return the root that the proof leads to. Raises ProofError where it cannot lead to any."""
        try:
            return root_from_inclusion(self.number - 1, self.size, leaf_hash(self.entry_hash), self.path)
        except ValueError as error:
            raise ProofError(f"this proof is not whole: {error}") from error

    def text(self) -> str:
        """Return the proof as text for a QR code."""
        head = bytes([VERSION]) + self.number.to_bytes(8, "big") + self.size.to_bytes(8, "big")
        return base64.urlsafe_b64encode(head + self.entry_hash + b"".join(self.path)).rstrip(b"=").decode("ascii")


def read_proof(text: str) -> InclusionProof:
    """Read the text of a proof, or of a QR code that has it behind its address. Raises ProofError."""
    data = _decoded(text.strip().rpartition("#")[2])
    if len(data) < HEAD_BYTES + HASH_BYTES or (len(data) - HEAD_BYTES) % HASH_BYTES:
        raise ProofError(f"expected {HEAD_BYTES} bytes and hashes of {HASH_BYTES}, found {len(data)} bytes")
    if data[0] != VERSION:
        raise ProofError(f"expected a proof of version {VERSION}, found version {data[0]}")
    hashes = [data[at : at + HASH_BYTES] for at in range(HEAD_BYTES, len(data), HASH_BYTES)]
    return InclusionProof(
        int.from_bytes(data[1:9], "big"), int.from_bytes(data[9:17], "big"), hashes[0], tuple(hashes[1:])
    )


def _decoded(text: str) -> bytes:
    if len(text) > TEXT_MAX:
        raise ProofError(f"expected at most {TEXT_MAX} letters, found {len(text)}")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise ProofError(f"expected the text of a proof (base64url), found {text[:20]!r}...: {error}") from error
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii") != text:
        raise ProofError("expected base64url in its one spelling")
    return data
