"""The CA's folder: ca.pem and server.pem for everybody, ca-key.pem and server-key.pem for their owner alone."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from server.certificates.making import Pair
from server.errors import SettingsProblemError

CA: Final = "ca"
SERVER: Final = "server"


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the pairs lie. The passphrase is the CA key's; the server's key has none, since services start alone."""

    path: Path
    passphrase: bytes | None = None

    def has_ca(self) -> bool:
        """Tell whether a CA, or a part of one, lies here."""
        return any(path.exists() for path in self._paths(CA))

    def write(self, name: str, pair: Pair) -> None:
        """Write a pair; what was there is replaced, each file whole."""
        certificate, key = self._paths(name)
        secret = BestAvailableEncryption(self.passphrase) if self.passphrase and name == CA else NoEncryption()
        self.path.mkdir(parents=True, exist_ok=True)
        _replace(key, pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret), 0o600)
        _replace(certificate, pair.certificate.public_bytes(Encoding.PEM), 0o644)

    def certificate(self, name: str) -> x509.Certificate:
        """Read a certificate. Raises SettingsProblemError."""
        path = self._paths(name)[0]
        try:
            return x509.load_pem_x509_certificate(path.read_bytes())
        except OSError as error:
            raise SettingsProblemError(f"{path}: expected a certificate, found none ({error.strerror})") from error
        except ValueError as error:
            raise SettingsProblemError(f"{path}: expected a certificate (PEM), found something else") from error

    def ca(self) -> Pair:
        """Read the CA with its key. Raises SettingsProblemError."""
        path = self._paths(CA)[1]
        try:
            key = load_pem_private_key(path.read_bytes(), self.passphrase)
        except OSError as error:
            raise SettingsProblemError(f"{path}: expected the CA's key, found none ({error.strerror})") from error
        except TypeError as error:
            lacks = "has a passphrase: give --passphrase-file" if self.passphrase is None else "has no passphrase"
            raise SettingsProblemError(f"{path}: this key {lacks}") from error
        except ValueError as error:
            raise SettingsProblemError(f"{path}: no key that this passphrase opens") from error
        certificate = self.certificate(CA)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise SettingsProblemError(f"{path}: expected the key of {self._paths(CA)[0].name}, found another")
        return Pair(certificate, key)

    def _paths(self, name: str) -> tuple[Path, Path]:
        return self.path / f"{name}.pem", self.path / f"{name}-key.pem"


def _replace(path: Path, content: bytes, mode: int) -> None:
    """Write a file whole or not at all; a key is never readable by others, not even for a moment."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)
    new.replace(path)
