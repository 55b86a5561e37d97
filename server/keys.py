"""The centre's signing key: made at the first start, readable by the service's user alone, never printed."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from server.durable import make_private
from server.errors import SettingsProblemError


def signing_key(path: Path) -> Ed25519PrivateKey:
    """Read the key, or make it if there is none. Raises SettingsProblemError for a file that is no such key."""
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        make_private(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        found = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, OSError) as error:
        raise SettingsProblemError(f"{path}: expected an Ed25519 private key (PEM): {error}") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise SettingsProblemError(f"{path}: expected an Ed25519 private key, found a {type(found).__name__}")
    return found
