"""`lukou serve audit`: seals the days that are over, and verifies every sealed day."""

import time
from pathlib import Path

import typer

from server import audit_heads
from server.audit_sealer import seal_all
from server.db import Sessions, open_engine, sessions
from server.keys import signing_key
from server.migrate import migrate
from server.settings import Settings, read_settings

audit = typer.Typer(no_args_is_help=True, add_completion=False, help="The audit log's daily seals (docs/access.md).")


@audit.command("verify")
def verify() -> None:
    """Reckon every sealed day anew; exit status 1 where a line was changed, removed or added afterwards."""
    settings = read_settings()
    with _database(settings).reading() as session:
        found = audit_heads.verify(session, signing_key(_key_file(settings)).public_key())
    for problem in found.problems:
        typer.echo(problem, err=True)
    typer.echo(f"{found.days} sealed days, {found.entries} lines, {len(found.problems)} problems; head {found.head}")
    raise typer.Exit(1 if found.problems else 0)


@audit.command("seal")
def seal() -> None:
    """Seal the days that are over, as the running centre does by itself."""
    settings = read_settings()
    now_ms = time.time_ns() // 1_000_000
    typer.echo(f"sealed {seal_all(_database(settings), signing_key(_key_file(settings)), now_ms)} days")


def _key_file(settings: Settings) -> Path:
    return settings.data_dir / "centre-key.pem"


def _database(settings: Settings) -> Sessions:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    migrate(engine)
    return sessions(engine)
