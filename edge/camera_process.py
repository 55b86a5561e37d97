"""One camera's process on a box: watches its source and leaves what it sees in the outbox.

It publishes nothing itself; the box's publisher does. So a dead network never slows the watch, and a crash of the
watch loses nothing that was put in.
"""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Final

import structlog

from calibration.reader import load_scene
from edge.assembly import address_of, open_file, open_stream
from edge.camera.attend import Attendant
from edge.camera.memory import Memory
from edge.camera.source import is_stream
from edge.camera.stream import LiveStream
from edge.camera_progress import PROGRESS_S, Reporter
from edge.camera_watch import BoxCamera, watch_camera
from edge.config import BoxConfig, CameraConfig
from edge.ending import EXIT_STATUS, Ending
from edge.errors import InputProblemError
from edge.outbox import Outbox
from edge.outbox_sink import NowMs
from edge.pipeline import Frame
from edge.prompts import Speaker
from edge.watch import Watch

log = structlog.get_logger()

ORPHAN_S: Final = 10.0


def start_camera(config: BoxConfig, camera: CameraConfig, now_ms: NowMs) -> tuple[SpawnProcess, Connection]:
    """Start one camera's process; return it, and the pipe by which it hands over what is to be said."""
    context = multiprocessing.get_context("spawn")
    prompts, theirs = context.Pipe(duplex=False)
    process = context.Process(target=run_camera, args=(config, camera, now_ms, theirs), daemon=True)
    process.start()
    theirs.close()  # so that the pipe ends with the camera's process
    return process, prompts


def run_camera(config: BoxConfig, camera: CameraConfig, now_ms: NowMs, prompts: Connection) -> None:
    """Watch one camera to its source's end and leave with 0, or with an error's own status after its one line.

    ``prompts`` is the pipe by which the box hears what is to be said at the crossing.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the box decides when its cameras stop
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    _end_with_the_box()
    ending = Ending.on_sigterm()
    try:
        _keep_to(camera.cores)
        _watch(BoxCamera(config, camera, load_scene(camera.scene)), now_ms, ending, Speaker(prompts))
    except Exception as error:
        status = getattr(error, "exit_status", None)
        if status is None:
            raise
        print(str(error), file=sys.stderr)
        sys.exit(status)
    if ending.asked:
        sys.exit(EXIT_STATUS)


def _end_with_the_box() -> None:
    """A box that was killed leaves no camera behind, which would watch beside the next box's."""
    box = parent_process()

    def follow() -> None:
        if box is not None:
            box.join()
            os.kill(os.getpid(), signal.SIGTERM)  # as the box would have: what waits for its clip is packed
            time.sleep(ORPHAN_S)
            os._exit(1)

    threading.Thread(target=follow, name="box", daemon=True).start()


def _watch(at: BoxCamera, now_ms: NowMs, ending: Ending, speaker: Speaker) -> None:
    camera, scene = at.camera, at.scene
    outbox = Outbox(at.outbox_path)
    attendant = Attendant.recall(Memory(at.box.data / "cameras" / scene.camera_id, scene.sha256))
    attendant.changed = lambda t_ms, state: log.warning("camera.state", state=state.value, t_ms=t_ms)
    reporter = Reporter(outbox, scene.camera_id, now_ms, attendant, speaker=speaker)
    if is_stream(camera.source):
        attendant.health.unseen(now_ms(), None)  # until the first frame has come
    reporter.note()
    try:
        if is_stream(camera.source):
            _watch_stream(at, reporter, ending)
        else:
            _watch_file(at, reporter, ending)
        reporter.note()
    finally:
        outbox.close()


def _keep_to(cores: tuple[int, ...]) -> None:
    """Keep this process to its cores. Raises InputProblemError where the machine has them not."""
    if not cores:
        return
    ours = os.sched_getaffinity(0)
    if not set(cores) <= ours:
        raise InputProblemError(f"cores: expected some of {sorted(ours)}, found {list(cores)}")
    os.sched_setaffinity(0, cores)


def _watch_file(at: BoxCamera, reporter: Reporter, ending: Ending) -> None:
    camera = at.camera
    video = open_file(camera.source)
    start_ms = reporter.now_ms() if camera.start is None else round(camera.start.timestamp() * 1000)
    frames = ending.until(_paced(video.frames(), reporter) if camera.pace == "footage" else video.frames())
    watch_camera(at, reporter, frames, start_ms)
    if video.problem is not None:
        log.warning("source.problem", problem=video.problem)


@dataclass(slots=True)
class _Idle:
    """What is done about once a second while no frame of a stream comes."""

    reporter: Reporter
    ending: Ending
    stream: LiveStream | None = None
    watch: Watch | None = None

    def follow(self, watch: Watch) -> None:
        """Let a watch know as well."""
        self.watch = watch

    def __call__(self) -> None:
        self.reporter.idle()
        if self.watch is not None:
            self.watch.idle()
        if self.stream is not None and self.ending.asked:
            self.stream.stop()


def _watch_stream(at: BoxCamera, reporter: Reporter, ending: Ending) -> None:
    """Watch a stream until the box ends this process."""
    address = address_of(at.camera.source, at.camera.username, at.camera.password_file)
    idle = _Idle(reporter, ending)
    stream = open_stream(address, reporter.now_ms, idle)
    reporter.stream = idle.stream = stream
    try:
        if stream.wait_first() and stream.start_ms is not None:
            watch_camera(at, reporter, ending.until(stream.frames()), stream.start_ms, idle.follow)
    finally:
        stream.stop()


def _paced(frames: Iterator[Frame], reporter: Reporter) -> Iterator[Frame]:
    """Hand each frame out when its time has come, as a live camera would; a late frame at once, and none is dropped."""
    started_s = time.monotonic()
    for frame in frames:
        while (ahead_s := frame.t_ms / 1000 - (time.monotonic() - started_s)) > 0:
            time.sleep(min(ahead_s, PROGRESS_S))
            if ahead_s > PROGRESS_S:
                reporter.note()  # who waits does not hang
        yield frame
