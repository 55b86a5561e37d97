"""Seals small secrets at rest: AES-256-GCM under keys of one file that its owner alone may read. Knows no table.

What is sealed is bound to the name of what it belongs to (``of``), so that a value moved to another row does not open.
The file has one key a line, the newest first: it seals, the others only open. `lukou serve rekey` turns them over.
"""

import os
import secrets
import tempfile
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hmac import digest as hmac_digest
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.errors import ServerError, SettingsProblemError

ID_BYTES: Final = 8
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32
FORM: Final = b"\x01"
EXPECTED: Final = "lines of KEY_ID (16 hex digits), a blank, and the key (base64, 32 bytes)"


class SealBrokenError(ServerError):
    """A sealed value does not open: its key is gone, it was changed, or it belongs to something else."""


@dataclass(frozen=True, slots=True)
class _Key:
    """One key of the file, and what is derived of it: a key is used for one thing (RFC 5869)."""

    seal: AESGCM = field(repr=False)
    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Ring:
    """All keys by their ids, the newest first; ``stamp`` tells whether the file is still the one that was read."""

    stamp: tuple[int, int]
    keys: Mapping[bytes, _Key] = field(repr=False)

    @property
    def newest(self) -> bytes:
        return next(iter(self.keys))


class SecretsBox:
    """Seals and opens by the keys of a file, which is read anew when it has changed. Safe in threads."""

    def __init__(self, path: Path) -> None:
        """Read the file, or make it if there is none. Raises SettingsProblemError for a file that is no such one."""
        self._path = path
        if not path.exists():
            _write(path, _line(*_new_key()), first=True)
        self._lock = threading.Lock()
        self._ring = _read(path)

    def seal(self, plain: bytes, of: str) -> bytes:
        """Return the sealed value, which opens for the same ``of`` alone: form, key id, nonce, ciphertext, tag."""
        ring = self._current()
        nonce = secrets.token_bytes(NONCE_BYTES)  # at random: far below 2^32 values a key (NIST SP 800-38D, 8.3)
        head = FORM + ring.newest
        return head + nonce + ring.keys[ring.newest].seal.encrypt(nonce, plain, head + of.encode())

    def open(self, sealed: bytes, of: str) -> bytes:
        """Return what was sealed. Raises SealBrokenError, which never tells what is inside."""
        key_id, rest = key_id_of(sealed), sealed[len(FORM) + ID_BYTES :]
        key = self._current().keys.get(bytes.fromhex(key_id))
        if key is None:
            raise SealBrokenError(f"the sealed value of {of} needs the key {key_id}, which is not in {self._path}")
        try:
            head = sealed[: len(FORM) + ID_BYTES]
            return key.seal.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], head + of.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError(f"the sealed value of {of} was changed, or belongs to something else") from error

    def digests(self, text: str) -> tuple[str, ...]:
        """Return the text's keyed digests (HMAC-SHA256, hex) under every key, the newest first: to look for it."""
        return tuple(hmac_digest(key.digest, text.encode(), "sha256").hex() for key in self._current().keys.values())

    def digest(self, text: str) -> str:
        """Return the text's keyed digest under the newest key: what to store."""
        return self.digests(text)[0]

    def key_ids(self) -> tuple[str, ...]:
        """Return the keys' ids, the newest first."""
        return tuple(key_id.hex() for key_id in self._current().keys)

    def add_key(self) -> str:
        """Put a new key before the others; it seals from now on. Returns its id."""
        key_id, key = _new_key()
        _write(self._path, _line(key_id, key) + self._path.read_text(encoding="ascii"))
        return key_id.hex()

    def forget_all_but_newest(self) -> None:
        """Take every other key out of the file: what only they open is lost, so the caller has looked before."""
        _write(self._path, self._path.read_text(encoding="ascii").splitlines()[0] + "\n")

    def _current(self) -> _Ring:
        """Return the keys; another process may have turned them over."""
        with self._lock:
            if _stamp(self._path) != self._ring.stamp:
                self._ring = _read(self._path)
            return self._ring


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key that opens a sealed value, as hex. Raises SealBrokenError."""
    if sealed[:1] != FORM or len(sealed) < len(FORM) + ID_BYTES + NONCE_BYTES + 16:
        raise SealBrokenError(f"expected a sealed value of form {FORM[0]}, found {len(sealed)} other bytes")
    return sealed[len(FORM) : len(FORM) + ID_BYTES].hex()


def _new_key() -> tuple[bytes, bytes]:
    return secrets.token_bytes(ID_BYTES), secrets.token_bytes(KEY_BYTES)


def _line(key_id: bytes, key: bytes) -> str:
    return f"{key_id.hex()} {urlsafe_b64encode(key).decode()}\n"


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise SettingsProblemError(f"{path}: expected {EXPECTED}: {error.strerror}") from error
    return found.st_ino, found.st_mtime_ns


def _read(path: Path) -> _Ring:
    stamp = _stamp(path)
    if path.stat().st_mode & 0o077:
        raise SettingsProblemError(f"{path}: others may read it; expected mode 0600: chmod 600 {path}")
    keys = {}
    try:
        for line in path.read_text(encoding="ascii").splitlines():
            name, text = line.split(" ")
            keys[_exactly(bytes.fromhex(name), ID_BYTES)] = _derived(_exactly(urlsafe_b64decode(text), KEY_BYTES))
    except (OSError, ValueError):  # the cause could show a piece of a key, so it is not told
        raise SettingsProblemError(f"{path}: expected {EXPECTED}") from None
    if not keys:
        raise SettingsProblemError(f"{path}: expected {EXPECTED}, found an empty file")
    return _Ring(stamp, keys)


def _exactly(value: bytes, count: int) -> bytes:
    if len(value) != count:
        raise ValueError(count)
    return value


def _derived(key: bytes) -> _Key:
    def of(purpose: bytes) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"lukou " + purpose).derive(key)

    return _Key(AESGCM(of(b"seal")), of(b"digest"))


def _write(path: Path, text: str, *, first: bool = False) -> None:
    """Write the file whole or not at all; of two processes that start at once one makes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(handle)
    if not first:
        Path(name).replace(path)
        return
    with suppress(FileExistsError):
        os.link(name, path)
    Path(name).unlink()
