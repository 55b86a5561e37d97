"""`lukou shadow report`, `lukou shadow run`: where a second rule set would judge otherwise. It accuses nobody."""

import json
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Column, Table

from calibration.reader import load_scene
from edge.civil_time import DAY_MS, beijing
from edge.shadow import LINE, SIDES
from edge.shadow_comparison import Comparison, Disagreement, compare
from edge.shadow_files import read_lines
from edge.shadowing import fitting, judged_by_both
from edge.terminal import written
from edge.trajectories import read_hand_off, read_signals, read_tracks

SHOWN_MAX: Final = 200

shadow = typer.Typer(add_completion=False, no_args_is_help=True)

JsonOption = Annotated[bool, typer.Option("--json", help="all of it, as JSON")]


@shadow.command()
def report(
    paths: Annotated[list[Path], typer.Argument(help="shadow.jsonl, or the folders in which it or a box's files lie")],
    as_json: JsonOption = False,
) -> None:
    """List where the shadow differs from the live rules."""
    _show(compare(read_lines(paths)), as_json=as_json)


@shadow.command()
def run(
    scene: Annotated[Path, typer.Option(help="scene.yaml as it is live")],
    shadow: Annotated[Path, typer.Option(help="the scene to be tried: other shapes, or other rules")],
    tracks: Annotated[Path, typer.Option(help="tracks.csv")],
    signals: Annotated[Path, typer.Option(help="signals.csv")],
    hand_off: Annotated[Path | None, typer.Option(help="hand_off.csv: when an officer directed the traffic")] = None,
    out: Annotated[Path | None, typer.Option(help="shadow.jsonl to write")] = None,
    as_json: JsonOption = False,
) -> None:
    """Let two rule sets judge the same trajectories, and list where they differ."""
    live = load_scene(scene)
    other = fitting(live, load_scene(shadow), str(shadow))
    shown = read_signals(signals, {signal.id for signal in live.signals})
    switched = None if hand_off is None else read_hand_off(hand_off)
    lines = judged_by_both(live, other, read_tracks(tracks), shown, switched)
    if out is not None:
        written(out, b"".join(LINE.dump_json(line) + b"\n" for line in lines))
    _show(compare(lines), as_json=as_json)


def _show(found: Comparison, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_plain(found), ensure_ascii=False, indent=2))
        return
    console = Console()
    counts = Table("kind", "zone", "both", "only live", "only shadow")
    for act in found.acts:
        counts.add_row(*act, *(str(counter[act]) for counter in (found.both, found.only["live"], found.only["shadow"])))
    console.print(counts)
    for line in (*found.terms, *_said(found)):
        typer.echo(line)
    if not found.disagreements:
        return
    table = Table(
        "only", Column("kind", overflow="fold"), "zone", "track", "entered", "measure", Column("why", overflow="fold")
    )
    for disagreement in found.disagreements[:SHOWN_MAX]:
        table.add_row(*_row(disagreement))
    console.print(table)
    if len(found.disagreements) > SHOWN_MAX:
        typer.echo(f"and {len(found.disagreements) - SHOWN_MAX} more: --json has all")


def _said(found: Comparison) -> list[str]:
    """Return in words what the table of counts does not hold."""
    said = [f"of both, {found.unlike} at another time or with another measure"] if found.unlike else []
    for side in SIDES:
        counted = ", ".join(f"{count} {verdict}" for verdict, count in sorted(found.passages[side].items())) or "none"
        said.append(f"passages {side}: {counted}")
    if found.missed:
        instants = sum(gap.observations for gap in found.missed)
        why = "; ".join(sorted({gap.why for gap in found.missed}))
        said.append(f"the shadow missed {instants} instants in {len(found.missed)} gaps ({why})")
        lost = sum(gap.live_lost for gap in found.missed)
        said += [f"{lost} things said live in the gaps are not in the file"] if lost else []
        said.append(f"{found.not_compared} violations in and after the gaps are not compared")
    return said


def _row(disagreement: Disagreement) -> tuple[str, ...]:
    act = disagreement.act
    where = (disagreement.only, act.kind.value, act.zone_id, str(act.track_id))
    return (*where, _time(disagreement.at_ms), f"{act.measure:g}", "\n".join(disagreement.why))


def _time(at_ms: int) -> str:
    """Return a time of day in Beijing, or seconds where the footage has none."""
    if at_ms < DAY_MS:
        return f"{at_ms / 1000:.1f} s"
    return f"{beijing(at_ms):%Y-%m-%d %H:%M:%S}"


def _plain(found: Comparison) -> dict[str, object]:
    counts = [
        {"kind": kind, "zone_id": zone, "both": found.both[kind, zone]}
        | {f"only_{side}": found.only[side][kind, zone] for side in SIDES}
        for kind, zone in found.acts
    ]
    differ = [
        {"only": d.only, "camera_id": d.camera_id, "at_ms": d.at_ms, "why": list(d.why)}
        | d.act.model_dump(mode="json", exclude={"what", "side"})
        for d in found.disagreements
    ]
    missed = [gap.model_dump(mode="json", exclude={"what"}) for gap in found.missed]
    return {
        "counts": counts,
        "both_unlike": found.unlike,
        "passages": {side: dict(found.passages[side]) for side in SIDES},
        "terms": found.terms,
        "not_compared": found.not_compared,
        "missed": missed,
        "differences": differ,
    }
