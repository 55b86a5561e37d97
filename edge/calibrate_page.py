"""`lukou calibrate` itself: takes a picture of the camera and opens the page on which its scene is drawn."""

import secrets
import socket
import sys
import time
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import structlog
import typer
import uvicorn

from calibration.page.app import Desk, create_app, default_assets
from calibration.page.keeping import Shelf
from edge.assembly import address_of
from edge.camera.source import is_stream, without_secret
from edge.camera.still import PictureBgr, as_jpeg, still_of_file, still_of_stream
from edge.errors import InputProblemError, PartMissingError
from edge.ways import ways_of

HOST: Final = "127.0.0.1"
TOKEN_BYTES: Final = 16


def draw_on_a_page(  # noqa: PLR0913, PLR0917 - a command takes its options as arguments
    context: typer.Context,
    scene: Annotated[Path | None, typer.Option(help="scene.yaml to draw; made where it is not there")] = None,
    source: Annotated[str | None, typer.Option(help="a picture, a video, or an rtsp:// or http:// address")] = None,
    at: Annotated[float, typer.Option(min=0, help="seconds into a video")] = 0.0,
    tracks: Annotated[Path | None, typer.Option(help="tracks.csv: what really moves there")] = None,
    username: Annotated[str | None, typer.Option(help="a stream's")] = None,
    password_file: Annotated[Path | None, typer.Option(help="a stream's")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free")] = 0,
    browser: Annotated[bool, typer.Option(help="open it in the browser of this machine")] = True,
) -> None:
    """Draw a scene over a picture of its camera, on a page of this machine; Ctrl-C ends it. Or one of the commands."""
    if context.invoked_subcommand is not None:
        return
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    if scene is None or source is None:
        missing = " and ".join(n for n, given in (("--scene", scene), ("--source", source)) if given is None)
        raise InputProblemError(f"expected --scene and --source (or a command: see --help), found no {missing}")
    ways = () if tracks is None else ways_of(tracks)
    desk = Desk(Shelf(scene), *_picture(source, at, username, password_file), ways)
    desk.shelf.load()  # what is no scene at all is said here, before a browser opens
    _serve(desk, port, browser)


def _picture(
    source: str, at_s: float, username: str | None, password_file: Path | None
) -> tuple[bytes, tuple[int, int]]:
    picture: PictureBgr
    if is_stream(source):
        address = address_of(source, username, password_file)
        picture = still_of_stream(address, without_secret(address), lambda: time.time_ns() // 1_000_000)
    else:
        picture = still_of_file(Path(source), at_s)
    return as_jpeg(picture), (picture.shape[1], picture.shape[0])


def _serve(desk: Desk, port: int, browser: bool) -> None:  # noqa: FBT001 - a flag of the command
    token = secrets.token_urlsafe(TOKEN_BYTES)
    server = uvicorn.Server(uvicorn.Config(create_app(desk, token, default_assets()), log_level="warning"))
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
        except OSError as error:
            raise PartMissingError(
                f"port {port}", error.strerror or "it is taken", "Give another --port, or 0"
            ) from error
        address = f"http://{HOST}:{listening.getsockname()[1]}/?token={token}"
        typer.echo(f"{address}\nDraw {desk.shelf.path} there; Ctrl-C ends it.")
        if browser:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):  # how it is meant to end; uvicorn has shut down by then
            server.run(sockets=[listening])
