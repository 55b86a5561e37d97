"""`lukou ca`: the operator's private CA, and the certificate by which boxes and browsers know the centre."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from server.certificates.files import CA, SERVER, Folder
from server.certificates.making import SERVER_DAYS_MAX, hosts_of, make_ca, make_server
from server.errors import SettingsProblemError

ca = typer.Typer(add_completion=False, no_args_is_help=True)
OutOption = Annotated[Path, typer.Option(help="the CA's folder")]
HostOption = Annotated[list[str] | None, typer.Option(help="a name or address of the centre; may be given again")]
PassphraseOption = Annotated[Path | None, typer.Option(help="a file with the passphrase of the CA's key")]
DaysOption = Annotated[int, typer.Option(min=1, max=SERVER_DAYS_MAX, help="how long the server's certificate is valid")]


@ca.command()
def make(
    out: OutOption,
    host: HostOption = None,
    years: Annotated[int, typer.Option(min=1, max=30, help="how long the CA is valid")] = 10,
    days: DaysOption = SERVER_DAYS_MAX,
    passphrase_file: PassphraseOption = None,
    name: Annotated[str, typer.Option(help="what the CA is called in a list of certificates")] = "lukou private CA",
) -> None:
    """Make a private CA, and a certificate of it for the centre's HTTPS and for its broker."""
    folder = Folder(out, _passphrase(passphrase_file))
    if folder.has_ca():
        raise SettingsProblemError(f"{out}: a CA is here already; `lukou ca renew` makes a new server certificate")
    now = _now()
    authority = make_ca(name, now, years)
    server = make_server(authority, host or (), now, days)
    folder.write(CA, authority)
    folder.write(SERVER, server)
    _tell(folder)
    typer.echo("Give ca.pem to the boxes. Keep ca-key.pem off this machine: only `lukou ca renew` needs it.")


@ca.command()
def renew(
    out: OutOption,
    host: HostOption = None,
    days: DaysOption = SERVER_DAYS_MAX,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Make a new server certificate of the same CA, for the same hosts unless others are given."""
    folder = Folder(out, _passphrase(passphrase_file))
    authority = folder.ca()
    hosts = host or hosts_of(folder.certificate(SERVER))
    folder.write(SERVER, make_server(authority, hosts, _now(), days))
    _tell(folder)
    typer.echo("Restart `lukou serve` and the broker: they read it when they start. The boxes need nothing.")


def _tell(folder: Folder) -> None:
    authority, server = folder.certificate(CA), folder.certificate(SERVER)
    typer.echo(f"{folder.path}/ca.pem      valid until {authority.not_valid_after_utc:%Y-%m-%d}")
    hosts = ", ".join(hosts_of(server))
    typer.echo(f"{folder.path}/server.pem  valid until {server.not_valid_after_utc:%Y-%m-%d}, for {hosts}")


def _passphrase(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        passphrase = path.read_bytes().strip()
    except OSError as error:
        raise SettingsProblemError(f"{path}: expected a passphrase, found no file ({error.strerror})") from error
    if not passphrase:
        raise SettingsProblemError(f"{path}: expected a passphrase, found an empty file")
    return passphrase


def _now() -> datetime:
    return datetime.fromtimestamp(time.time_ns() // 1_000_000_000, tz=UTC)
