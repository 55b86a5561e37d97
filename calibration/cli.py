"""`lukou calibrate draw`: a scene over a picture, so that a person sees where its metres lie."""

from pathlib import Path
from typing import Annotated

import typer

from calibration.draw import draw_scene
from calibration.reader import load_scene

calibrate = typer.Typer(add_completion=False)
SceneArgument = Annotated[Path, typer.Argument(help="scene.yaml")]


@calibrate.command()
def draw(
    scene_path: SceneArgument,
    picture: Annotated[Path, typer.Option(help="a picture of the camera, at the scene's size")],
    out: Annotated[Path, typer.Option(help="the PNG to write")],
) -> None:
    """Draw the ground grid, the reference points and the crosswalks over a picture."""
    draw_scene(load_scene(scene_path), picture, out)
    typer.echo(out)
