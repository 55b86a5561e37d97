"""Encryption at rest for what may not lie in the database as it is: second factors, identities.

AES-256-GCM (NIST SP 800-38D) under keys from one file that its owner alone can read: a key a line (base64), the first
seals, all open. What a text is about is bound to it, so that a sealed text moved to another row does not open.
"""

import base64
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.durable import make_private
from server.errors import SettingsProblemError

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
FORM: Final = "s1"


class NotOursError(Exception):
    """A sealed text that no key of ours opens for what it is said to be about."""


@dataclass(frozen=True, slots=True)
class SealedBox:
    """Seals and opens. ``keys``: by their id; the first one seals."""

    keys: dict[str, bytes]

    def seal(self, data: bytes, about: str) -> str:
        """Return the text that keeps ``data``; only whoever names the same ``about`` can open it."""
        key_id, key = next(iter(self.keys.items()))
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + AESGCM(key).encrypt(nonce, data, _bound(key_id, about))
        return f"{FORM}.{key_id}.{base64.b64encode(sealed).decode('ascii')}"

    def open(self, sealed: str, about: str) -> bytes:
        """Return what a sealed text keeps. Raises NotOursError."""
        form, _, rest = sealed.partition(".")
        key_id, _, text = rest.partition(".")
        key = self.keys.get(key_id)
        if form != FORM or key is None:
            raise NotOursError(
                f"expected {FORM}.KEY.TEXT under one of the keys {', '.join(self.keys)}, found {key_id!r}"
            )
        try:
            data = base64.b64decode(text, validate=True)
            return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _bound(key_id, about))
        except (InvalidTag, ValueError) as error:
            raise NotOursError(f"a text that is sealed by {key_id} was changed, or is not about {about}") from error


def secrets_key(path: Path) -> SealedBox:
    """Read the keys, or make one if there is no file. Raises SettingsProblemError."""
    if not path.exists():
        make_private(path, base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
    try:
        if path.stat().st_mode & 0o077:
            raise SettingsProblemError(f"LUKOU_SECRETS_KEY_FILE: {path}: others can read it: chmod 600 {path}")
        keys = [base64.b64decode(line, validate=True) for line in path.read_bytes().split()]
    except (OSError, ValueError) as error:
        raise SettingsProblemError(
            f"LUKOU_SECRETS_KEY_FILE: {path}: expected base64 keys, a line each: {error}"
        ) from error
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        found = ", ".join(str(len(key)) for key in keys) or "none"
        raise SettingsProblemError(f"LUKOU_SECRETS_KEY_FILE: {path}: expected keys of {KEY_BYTES} bytes, found {found}")
    return SealedBox({sha256(key).hexdigest()[:8]: key for key in keys})


def _bound(key_id: str, about: str) -> bytes:
    return f"{FORM}.{key_id}.{about}".encode()
