"""`lukou ledger`: export the fine ledger, verify an export without the centre, check the proof on a notice."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from server.errors import ServerError
from server.ledger.head_file import proof_problem, read_head
from server.ledger.proofs import read_proof
from server.ledger.verify import Verified, public_key, verify

ledger = typer.Typer(add_completion=False, no_args_is_help=True)
TOLD_EVERY = 2_000
ENTRY_BYTES = 420
"""What a line of entries.csv takes, for the bar alone."""


@ledger.command("export")
def write(out: Annotated[Path, typer.Option(help="an empty folder, or one that is made")]) -> None:
    """Write the whole ledger into a folder that an auditor checks alone; settings as `lukou serve`."""
    from server.db import open_engine, sessions  # noqa: PLC0415 - the verifier needs neither database nor settings
    from server.keys import signing_key  # noqa: PLC0415
    from server.ledger.export import export  # noqa: PLC0415
    from server.ledger.forest import size_of  # noqa: PLC0415
    from server.migrate import migrate  # noqa: PLC0415
    from server.settings import read_settings  # noqa: PLC0415

    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    migrate(engine)
    key = signing_key(settings.data_dir / "centre-key.pem").public_key()
    with sessions(engine).reading() as session, _bar() as bar:
        task = bar.add_task("entries", total=size_of(session))
        size = export(session, out, key, time.time_ns() // 1_000_000, lambda at: _tell(bar, task, at))
        bar.update(task, completed=size)
    engine.dispose()
    typer.echo(f"{out}: {size} entries. Check it anywhere: lukou ledger verify {out} --key centre-public.pem")


@ledger.command("verify")
def check(
    folder: Annotated[Path, typer.Argument(help="an exported ledger")],
    key: Annotated[Path | None, typer.Option(help="the centre's public key, from elsewhere (PEM)")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Check chain, balance, tree, heads and signatures of an export. 0: all is right, 1: it is not, 2: no export."""
    entries = folder / "entries.csv"
    with _bar() as bar:
        about = entries.stat().st_size // ENTRY_BYTES if entries.is_file() else 0
        task = bar.add_task("entries", total=about)
        found = verify(folder, key, lambda at: _tell(bar, task, at))
        bar.update(task, total=max(found.entries, 1), completed=max(found.entries, 1))
    typer.echo(json.dumps(asdict(found), indent=2) if as_json else _report(found, key))
    if found.problem_count:
        raise LedgerProblemError(f"{folder}: {found.problem_count} problem(s)")


@ledger.command("check-proof")
def check_proof(
    text: Annotated[str, typer.Argument(help="what the notice's code says")],
    head: Annotated[Path, typer.Option(help="a published head: /ledger/heads/DAY.json, or a line of heads.jsonl")],
    key: Annotated[Path | None, typer.Option(help="the centre's public key (PEM)")] = None,
) -> None:
    """Tell whether the entry that a notice names stands in the published book. 0: it does, 1: it does not."""
    proof = read_proof(text)
    told, since = read_head(head, None if key is None else public_key(key))
    problem = proof_problem(proof, told, since)
    if problem is not None:
        raise LedgerProblemError(f"entry {proof.number}: {problem}")
    sure = "" if key is not None else " (the head's signature was not checked: give --key)"
    typer.echo(f"entry {proof.number}, hash {proof.entry_hash.hex()}, stands in the book of {told.day}{sure}")


class LedgerProblemError(ServerError):
    """The ledger, or a proof, is not what it should be: exit 1."""


def _report(found: Verified, key: Path | None) -> str:
    lines = [f"{found.entries} entries, {found.heads} published heads, root {found.root}"]
    for demonstration, account, debit, credit in found.balances_fen:
        mark = " (demonstration)" if demonstration else ""
        lines.append(f"  {account:<22}{(debit - credit) / 100:>16,.2f} yuan{mark}")
    if key is None:
        lines.append("The key is the folder's own: its signatures say nothing of who made them. Give --key.")
    lines += [f"WRONG {line}" for line in found.problems]
    return "\n".join([*lines, "Nothing is wrong." if not found.problem_count else ""]).rstrip()


def _tell(bar: Progress, task: int, at: int) -> None:
    if at % TOLD_EVERY == 0:
        bar.update(task, completed=at)  # type: ignore[arg-type]  # rich's TaskID is an int


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
