"""The centre's signing key: made at the first start, readable by the service's user alone, never printed."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from server.errors import SettingsProblemError


def signing_key(path: Path) -> Ed25519PrivateKey:
    """Read the key, or make it if there is none. Raises SettingsProblemError for a file that is no such key."""
    if not path.exists():
        _make(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, OSError) as error:
        raise SettingsProblemError(f"{path}: expected an Ed25519 private key (PEM): {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingsProblemError(f"{path}: expected an Ed25519 private key, found a {type(key).__name__}")
    return key


def _make(path: Path) -> None:
    """Of two processes that start at once one makes the key, and nobody reads half of it."""
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # readable by its owner alone
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(handle)
    with suppress(FileExistsError):
        os.link(name, path)
    Path(name).unlink()
