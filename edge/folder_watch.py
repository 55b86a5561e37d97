"""`lukou watch`: one camera watched into a folder, with the files of docs/formats.md. No broker, no centre."""

import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final, TextIO

import typer
from rich.console import Console
from rich.progress import track as progress_bar

from calibration.reader import load_scene
from contract.words import CameraState
from edge.assembly import Seeing, assemble, open_file, open_stream
from edge.camera.attend import Attendant
from edge.camera.source import without_secret
from edge.camera.stream import LiveStream
from edge.evidence.package import Package
from edge.filming import film
from edge.observations import Observation, Passage, Violation, Yielding
from edge.open_signals import SignalsFrom
from edge.pipeline import Frame
from edge.rows import csv_writer
from edge.run_seal import RunSeal
from edge.shadow_files import OneFile
from edge.shadowing import fitting, head_of, put_beside
from edge.signal_table import unknown_lines
from edge.signals.fusion import FusedSignals
from edge.signals.timeline import LampChange
from edge.trajectories import (
    OPTIONAL_COLUMNS,
    TRACK_COLUMNS,
    json_line,
    read_hand_off,
    signals_csv,
    track_rows,
)
from edge.video.settings import VideoSettings
from edge.withhold import Withholding

FILES: Final = ("tracks.csv", "violations.jsonl", "passages.jsonl", "yields.jsonl")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to watch with, and where to write it. ``trust_camera``: accuse also where the picture looks ill."""

    scene: Path
    seeing: Seeing
    signals: Path | None
    out: Path
    trust_camera: bool = False
    hand_off: Path | None = None
    shadow: Path | None = None


class FolderSink:
    """Writes what a watch sees into its four files."""

    def __init__(
        self,
        sealer: RunSeal,
        signals: FusedSignals,
        tracks: TextIO,
        violations: TextIO,
        passages: TextIO,
        yields: TextIO,
    ) -> None:
        self._sealer = sealer
        self._row = csv_writer(tracks, (*TRACK_COLUMNS, *OPTIONAL_COLUMNS))
        self._violations, self._passages, self._yields = violations, passages, yields
        self.verdicts: Counter[str] = Counter()
        self.found = 0
        self._signals = signals
        self._shown_ms = -1
        self.shown: dict[tuple[str, int], LampChange] = {}

    def observed(self, observation: Observation) -> None:
        """Write a row for everybody, and keep what the lamps showed up to then."""
        self.note_shown()
        for row in track_rows(observation):
            self._row(row)

    def note_shown(self) -> None:
        """Keep what the lamps showed, as far as it is settled."""
        for change in self._signals.changes(self._shown_ms + 1, self._signals.settled_ms):
            self.shown[change.signal_id, change.t_ms] = change
        self._shown_ms = self._signals.settled_ms

    def confirmed(self, violation: Violation) -> None:
        """Say nothing: nobody stands at the crossing."""

    def violated(self, violation: Violation, package: Package) -> None:
        """Seal the package, and write a line."""
        said = () if violation.signal_id is None else self._signals.said(violation.signal_id, violation.entered_ms)
        self._sealer.seal(violation, said, package)
        self.found += 1
        self._violations.write(json_line(violation))

    def passed(self, passages: tuple[Passage, ...], yields: tuple[Yielding, ...]) -> None:
        """Write a line each."""
        self.verdicts.update(passage.verdict.value for passage in passages)
        self._passages.writelines(json_line(passage) for passage in passages)
        self._yields.writelines(json_line(met) for met in yields)


def watch_file(wanted: Wanted, source: str, start: datetime | None) -> None:
    """Watch a file to its end. Raises what assembly raises; leaves with 2 where the file was cut off."""
    video = open_file(source)
    start_ms = 0 if start is None else round((start if start.tzinfo else start.replace(tzinfo=UTC)).timestamp() * 1000)
    bar = progress_bar(
        video.frames(),
        f"watching {Path(source).name}",
        video.frames_expected or None,
        console=Console(stderr=True),
    )
    _watch(wanted, iter(bar), start_ms, live=False)
    if start is None:
        typer.echo("no --start was given: times count from 1970-01-01, the beginning of the footage", err=True)
    if video.problem is not None:
        typer.echo(video.problem, err=True)
        raise typer.Exit(2)


def watch_stream(wanted: Wanted, address: str, seconds: float | None, now_ms: Callable[[], int]) -> None:
    """Watch a stream until Ctrl-C, or for so many seconds."""
    load_scene(wanted.scene)  # what is wrong with it is said before anybody waits for a frame
    stream = open_stream(address, now_ms, lambda: None)
    typer.echo(f"watching {without_secret(address)}; Ctrl-C ends it", err=True)
    with _ending(stream, seconds):
        if stream.wait_first() and stream.start_ms is not None:
            _watch(wanted, stream.frames(), stream.start_ms, live=True)
        else:
            typer.echo("no frame has come", err=True)
    counts = stream.counts
    told = f"{counts.decoded} frames came, {counts.dropped} dropped, {counts.broken} broken"
    typer.echo(f"{told}; connected {counts.connections} times", err=True)
    if counts.decoded == 0:
        raise typer.Exit(3)


@contextmanager
def _ending(stream: LiveStream, seconds: float | None) -> Iterator[None]:
    """Let Ctrl-C, SIGTERM or the time end the stream, so that what is open is closed and written."""
    ending = threading.Event()

    def end(_number: int = 0, _frame: FrameType | None = None) -> None:
        ending.set()

    def wait() -> None:
        ending.wait(seconds)
        stream.stop()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    waiting = threading.Thread(target=wait, name="ending", daemon=True)
    waiting.start()
    try:
        yield
    finally:
        ending.set()
        waiting.join()
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch(wanted: Wanted, frames: Iterator[Frame], start_ms: int, *, live: bool) -> None:
    out = wanted.out
    built = assemble(
        scene_path=wanted.scene,
        seeing=wanted.seeing,
        start_ms=start_ms,
        signals_from=SignalsFrom(wanted.signals),
        evidence_root=out / "evidence",
        device_id=None,
        hand_off=None if wanted.hand_off is None else read_hand_off(wanted.hand_off),
    )
    filmed = film(built, VideoSettings(), patient=not live).counts
    scene = load_scene(wanted.scene)
    shadow = None if wanted.shadow is None else fitting(scene, load_scene(wanted.shadow), str(wanted.shadow))
    attendant = Attendant(changed=_say)
    if not wanted.trust_camera:
        built.attend, built.withholding = attendant.attend, Withholding(attendant.sound)
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files = [stack.enter_context((out / name).open("w", encoding="utf-8", newline="")) for name in FILES]
        sealer = RunSeal(built.place)
        sink = FolderSink(sealer, built.desk.signals, *files)
        if shadow is not None:
            file = stack.enter_context((out / "shadow.jsonl").open("w", encoding="utf-8"))
            tell = OneFile(file, head_of(built, scene, shadow)).tell
            put_beside(built, shadow, tell, lambda problem: typer.echo(problem, err=True))
        built.run(frames, sink)
        sink.note_shown()
    _write_signals(sink.shown.values(), wanted.signals, out / "signals.csv")
    counted = ", ".join(f"{count} {verdict}" for verdict, count in sorted(sink.verdicts.items())) or "none"
    typer.echo(f"{sink.found} violations; passages: {counted}; written to {out}")
    if sink.found:
        typer.echo(f"the packages are sealed by a key of this run alone, {sealer.chain}", err=True)
    if filmed.skipped:
        typer.echo(f"{filmed.skipped} frames are missing in the clips: this machine was too slow for them", err=True)
    for line in unknown_lines(built.desk.signals):
        typer.echo(line, err=True)
    if built.withholding.withheld:
        typer.echo(f"{built.withholding.withheld} violations withheld: the camera was not to be believed", err=True)


def _say(t_ms: int, state: CameraState) -> None:
    meaning = "may accuse again" if state is CameraState.OK else "nobody is accused by it"
    typer.echo(f"{t_ms / 1000:.1f} s: the camera is {state.value}; {meaning}", err=True)


def _write_signals(shown: Iterable[LampChange], given: Path | None, out: Path) -> None:
    """Say what the lamps showed: the given file as it was, or what the sources came to."""
    if given is not None:
        out.write_bytes(given.read_bytes())
        return
    out.write_text(signals_csv(shown), encoding="utf-8", newline="")
