"""`lukou evidence`: what anybody can ask of evidence packages, without a box and without the centre."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track as progress_bar

from edge import keys
from edge.judge_packages import packages_below
from edge.verify_packages import Chain, Checked, Verdict, verify

evidence = typer.Typer(add_completion=False)


@evidence.callback()
def about() -> None:
    """Evidence packages."""


@evidence.command("verify")
def verify_packages(
    folders: Annotated[list[Path], typer.Argument(help="packages, or folders in which packages lie")],
    key: Annotated[
        Path | None,
        typer.Option(help="the device's public key (PEM): proves whose the seals are"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the findings as JSON")] = False,
) -> None:
    """Say whether every byte is as it was sealed, nothing lacks and the chain is whole (0), or what is broken (1)."""
    public_key = None if key is None else keys.load_public_key(key)
    found = packages_below(folders)
    bar = progress_bar(found, "verifying", console=Console(stderr=True), transient=True, disable=as_json)
    verdict = verify(bar, public_key)
    if as_json:
        typer.echo(
            json.dumps(
                {"packages": len(found), "chains": [_facts(c) for c in verdict.chains], "problems": verdict.problems},
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        _tell(verdict, len(found), proved=key is not None)
    raise typer.Exit(1 if verdict.problems else 0)


def _tell(verdict: Verdict, count: int, *, proved: bool) -> None:
    for problem in verdict.problems:
        typer.echo(problem)
    for chain in verdict.chains:
        typer.echo(_line(chain))
    for package in [package for chain in verdict.chains for package in chain.packages if package.purged]:
        typer.echo(_purged_line(package))
    broken = len(verdict.problems)
    typer.echo(f"{count} packages: {'whole' if not broken else f'{broken} problems'}")
    if not proved:
        typer.echo("the seals hold by the key in each package; --key says whether it is the device's", err=True)


def _purged_line(package: Checked) -> str:
    """Return what the box says of what it has deleted, and when by its clock."""
    at = datetime.fromtimestamp(max(each.at_ms for each in package.purged) / 1000, UTC)
    names = ", ".join(each.name for each in package.purged)
    why = "; ".join(sorted({each.why for each in package.purged}))
    return f"{package.folder}: purged on {at:%Y-%m-%d %H:%M:%S} UTC ({why}): {names}"


def _line(chain: Chain) -> str:
    manifests = [package.manifest for package in chain.packages if package.manifest is not None]
    numbers = [manifest.sequence for manifest in manifests]
    devices = ", ".join(sorted({manifest.device_id for manifest in manifests}))
    invalid = sum(manifest.clock.status == "invalid" for manifest in manifests)
    clock = "" if not invalid else f"; the clock proves nothing in {invalid}"
    return f"chain {chain.name} of {devices}: numbers {min(numbers)} to {max(numbers)}, {len(numbers)} here{clock}"


def _facts(chain: Chain) -> dict[str, object]:
    numbers = [p.manifest.sequence for p in chain.packages if p.manifest is not None]
    return {"chain": chain.name, "first": min(numbers), "last": max(numbers), "here": len(numbers)} | {
        "purged": [asdict(each) for package in chain.packages for each in package.purged]
    }
