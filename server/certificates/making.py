"""Makes certificates as values: who they are for, and from when to when. Reads no clock and writes no file.

Profile of RFC 5280, sections 4.2.1.3 (key usage), 4.2.1.6 (names), 4.2.1.9 (basic constraints). P-256, which browsers,
OpenSSL and Mosquitto all take.
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server.errors import SettingsProblemError

HOUR: Final = timedelta(hours=1)
"""A certificate begins so much earlier: a box's clock may be behind."""
SERVER_DAYS_MAX: Final = 825
"""Longer is refused by some clients, also of a private CA."""
NAME: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.ASCII)
NO_USE: Final = dict.fromkeys(
    (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ),
    False,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_ca(name: str, now: datetime, years: int) -> Pair:
    """Make a CA that signs servers and no other CA. It ends ``years`` after ``now``."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = _begun(subject, subject, key, now, now + timedelta(days=round(365.25 * years)))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_use("key_cert_sign", "crl_sign"), critical=True)
    return Pair(builder.sign(key, SHA256()), key)


def make_server(ca: Pair, hosts: Sequence[str], now: datetime, days: int) -> Pair:
    """Make a server certificate for names and addresses; it ends with its CA at the latest.

    Raises:
        SettingsProblemError: a host that is none, or a CA that is over.
    """
    names = _names(hosts)
    ends = min(now + timedelta(days=min(days, SERVER_DAYS_MAX)), ca.certificate.not_valid_after_utc)
    if ends <= now:
        raise SettingsProblemError(f"the CA ended on {ends:%Y-%m-%d}: make a new one, in another folder")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:64])])
    builder = _begun(subject, ca.certificate.subject, key, now, ends)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_use("digital_signature"), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key())
    builder = builder.add_extension(issuer, critical=False)
    return Pair(builder.sign(ca.key, SHA256()), key)


def hosts_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the names and addresses that a server certificate is for."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return tuple(str(name.value) for name in names)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, ends: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - HOUR).not_valid_after(ends)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _use(*uses: str) -> x509.KeyUsage:
    return x509.KeyUsage(**(NO_USE | dict.fromkeys(uses, True)))


def _names(hosts: Sequence[str]) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = []
    problems = [] if hosts else ["--host: expected a name or an address by which boxes and browsers reach the centre"]
    for host in hosts:
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            names.append(x509.DNSName(host.lower()) if NAME.fullmatch(host.lower()) else x509.DNSName("invalid"))
            if not NAME.fullmatch(host.lower()):
                problems.append(f"--host: expected a name (centre.example) or an address, found {host[:64]!r}")
    if problems:
        raise SettingsProblemError("\n".join(problems))
    return names
