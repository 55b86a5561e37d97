"""`lukou simulate` and `lukou score`: intersections whose truth is known, and what was found held against it."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from datasets.case_picture import draw_misses, read_place
from datasets.claims import compare_simulated, read_claims
from datasets.progress import telling
from datasets.rows import write_lines
from datasets.score_report import as_figures, misses, require, show
from datasets.scoring import by_track, compare
from datasets.simulation.files import write as write_simulated
from datasets.simulation.run import simulate as simulate_site
from datasets.simulation.seen import Faults
from edge.errors import InputProblemError

simulate = typer.Typer(add_completion=False)
score = typer.Typer(add_completion=False)

LeastOption = Annotated[float, typer.Option(min=0, max=1, help="exit 1 where a kind's rate is lower")]


@simulate.command()
def simulate_intersection(
    out: Annotated[Path, typer.Option(help="the folder to write into")],
    seed: Annotated[int, typer.Option(min=0, help="another seed is another intersection")] = 1,
    minutes: Annotated[float, typer.Option(min=1, max=600, help="how long")] = 10,
    noise: Annotated[bool, typer.Option("--noise", help="tracks with a tracker's faults (docs/simulation.md)")] = False,
) -> None:
    """Simulate an intersection by SUMO: scene, tracks, signals, and the truth of who broke which rule."""
    with telling(Console(stderr=True), f"intersection {seed}") as say:
        say(f"{minutes:g} minutes")
        simulated = simulate_site(seed, minutes)
        counted = write_simulated(simulated, out, Faults() if noise else None)
    acts = ", ".join(f"{count} {kind}" for kind, count in sorted(counted.items())) or "nothing broken"
    typer.echo(f"{out}: {len(simulated.site.arms)} arms, {len(simulated.traces)} road users; {acts}")


@score.command()
def score_found(  # noqa: PLR0913, PLR0917 - a command takes its options as arguments
    found: Annotated[Path, typer.Option(help="violations.jsonl: what was found")],
    truth: Annotated[Path | None, typer.Option(help="truth.jsonl: what happened")] = None,
    simulated: Annotated[
        Path | None, typer.Option(help="instead of --truth: a folder of `lukou simulate`, of any tracks")
    ] = None,
    any_track: Annotated[
        bool, typer.Option("--any-track", help="the two number road users apart: pair by zone and time alone")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    capture_min: LeastOption = 0.0,
    valid_min: LeastOption = 0.0,
    misses_file: Annotated[
        Path | None, typer.Option("--misses", help="where to list what was missed and who was accused wrongly")
    ] = None,
    pictures: Annotated[
        Path | None, typer.Option(help="with --simulated: a folder for a picture of each such case")
    ] = None,
) -> None:
    """Compare what was found with what happened: capture rate and valid rate per kind, with 95 % intervals."""
    _fit_together(truth, simulated, pictures, any_track=any_track)
    if simulated is not None:
        compared = compare_simulated(simulated, found)
    else:
        compared = compare(read_claims(truth or Path()), read_claims(found), None if any_track else by_track)
    if misses_file is not None:
        write_lines(misses_file, misses(compared))
    if pictures is not None and simulated is not None:
        draw_misses(compared, read_place(simulated), pictures)
    if as_json:
        typer.echo(json.dumps(as_figures(compared.scores), indent=2))
    else:
        show(compared.scores, f"{found} against {truth or simulated}", Console())
    require(compared.scores, capture_min, valid_min)


def _fit_together(truth: Path | None, simulated: Path | None, pictures: Path | None, *, any_track: bool) -> None:
    problems = []
    if (truth is None) == (simulated is None):
        problems.append(f"--truth, --simulated: needs one of them, found {'neither' if truth is None else 'both'}")
    if simulated is None and pictures is not None:
        problems.append("--pictures: needs --simulated, whose scene, tracks and signals are drawn")
    if simulated is not None and any_track:
        problems.append("--any-track: is for --truth; a simulation says who is who")
    if problems:
        raise InputProblemError(*problems)
