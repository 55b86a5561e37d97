"""Files that a party sends: told by their first bytes, and kept so that nobody reads them from the store.

Each has a key of its own, which lies under seal with the case: erasing the case erases the key, and so the file.
"""

from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Session

from server import sealed_values
from server.errors import ConflictError, NotFoundError
from server.evidence_store import EvidenceChangedError, EvidenceStore
from server.own_page.problems import Problem
from server.secrets_box import SecretsBox

BYTES_MAX: Final = 5 * 1024 * 1024
FILES_MAX: Final = 3
NONCE: Final = bytes(12)
"""A key seals one file, so any nonce is its first (NIST SP 800-38D, 8.2)."""
BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


def media_type(data: bytes) -> str | None:
    """Return what a file is by its first bytes, never by its name; None for what is not taken."""
    return next((known for beginning, known in BEGINNINGS if data.startswith(beginning)), None)


def problems(files: tuple[bytes, ...]) -> list[Problem]:
    """Return what is wrong with what was sent; nothing of it is told but its place and size."""
    found = [Problem("many_files", str(len(files)))] if len(files) > FILES_MAX else []
    for place, data in enumerate(files, 1):
        if len(data) > BYTES_MAX:
            found.append(Problem("large_file", str(place)))
        elif media_type(data) is None:
            found.append(Problem("kind_of_file", str(place)))
    return found


def seal(data: bytes, of: str) -> tuple[bytes, bytes]:
    """Return the key and the sealed bytes of a file; ``of`` is bound into the seal."""
    key = AESGCM.generate_key(256)
    return key, AESGCM(key).encrypt(NONCE, data, of.encode())


def opened(session: Session, box: SecretsBox, store: EvidenceStore, of: str, digest: str) -> bytes:
    """Return a file in the clear.

    Raises NotFoundError (its case's time may be over), ConflictError where its bytes were changed.
    """
    key = sealed_values.opened(session, box, of)
    try:
        return AESGCM(key).decrypt(NONCE, store.read(digest), of.encode())
    except FileNotFoundError as error:
        raise NotFoundError("the file is not in the store") from error
    except (EvidenceChangedError, InvalidTag, ValueError) as error:
        raise ConflictError("the stored file was changed: it is shown to nobody") from error


def digest(sealed: bytes) -> str:
    """Return the name of sealed bytes in the store."""
    return sha256(sealed).hexdigest()
