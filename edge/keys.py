"""Keys and tokens in files: each is readable by the box's user alone, and none is ever printed; whom the box trusts."""

import os
import ssl
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from edge.errors import InputProblemError


def make_private_key(path: Path) -> Ed25519PrivateKey:
    """Make the device's key on the box, readable by its user alone; an existing file is never overwritten."""
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def load_private_key(path: Path) -> Ed25519PrivateKey:
    """Read the device's key. Raises InputProblemError."""
    try:
        key = load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise InputProblemError(f"{path}: expected an Ed25519 private key (PEM), found something else") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InputProblemError(f"{path}: expected an Ed25519 private key, found a {type(key).__name__}")
    return key


def load_public_key(path: Path) -> Ed25519PublicKey:
    """Read the centre's public key. Raises InputProblemError."""
    try:
        key = load_pem_public_key(_read(path))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputProblemError(f"{path}: expected an Ed25519 public key (PEM), found something else") from error
    if not isinstance(key, Ed25519PublicKey):
        raise InputProblemError(f"{path}: expected an Ed25519 public key, found a {type(key).__name__}")
    return key


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Return what TLS believes: this CA alone, or without one the CAs of the machine. Raises InputProblemError."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:  # ssl.SSLError is one
        why = error.strerror if isinstance(error, FileNotFoundError) else "no certificate in PEM"
        raise InputProblemError(f"{ca_file}: expected a CA's certificate (ca.pem): {why}") from error


def read_secret(path: Path) -> str:
    """Read a token or password: the file's text without the newline at its end."""
    return _read(path).decode("utf-8").strip()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputProblemError(f"{path}: expected a key or token file, found none ({error.strerror})") from error
