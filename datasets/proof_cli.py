"""`lukou simulate`, `lukou score`, `lukou bench remix`: truths that are known, and what was found held against them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from datasets.benchmark import remix as remixes
from datasets.cache import cache_folder
from datasets.case_picture import draw_misses, read_place
from datasets.claims import compare_simulated, read_claims
from datasets.footage import footage as fetch_footage
from datasets.progress import telling
from datasets.remix.run import cast_of
from datasets.rows import write_lines
from datasets.score_report import as_figures, misses, require, show, show_yields, yield_figures
from datasets.scoring import Compared, by_track, compare
from datasets.simulation.files import write as write_simulated
from datasets.simulation.run import simulate as simulate_site
from datasets.simulation.seen import Faults
from datasets.simulation.sumo import repeats
from datasets.yield_claims import compare_simulated_yields
from datasets.yield_scoring import YieldsCompared, YieldScore, yield_misses
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
    if not repeats():
        typer.echo("setarch -R is not allowed here: another run of this seed may differ in small things", err=True)
    typer.echo(f"{out}: {len(simulated.site.arms)} arms, {len(simulated.traces)} road users; {acts}")


@score.command()
def score_found(  # noqa: PLR0913, PLR0917 - a command takes its options as arguments
    found: Annotated[Path | None, typer.Option(help="violations.jsonl: what was found")] = None,
    truth: Annotated[Path | None, typer.Option(help="truth.jsonl: what happened")] = None,
    simulated: Annotated[
        Path | None, typer.Option(help="instead of --truth: a folder of `lukou simulate`, of any tracks")
    ] = None,
    yields: Annotated[
        Path | None, typer.Option(help="with --simulated: yields.jsonl as found, who met whom and who went first")
    ] = None,
    any_track: Annotated[
        bool, typer.Option("--any-track", help="the two number road users apart: pair by zone and time alone")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    capture_min: LeastOption = 0.0,
    valid_min: LeastOption = 0.0,
    misses_file: Annotated[
        Path | None, typer.Option("--misses", help="where to list what was missed and what was found wrongly")
    ] = None,
    pictures: Annotated[
        Path | None, typer.Option(help="with --simulated: a folder for a picture of each such case")
    ] = None,
) -> None:
    """Compare what was found with what happened: capture rate and valid rate per kind, with 95 % intervals."""
    asked = _Asked(found, truth, simulated, yields, pictures, any_track)
    if asked.problems():
        raise InputProblemError(*asked.problems())
    compared, met = asked.compared(), asked.met()
    if misses_file is not None:
        write_lines(misses_file, misses(compared) + yield_misses(met))
    if pictures is not None and simulated is not None:
        draw_misses(compared, read_place(simulated), pictures)
    if as_json:
        figures = as_figures(compared.scores) if found is not None else {}
        typer.echo(json.dumps(figures | ({} if yields is None else {"yields": yield_figures(met.score)}), indent=2))
    if found is not None and not as_json:
        show(compared.scores, f"{found} against {truth or simulated}", Console())
    if yields is not None and not as_json:
        show_yields(met.score, f"{yields} against {simulated}", Console())
    require(compared.scores, capture_min, valid_min, met.score)


def remix_figures(  # noqa: PLR0913, PLR0917 - a command takes its options as arguments
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    seeds: Annotated[int, typer.Option(min=1, help="how many remixes")] = 9,
    first: Annotated[int, typer.Option(min=0, help="the first seed; 1 to 18 were used to build with")] = 21,
    seconds: Annotated[float, typer.Option(min=20, max=3600, help="how long each is")] = 120,
    crowded: Annotated[bool, typer.Option("--crowded", help="people may cover each other")] = False,
    model: Annotated[str, typer.Option(help="a name of `lukou models list`, or a path to an .onnx")] = "nanodet-g",
    misses_file: Annotated[
        Path | None, typer.Option("--misses", help="where to list what was missed and what was found wrongly")
    ] = None,
    keep: Annotated[Path | None, typer.Option(help="a folder in which videos and findings are left")] = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="exit 1 under a capture of 0.95 or a valid rate of 0.98")
    ] = False,
) -> None:
    """Measure the whole edge on remixes, with the lamp given and read from its pixels: capture and valid rate."""
    console = Console(stderr=as_json)
    with telling(console, "remix") as say:
        cast = cast_of(fetch_footage(cache_folder("footage"), say), cache_folder("remix"), say)
    wanted = remixes.Wanted(seeds, first, seconds, crowded, model, misses_file, keep)
    halves = remixes.bench_remix(wanted, cast, console, as_json=as_json)
    if gate:
        remixes.gate(halves)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be compared with what. What was not asked for compares as nothing with nothing."""

    found: Path | None
    truth: Path | None
    simulated: Path | None
    yields: Path | None
    pictures: Path | None
    any_track: bool

    def problems(self) -> list[str]:
        """Return what does not go together."""
        told = {
            "--found, --yields: needs one of them at least, found neither": self.found is None and self.yields is None,
            "--truth, --simulated: needs one of them, found neither": self.truth is None and self.simulated is None,
            "--truth, --simulated: needs one of them, found both": self.truth is not None
            and self.simulated is not None,
            "--pictures: needs --simulated, whose scene, tracks and signals are drawn": self.pictures is not None
            and self.simulated is None,
            "--yields: needs --simulated, which says who met whom": self.yields is not None and self.simulated is None,
            "--any-track: is for --truth; a simulation says who is who": self.any_track and self.simulated is not None,
        }
        return [problem for problem, is_so in told.items() if is_so]

    def compared(self) -> Compared:
        """Return the violations that were found against those that happened."""
        if self.found is None:
            return compare([], [])
        if self.simulated is not None:
            return compare_simulated(self.simulated, self.found)
        return compare(read_claims(self.truth or Path()), read_claims(self.found), None if self.any_track else by_track)

    def met(self) -> YieldsCompared:
        """Return the meetings that were found against those that happened."""
        if self.yields is None or self.simulated is None:
            return YieldsCompared(YieldScore())
        return compare_simulated_yields(self.simulated, self.yields)
