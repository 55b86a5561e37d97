"""`lukou broker init`: the first file of Mosquitto's dynamic security, and the centre's password for it."""

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from server.broker_access.first_file import first_file
from server.errors import SettingsProblemError

broker = typer.Typer(add_completion=False, no_args_is_help=True)
CENTRE = "centre"


@broker.callback()
def of_the_centre() -> None:
    """The broker's access control."""


@broker.command()
def init(out: Annotated[Path, typer.Option(help="the folder to write into")]) -> None:
    """Write DIR/dynamic-security.json for Mosquitto, and DIR/centre.env with what `lukou serve` needs."""
    security, environment = out / "dynamic-security.json", out / "centre.env"
    there = [str(path) for path in (security, environment) if path.exists()]
    if there:
        raise SettingsProblemError(f"{', '.join(there)}: is here already; with a new one every box must enrol again")
    out.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(32)
    _write(security, first_file(CENTRE, password))
    settings = {"MQTT_USERNAME": CENTRE, "MQTT_PASSWORD": password, "BROKER_ACCESS": "dynsec"}
    _write(environment, "".join(f"LUKOU_{name}={value}\n" for name, value in settings.items()))
    typer.echo(f"{security}  for the broker: readable and writable by its user (mosquitto), in a folder of its own")
    typer.echo(f"{environment}  for `lukou serve`: its environment, with the centre's password")


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
