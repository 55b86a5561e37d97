"""`lukou serve`: runs the centre, and enrols devices and users on the machine that holds its data."""

import logging
import secrets
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import structlog
import typer
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from server import audit, audit_cli, devices
from server.access.rights import FORMER, Role, role_of
from server.access.service import add_user
from server.app import create_app, running_ingest, second_review_salt
from server.db import Sessions, open_engine, sessions, unit_of_work
from server.errors import SettingsProblemError
from server.known_answers.seeding import COUNT_MAX, DAYS_MAX, seed
from server.law.law_book import read_law_book
from server.law.listing import not_verified, tables
from server.migrate import migrate
from server.open_evidence import open_evidence
from server.parties import service as parties
from server.retention import service as retention
from server.secrets_box import SecretsBox
from server.settings import Settings, read_settings

serve = typer.Typer(invoke_without_command=True, no_args_is_help=False, add_completion=False)
serve.add_typer(audit_cli.audit, name="audit")
ingest = typer.Typer(add_completion=False)


def wall_clock_ms() -> int:
    """Read the clock: the one place where the centre does."""
    return time.time_ns() // 1_000_000


@serve.callback()
def run(context: typer.Context) -> None:
    """Run the central service; settings by LUKOU_* in the environment (docs/server.md)."""
    if context.invoked_subcommand is not None:
        return
    settings = read_settings()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    logging.getLogger("alembic").setLevel(logging.WARNING)
    app = create_app(settings, wall_clock_ms)
    uvicorn.run(
        app,
        host=settings.http_host,
        port=settings.http_port,
        log_level="warning",
        access_log=False,
        ssl_certfile=settings.tls_cert_file,
        ssl_keyfile=settings.tls_key_file,
    )


@ingest.command()
def take_in(
    workers: Annotated[int, typer.Option(min=1, max=16, help="connections of this process")] = 1,
) -> None:
    """Take messages in, without pages: as many processes as you like beside `lukou serve`, on the same settings."""
    settings = read_settings().model_copy(update={"ingest_workers": workers})
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    logging.getLogger("alembic").setLevel(logging.WARNING)
    stopped = threading.Event()
    for word in (signal.SIGTERM, signal.SIGINT):
        signal.signal(word, lambda *_: stopped.set())
    with running_ingest(settings, wall_clock_ms):
        typer.echo(f"{workers} worker(s) on {settings.mqtt_host}:{settings.mqtt_port}", err=True)
        stopped.wait()


@serve.command("enrol-device")
def enrol_device(
    device_id: Annotated[str, typer.Argument(help="the box's id")],
    site: Annotated[str, typer.Option(help="the site at which it stands")],
    key: Annotated[Path, typer.Option(help="its Ed25519 public key, PEM")],
    camera: Annotated[list[str] | None, typer.Option(help="a camera it speaks for; else any of its site")] = None,
) -> None:
    """Register a box and print the token of its uploads, once."""
    token = secrets.token_urlsafe(32)
    settings = read_settings()
    public_key = _public_key(key)
    with unit_of_work(_database(settings)) as session:
        devices.enrol(session, device_id, site, public_key, token, wall_clock_ms(), tuple(camera or ()))
        audit.record(session, wall_clock_ms(), "service", "device.enrol", detail=f"{device_id} at {site}")
    typer.echo(token)


def _role(word: str) -> Role:
    try:
        return role_of(word)
    except ValueError as error:
        former = ", ".join(f"{old} (now {new})" for old, new in FORMER.items())
        raise typer.BadParameter(f"expected one of {', '.join(Role)}; or {former}; found {word!r}") from error


@serve.command("add-user")
def add(
    name: Annotated[str, typer.Argument(help="the user's name")],
    role: Annotated[Role, typer.Option(parser=_role, metavar="ROLE", help=", ".join(Role))] = Role.REVIEWER,
) -> None:
    """Add a user, or give one a new password and role; the password is read from standard input."""
    settings = read_settings()
    password = sys.stdin.readline().rstrip("\n")
    with unit_of_work(_database(settings)) as session:
        add_user(session, name, password, role, demonstration=settings.demonstration, must_change=True)
        audit.record(session, wall_clock_ms(), "service", "user.add", detail=f"{name} as {role.value}")


@serve.command("law")
def law() -> None:
    """Check the law's data with the operator's over it (LUKOU_LAW_DIR), and print all of it as tables (docs/law.md)."""
    book = read_law_book(read_settings().law_dir)
    for name, table in tables(book).items():
        typer.echo(f"## {name}\n{table}\n")
    typer.echo(not_verified(book))


@serve.command("seed-known")
def seed_known(
    days: Annotated[int, typer.Option("--from", min=1, max=DAYS_MAX, help="cases of the last so many days")] = 30,
    count: Annotated[int, typer.Option(min=1, max=COUNT_MAX, help="how many")] = 50,
) -> None:
    """Seed cases with a known answer, by which reviewers' care is measured (docs/care.md)."""
    settings = read_settings()
    salt = second_review_salt(SecretsBox(settings.secrets_keys))
    with unit_of_work(_database(settings)) as session:
        added = seed(session, "service", days, count, salt, wall_clock_ms())
    typer.echo(f"{added} cases with a known answer added; they come into reviewers' queues by the draw")


@serve.command("purge")
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would be purged, and purge nothing")] = False,
) -> None:
    """Purge the evidence whose time is over (docs/server.md)."""
    settings, now_ms = read_settings(), wall_clock_ms()
    periods = read_law_book(settings.law_dir).retention
    database = _database(settings)
    if dry_run:
        with database.reading() as session:
            for fate, count in retention.count_due(session, periods, now_ms).items():
                typer.echo(f"{fate}: {count} events")
        return
    swept = retention.sweep(database, open_evidence(settings), periods, now_ms)
    typer.echo(f"purged the evidence of {swept.events} events, {swept.files} files")


@serve.command("rekey")
def rekey(
    forget_old: Annotated[
        bool, typer.Option("--forget-old", help="no new key: take the old ones out of the file, a while after a rekey")
    ] = False,
) -> None:
    """Seal all personal data under a new key; the old keys stay in the file until --forget-old (docs/documents.md)."""
    settings = read_settings()
    database, box, done = _database(settings), SecretsBox(settings.secrets_keys), 0
    if not forget_old:
        box.add_key()
    while turned := _turned_over(database, box):
        done += turned
        typer.echo(f"\r{done} values sealed anew", nl=False, err=True)
    if forget_old:  # apart from adding: what another process sealed meanwhile under the old key is committed by now
        box.forget_all_but_newest()
    newest, *kept = box.key_ids()
    with unit_of_work(database) as session:
        audit.record(session, wall_clock_ms(), "service", "secrets.rekey", detail=f"{newest}: {done} values")
    typer.echo(f"{done} values sealed anew under the key {newest}; {len(kept)} old keys in {settings.secrets_keys}")


def _turned_over(database: Sessions, box: SecretsBox) -> int:
    with unit_of_work(database) as session:
        return parties.turn_keys_over(session, box)


def _database(settings: Settings) -> Sessions:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    migrate(engine)
    return sessions(engine)


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SettingsProblemError(f"{path}: expected an Ed25519 public key (PEM): {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise SettingsProblemError(f"{path}: expected an Ed25519 public key, found a {type(key).__name__}")
    return key
