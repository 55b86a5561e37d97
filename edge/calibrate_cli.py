"""``lukou calibrate``: the page, and the commands that look at observed tracks: check, suggest."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from calibration.check import Finding, check_scene
from calibration.cli import calibrate
from calibration.flows import TRACKS_MIN, Flow, degrees_apart, flow
from calibration.geometry import extent_m
from calibration.reader import load_scene
from calibration.scene import Scene
from edge.calibrate_page import draw_on_a_page
from edge.ways import ways_of

SceneArgument = Annotated[Path, typer.Argument(help="scene.yaml")]
Tracks = Annotated[Path, typer.Option(help="tracks.csv of `lukou watch`, an hour or so")]
ON_FOOT = ("pedestrian", "rider")


calibrate.callback(invoke_without_command=True)(draw_on_a_page)


@calibrate.command("check")
def check(
    scene_path: SceneArgument,
    tracks: Annotated[Path | None, typer.Option(help="tracks.csv: what really moves there")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """Say what is wrong with a scene, what of it cannot hold (status 1), and its sizes."""
    scene = load_scene(scene_path)
    findings = check_scene(scene, () if tracks is None else ways_of(tracks))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        Console().print(_sizes(scene))
        _tell(findings)
    raise typer.Exit(1 if any(finding.weight == "error" for finding in findings) else 0)


@calibrate.command("suggest")
def suggest(scene_path: SceneArgument, tracks: Tracks) -> None:
    """Say which way people walk over each crosswalk, and which way the traffic goes in each lane."""
    scene, ways = load_scene(scene_path), ways_of(tracks)
    table = Table("shape", "drawn", "observed", "tracks", "that way", "agreement", title=f"{len(ways)} tracks")
    for crosswalk in scene.crosswalks:
        _suggested(table, f"crosswalk {crosswalk.id}", crosswalk.across, flow(crosswalk.polygon_m, ways, ON_FOOT))
    for lane in scene.lanes:
        _suggested(table, f"lane {lane.id}", lane.direction, flow(lane.polygon_m, ways, lane.users))
    Console().print(table)


def _suggested(table: Table, name: str, drawn: tuple[float, float], seen: Flow | None) -> None:
    said = f"{drawn[0]:.2f}, {drawn[1]:.2f}"
    if seen is None:
        table.add_row(name, said, f"fewer than {TRACKS_MIN} tracks: nothing is proposed", "", "", "")
        return
    apart = degrees_apart(seen.axis, drawn)
    axis = f"{seen.axis[0]:.2f}, {seen.axis[1]:.2f} ({apart:.0f} degrees beside the drawn one)"
    table.add_row(name, said, axis, str(seen.tracks), f"{seen.forward:.0%}", f"{seen.agreement:.2f}")


def _sizes(scene: Scene) -> Table:
    table = Table(title=f"{scene.site_name} · {scene.camera_id}", show_header=False)
    if scene.ground is not None:
        worst = int(np.argmax(scene.ground.residuals_m))
        table.add_row("ground, RMS residual", f"{scene.ground.rms_m * 100:.1f} cm")
        table.add_row("ground, worst point", f"points[{worst}]: {scene.ground.residuals_m[worst] * 100:.1f} cm")
    for crosswalk in scene.crosswalks:
        low, high = extent_m(crosswalk.polygon_m, crosswalk.across)
        side = extent_m(crosswalk.polygon_m, (-crosswalk.across[1], crosswalk.across[0]))
        table.add_row(f"crosswalk {crosswalk.id}", f"{high - low:.1f} m across, {side[1] - side[0]:.1f} m wide")
    if scene.demonstration:
        table.add_row("demonstration", scene.note or "yes")
    return table


def _tell(findings: list[Finding]) -> None:
    for finding in findings:
        typer.echo(f"{finding.weight}: {finding}", err=finding.weight == "error")
