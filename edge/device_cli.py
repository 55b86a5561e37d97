"""`lukou device`: enrols this box at the centre, and shows the fingerprint of its key."""

from pathlib import Path
from typing import Annotated

import typer

from contract.identity import fingerprint
from edge.enrolment import KEY, TOKEN, Wish, configuration
from edge.enrolment import enrol as enrolled
from edge.keys import load_private_key

device = typer.Typer(add_completion=False, no_args_is_help=True)


@device.command()
def enrol(
    centre: Annotated[str, typer.Option(help="the centre's address, https://...")],
    code: Annotated[str, typer.Option(help="the one-time code from the console's devices page")],
    out: Annotated[Path, typer.Option(help="the folder for key, token and edge.yaml")],
    ca: Annotated[Path | None, typer.Option(help="the operator's CA (ca.pem); else the CAs of this machine")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="enrolled already: with a new key")] = False,
    keep_key: Annotated[bool, typer.Option("--keep-key", help="enrolled already: with the same key")] = False,
) -> None:
    """Enrol this box: its key is made here and stays here."""
    wish = Wish(centre, code, out, ca, replace, keep_key)
    answer = enrolled(wish)
    cameras = ", ".join(answer.cameras) or "any camera"
    typer.echo(f"enrolled as {answer.device_id} at {answer.site_id}, for {cameras}")
    _show(out)
    parts, path = configuration(wish, answer), out / "edge.yaml"
    if path.exists():
        typer.echo(f"{path} is here already and was not touched; these parts belong into it:\n\n{parts}")
        return
    path.write_text(f"{parts}data: ./data\n# cameras: as docs/formats.md has them\n", encoding="utf-8")
    typer.echo(f"{path} has the parts `device` and `centre`; add `cameras` (docs/formats.md):\n\n{parts}")


@device.command()
def show(
    folder: Annotated[Path, typer.Option("--dir", help="the folder that `enrol --out` wrote")] = Path(),
) -> None:
    """Show the fingerprint of this box's key, to compare with the console's devices page."""
    _show(folder)
    if not (folder / TOKEN).exists():
        typer.echo("no token is here: this box is not enrolled yet")
        raise typer.Exit(1)


def _show(folder: Path) -> None:
    key = load_private_key(folder / KEY)
    typer.echo(f"key {fingerprint(key.public_key())}")
