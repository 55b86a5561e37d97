"""The command ``lukou``: which house owns which sub-command, and how an error reaches the person at the terminal.

Nothing else lives here. A house is imported only when one of its commands is asked for.

An error that is meant for the person at the terminal carries ``exit_status`` (1 the answer is no, 2 the input is
wrong, 3 a part that is needed is missing or down) and its text is what to show; any other error is a defect of ours
and keeps its traceback.
"""

import sys
from importlib import import_module

import typer

COMMANDS = {
    "demo": ("datasets.cli:demo", "Broker, centre and box on this machine, on real footage."),
    "watch": ("edge.cli:watch", "Watch one video: tracks, violations, passages and evidence into a folder."),
    "judge": ("edge.cli:judge", "The rules alone, on trajectories."),
    "evidence": ("edge.evidence_cli:evidence", "Evidence packages: whether they are whole, sealed and a chain."),
    "edge": ("edge.cli:edge", "The box: cameras, outbox, publisher."),
    "clock": ("edge.clock_cli:clock", "How far the box's clock is off, by whom, and whether it proves anything."),
    "signals": ("edge.signals_cli:signals", "What the sources of a box's signals say, live."),
    "device": (
        "edge.device_cli:device",
        "Enrol this box at the centre by a one-time code; show its key's fingerprint.",
    ),
    "serve": ("server.cli:serve", "The central service."),
    "ca": ("server.ca_cli:ca", "A private CA, and the certificate for the centre's HTTPS and its broker."),
    "ledger": ("server.ledger_cli:ledger", "The fine ledger: export it, verify an export, check a proof, a statement."),
    "broker": ("server.broker_cli:broker", "The first file of the broker's access control."),
    "ingest": ("server.cli:ingest", "More workers that take events in at the centre."),
    "models": ("edge.models_cli:models", "The detectors: list, pull, describe, check, quantize, export, train."),
    "assets": ("datasets.cli:assets", "Fetch what the pages and the pictures need: scripts and a font."),
    "footage": ("datasets.cli:footage", "Fetch the footage of the demonstration."),
    "remix": ("datasets.cli:remix", "Real people played again with a lamp drawn in: a video and the exact truth."),
    "calibrate": ("edge.calibrate_cli:calibrate", "Draw a scene on a page; check it; see what its traffic says of it."),
    "simulate": ("datasets.proof_cli:simulate", "An intersection by SUMO, with the truth of who broke which rule."),
    "shadow": ("edge.shadow_cli:shadow", "A second rule set beside the live one: where the two differ."),
    "score": ("datasets.proof_cli:score", "What was found against what happened: capture and valid rate per kind."),
    "faults": ("datasets.faults.cli:faults", "The whole chain under harm, as real processes: nothing lost or doubled."),
    "bench": ("datasets.cli:bench", "The benchmarks."),
}


def main(arguments: list[str] | None = None) -> None:
    """Run a sub-command and leave with its exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    name = given[0] if given else "--help"
    if name not in COMMANDS:
        _overview()
        sys.exit(0 if name in {"--help", "-h"} else _unknown(name))
    module, attribute = COMMANDS[name][0].split(":")
    try:
        getattr(import_module(module), attribute)(args=given[1:], prog_name=f"lukou {name}")
    except Exception as error:
        status = getattr(error, "exit_status", None)
        if status is None:
            raise
        typer.echo(str(error), err=True)
        sys.exit(status)


def _overview() -> None:
    typer.echo("Usage: lukou COMMAND [OPTIONS]    (lukou COMMAND --help says more)\n")
    for name, (_, purpose) in COMMANDS.items():
        typer.echo(f"  {name:<10} {purpose}")


def _unknown(name: str) -> int:
    typer.echo(f"lukou: expected one of the commands above, found {name!r}", err=True)
    return 2


if __name__ == "__main__":
    main()
