"""`lukou calibrate`: checks a scene, and draws it over a picture so that a person sees where its metres lie."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from calibration.draw import draw_scene
from calibration.geometry import extent_m
from calibration.reader import load_scene

calibrate = typer.Typer(no_args_is_help=True, add_completion=False, help="Check a scene, and draw it over a picture.")
SceneArgument = Annotated[Path, typer.Argument(help="scene.yaml")]


@calibrate.command()
def check(scene_path: SceneArgument) -> None:
    """Say what is wrong with a scene; else its residuals and sizes."""
    scene = load_scene(scene_path)
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
    Console().print(table)


@calibrate.command()
def draw(
    scene_path: SceneArgument,
    picture: Annotated[Path, typer.Option(help="a picture of the camera, at the scene's size")],
    out: Annotated[Path, typer.Option(help="the PNG to write")],
) -> None:
    """Draw the ground grid, the reference points and the crosswalks over a picture."""
    draw_scene(load_scene(scene_path), picture, out)
    typer.echo(out)
