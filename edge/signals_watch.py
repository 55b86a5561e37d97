"""`lukou signals watch`: the sources of a box's signals, opened as its cameras open them, and shown as they speak.

Nothing is judged. What a signal shows is told half a second late, as the rules see it; what its sources say, at once.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Final

from rich.console import Console, Group
from rich.live import Live

from calibration.reader import load_scene
from edge.assembly import address_of, open_file, open_stream
from edge.camera.source import is_stream
from edge.camera_watch import hearing_of
from edge.config import BoxConfig, CameraConfig
from edge.errors import InputProblemError
from edge.open_signals import SignalsFrom, desk_of
from edge.pipeline import Frame
from edge.signal_desk import SignalDesk
from edge.signal_table import as_json, inputs_table, signals_table

LATE_MS: Final = 500
"""The tracker's delay (docs/tracking.md)."""
LOOK_S: Final = 0.25
LINE_S: Final = 1.0
ONCE_S: Final = 5.0
"""``--once`` waits so long for sources that have not spoken."""


@dataclass(slots=True)
class Looker:
    """One camera's desk, and a thread that reads its lamps where one of its sources needs them."""

    camera_id: str
    desk: SignalDesk
    frames: Iterator[Frame] | None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _failed: Exception | None = None

    def start(self) -> None:
        """Begin to listen, and to look."""
        self.desk.start()
        if self.frames is not None:
            threading.Thread(target=self._look, args=(self.frames,), name="lamps", daemon=True).start()

    def stop(self) -> None:
        """End both."""
        self._stopping.set()
        self.desk.stop()

    def settle(self, t_ms: int) -> None:
        """Decide everything up to an instant; raise here what has ended the thread that looks."""
        if self._failed is not None:
            raise self._failed
        self.desk.settle(t_ms)

    def _look(self, frames: Iterator[Frame]) -> None:
        try:
            for frame in frames:
                if self._stopping.is_set():
                    return
                self.desk.read_lamps(frame)
        except Exception as error:
            self._failed = error


@dataclass(frozen=True, slots=True)
class Wish:
    """How to show it: a live table or JSON; one look alone (``once``), or for so many seconds."""

    once: bool
    as_json: bool
    seconds: float | None


def watch_signals(config: BoxConfig, camera_id: str | None, wish: Wish, now_ms: Callable[[], int]) -> bool:
    """Show the signals until it is enough.

    Returns:
        Whether every signal was known at the end.

    Raises:
        InputProblemError, PartMissingError: what cannot be opened.
    """
    start_ms = now_ms()
    lookers = [looker(config, camera, start_ms, now_ms) for camera in _chosen(config, camera_id)]
    with ExitStack() as stack:
        for each in lookers:
            stack.callback(each.stop)
            each.start()
        screen = _Screen(lookers, start_ms, now_ms)
        if wish.once:
            screen.once(wish.seconds or ONCE_S, in_json=wish.as_json)
        elif wish.as_json:
            screen.lines(wish.seconds or float("inf"))
        else:
            screen.live(wish.seconds or float("inf"))
    return _all_known(lookers)


def looker(config: BoxConfig, camera: CameraConfig, start_ms: int, now_ms: Callable[[], int]) -> Looker:
    """Open one camera's sources; at a broker we are somebody else than the box, which may be running beside us."""
    scene = load_scene(camera.scene)
    hearing = hearing_of(config, camera, scene.camera_id, now_ms)
    hearing = replace(hearing, client_id=f"{hearing.client_id}-look-{start_ms % 100_000}")
    desk = desk_of(scene, camera.scene, start_ms, SignalsFrom(hearing=hearing))
    return Looker(scene.camera_id, desk, None if desk.lamps is None else _frames(camera, start_ms, now_ms))


def _chosen(config: BoxConfig, camera_id: str | None) -> Sequence[CameraConfig]:
    named = {load_scene(camera.scene).camera_id: camera for camera in config.cameras}
    if camera_id is None:
        return tuple(named.values())
    if camera_id not in named:
        raise InputProblemError(f"--camera: expected one of {', '.join(named)}, found {camera_id!r}")
    return (named[camera_id],)


def _frames(camera: CameraConfig, start_ms: int, now_ms: Callable[[], int]) -> Iterator[Frame]:
    """Yield a camera's frames, timed from ``start_ms``; a file's as if it were played now."""
    if not is_stream(camera.source):
        for frame in open_file(camera.source).frames():
            time.sleep(max(0.0, (frame.t_ms - (now_ms() - start_ms)) / 1000))
            yield frame
        return
    address = address_of(camera.source, camera.username, camera.password_file)
    stream = open_stream(address, now_ms, lambda: None)
    if stream.wait_first() and stream.start_ms is not None:
        ahead_ms = stream.start_ms - start_ms
        yield from (replace(frame, t_ms=frame.t_ms + ahead_ms) for frame in stream.frames())


@dataclass(frozen=True, slots=True)
class _Screen:
    """Where the signals are shown; ``start_ms`` is the epoch time of the desks' 0."""

    lookers: Sequence[Looker]
    start_ms: int
    now_ms: Callable[[], int]
    console: Console = field(default_factory=Console)

    def at_ms(self) -> int:
        return self.now_ms() - self.start_ms

    def table(self) -> Group:
        desks = {each.camera_id: each.desk for each in self.lookers}
        return Group(*filter(None, (signals_table(desks, self.at_ms()), inputs_table(desks))))

    def print_json(self) -> None:
        for each in self.lookers:
            told = as_json(each.desk, each.camera_id, self.start_ms, self.at_ms())
            print(json.dumps(told, ensure_ascii=False), flush=True)

    def once(self, seconds: float, *, in_json: bool) -> None:
        """Show it when all have spoken, or when the time is over."""
        for _ in self._ticks(seconds, LOOK_S):
            if self.at_ms() > 2 * LATE_MS and _all_known(self.lookers):
                break
        if in_json:
            self.print_json()
        else:
            self.console.print(self.table())

    def lines(self, seconds: float) -> None:
        """Print what there is, every second."""
        for _ in self._ticks(seconds, LINE_S):
            self.print_json()

    def live(self, seconds: float) -> None:
        """Keep a table up to date."""
        with Live(self.table(), console=self.console, auto_refresh=False) as live:
            for _ in self._ticks(seconds, LOOK_S):
                live.update(self.table(), refresh=True)

    def _ticks(self, seconds: float, every_s: float) -> Iterator[None]:
        """Settle what is due and yield, until the time is over or somebody presses Ctrl-C."""
        until_s = time.monotonic() + seconds
        try:
            while time.monotonic() < until_s:
                time.sleep(min(every_s, max(0.0, until_s - time.monotonic())))
                for each in self.lookers:
                    each.settle(self.at_ms() - LATE_MS)
                yield
        except KeyboardInterrupt:
            return


def _all_known(lookers: Sequence[Looker]) -> bool:
    desks = [each.desk.signals for each in lookers]
    return all(signals.why(signal_id) is None for signals in desks for signal_id in signals.signal_ids)
