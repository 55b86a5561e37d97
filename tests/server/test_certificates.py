"""The private CA: what its certificates are good for, whom a real TLS client believes, and how keys are kept."""

import ssl
import subprocess
import sys
from datetime import timedelta

import httpx
import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from tls_server import NOW, certificates, days_ago, machine_now, tls_server

from server.certificates.files import CA, SERVER, Folder
from server.certificates.making import SERVER_DAYS_MAX, hosts_of, make_ca, make_server
from server.errors import SettingsProblemError

AUTHORITY = make_ca("test CA", NOW, 3)


def reached(port: int, ca_file, host: str = "127.0.0.1") -> str:
    try:
        context = ssl.create_default_context(cafile=ca_file)
        return httpx.post(f"https://{host}:{port}/x", content=b"x", verify=context).text
    except httpx.ConnectError as error:
        return str(error)


@pytest.mark.parametrize(
    ("story", "hosts", "made_days_ago", "ca", "host", "says"),
    [
        ("the right CA", ("127.0.0.1",), 1, "own", "127.0.0.1", "hello"),
        ("by a name", ("centre.example", "localhost"), 1, "own", "localhost", "hello"),
        ("another CA", ("127.0.0.1",), 1, "other", "127.0.0.1", "unable to get local issuer certificate"),
        ("the machine's CAs", ("127.0.0.1",), 1, None, "127.0.0.1", "unable to get local issuer certificate"),
        ("another host", ("centre.example",), 1, "own", "127.0.0.1", "IP address mismatch"),
        ("another name", ("127.0.0.1",), 1, "own", "localhost", "Hostname mismatch"),
        ("over", ("127.0.0.1",), 31, "own", "127.0.0.1", "certificate has expired"),
        ("not yet valid", ("127.0.0.1",), -2, "own", "127.0.0.1", "not yet valid"),
    ],
)
def test_whom_a_client_believes(tmp_path, story, hosts, made_days_ago, ca, host, says):
    certificates(tmp_path / "own", days_ago(made_days_ago), hosts)
    certificates(tmp_path / "other", days_ago(1), hosts)
    with tls_server(tmp_path / "own", lambda *_: (200, b"hello")) as port:
        assert says in reached(port, None if ca is None else tmp_path / ca / "ca.pem", host)


def test_a_ca_signs_servers_and_a_server_signs_nothing():
    server = make_server(AUTHORITY, ["Centre.Example", "10.0.0.5", "2001:db8::1"], NOW, 825).certificate
    for certificate, is_ca, signs in ((AUTHORITY.certificate, True, True), (server, False, False)):
        extensions = certificate.extensions
        basic = extensions.get_extension_for_class(x509.BasicConstraints)
        use = extensions.get_extension_for_class(x509.KeyUsage)
        assert (basic.critical, basic.value.ca, use.critical, use.value.key_cert_sign) == (True, is_ca, True, signs)
    assert AUTHORITY.certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    use = server.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(use) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert hosts_of(server) == ("centre.example", "10.0.0.5", "2001:db8::1")
    server.verify_directly_issued_by(AUTHORITY.certificate)


@pytest.mark.parametrize(
    ("days_on", "days", "valid_days"), [(0, 30, 30), (0, 5000, SERVER_DAYS_MAX), (700, 825, round(365.25 * 3) - 700)]
)
def test_a_server_ends_with_its_ca_at_the_latest(days_on, days, valid_days):
    now = NOW + timedelta(days=days_on)
    certificate = make_server(AUTHORITY, ["a"], now, days).certificate
    assert round((certificate.not_valid_after_utc - now) / timedelta(days=1)) == valid_days


def test_a_ca_that_is_over_signs_nothing():
    with pytest.raises(SettingsProblemError, match="the CA ended on"):
        make_server(AUTHORITY, ["a"], NOW + timedelta(days=1200), 30)


@pytest.mark.parametrize("hosts", [[], ["a b"], ["*.example"], ["-a"], ["a..b"], ["路口"], ["a/b"], ["a" * 64], [""]])
def test_hosts_that_are_none(hosts):
    with pytest.raises(SettingsProblemError, match="--host: expected"):
        make_server(AUTHORITY, hosts, NOW, 30)


def lukou(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "lukou", "ca", *words], capture_output=True, text=True, check=False)


def test_the_commands_make_a_ca_once_renew_its_server_and_keep_keys_to_their_owner(tmp_path):
    folder, passphrase = tmp_path / "ca", tmp_path / "passphrase"
    passphrase.write_text("correct horse\n")
    words = ("--out", str(folder), "--passphrase-file", str(passphrase))
    made = lukou("make", *words, "--host", "centre.example", "--host", "10.0.0.5", "--years", "3")
    assert (made.returncode, "centre.example, 10.0.0.5" in made.stdout) == (0, True)
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "ca.pem": 0o644,
        "ca-key.pem": 0o600,
        "server.pem": 0o644,
        "server-key.pem": 0o600,
    }
    first = Folder(folder).certificate(SERVER)
    again = lukou("make", *words, "--host", "x")
    assert (again.returncode, len(again.stderr.splitlines())) == (2, 1)
    renewed = lukou("renew", *words)
    assert renewed.returncode == 0, renewed.stderr
    second = Folder(folder).certificate(SERVER)
    assert hosts_of(second) == hosts_of(first)
    assert second.public_key() != first.public_key()
    second.verify_directly_issued_by(Folder(folder).certificate(CA))
    without = lukou("renew", "--out", str(folder))
    assert (without.returncode, without.stderr.count("--passphrase-file")) == (2, 1)


@pytest.mark.parametrize(
    ("story", "spoil", "passphrase", "says"),
    [
        ("no CA", lambda f: (f / "ca-key.pem").unlink(), None, "expected the CA's key, found none"),
        ("no certificate", lambda f: (f / "ca.pem").unlink(), None, "expected a certificate, found none"),
        ("something else", lambda f: (f / "ca.pem").write_text("x"), None, "found something else"),
        ("a spoilt key", lambda f: (f / "ca-key.pem").write_text("x"), None, "no key that this passphrase opens"),
        ("the server's key", lambda f: (f / "server-key.pem").replace(f / "ca-key.pem"), None, "found another"),
        ("a passphrase too many", lambda _: None, b"x", "has no passphrase"),
    ],
)
def test_a_folder_that_is_no_ca_any_more(tmp_path, story, spoil, passphrase, says):
    certificates(tmp_path, machine_now())
    spoil(tmp_path)
    with pytest.raises(SettingsProblemError, match=says):
        Folder(tmp_path, passphrase).ca()
