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
from dataclasses import dataclass, replace
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Final

import structlog

from calibration.errors import SceneError
from calibration.reader import load_scene
from contract.box import Dropped
from edge import keys
from edge.assembly import Seeing, address_of, assemble, open_file, open_stream
from edge.camera.attend import Attendant
from edge.camera.memory import Memory
from edge.camera.source import is_stream
from edge.camera.stream import LiveStream
from edge.clock_records import recorded_clock
from edge.config import BoxConfig, CameraConfig, ShadowConfig, broker_address
from edge.disk import DiskRoom
from edge.disk_config import limits_of
from edge.ending import EXIT_STATUS, Ending
from edge.errors import InputProblemError
from edge.evidence.sealing import Seal
from edge.filming import film, recording_of, settings_of
from edge.hand_offs import FollowedHandOff
from edge.open_signals import SignalsFrom
from edge.outbox import Outbox
from edge.outbox_sink import PROGRESS_S, NowMs, OutboxSink, Reporter, recover
from edge.pipeline import Frame
from edge.prompts import Speaker, prompted
from edge.shadow_files import DayFiles
from edge.shadowing import fitting, head_of, put_beside
from edge.signal_links import Hearing
from edge.watch import Watch
from edge.withhold import Withholding

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
        _watch(config, camera, now_ms, ending, Speaker(prompts))
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


def _watch(config: BoxConfig, camera: CameraConfig, now_ms: NowMs, ending: Ending, speaker: Speaker) -> None:
    _keep_to(camera.cores)
    scene = load_scene(camera.scene)
    outbox = Outbox(config.data / "outbox.sqlite")
    attendant = Attendant.recall(Memory(config.data / "cameras" / scene.camera_id, scene.sha256))
    attendant.changed = lambda t_ms, state: log.warning("camera.state", state=state.value, t_ms=t_ms)
    reporter = Reporter(outbox, scene.camera_id, now_ms, attendant, speaker=speaker)
    if is_stream(camera.source):
        attendant.health.unseen(now_ms(), None)  # until the first frame has come
    reporter.note()
    try:
        if is_stream(camera.source):
            _watch_stream(config, camera, reporter, ending)
        else:
            _watch_file(config, camera, reporter, ending)
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


def _watch_file(config: BoxConfig, camera: CameraConfig, reporter: Reporter, ending: Ending) -> None:
    video = open_file(camera.source)
    start_ms = reporter.now_ms() if camera.start is None else round(camera.start.timestamp() * 1000)
    frames = ending.until(_paced(video.frames(), reporter) if camera.pace == "footage" else video.frames())
    _run(config, camera, reporter, frames, start_ms)
    if video.problem is not None:
        log.warning("source.problem", problem=video.problem)


@dataclass(slots=True)
class _Idle:
    """What is done about once a second while no frame of a stream comes."""

    reporter: Reporter
    ending: Ending
    stream: LiveStream | None = None
    watch: Watch | None = None

    def __call__(self) -> None:
        self.reporter.idle()
        if self.watch is not None:
            self.watch.idle()
        if self.stream is not None and self.ending.asked:
            self.stream.stop()


def _watch_stream(config: BoxConfig, camera: CameraConfig, reporter: Reporter, ending: Ending) -> None:
    """Watch a stream until the box ends this process."""
    address = address_of(camera.source, camera.username, camera.password_file)
    idle = _Idle(reporter, ending)
    stream = open_stream(address, reporter.now_ms, idle)
    reporter.stream = idle.stream = stream
    try:
        if stream.wait_first() and stream.start_ms is not None:
            _run(config, camera, reporter, ending.until(stream.frames()), stream.start_ms, idle)
    finally:
        stream.stop()


def _run(
    config: BoxConfig,
    camera: CameraConfig,
    reporter: Reporter,
    frames: Iterator[Frame],
    start_ms: int,
    idle: _Idle | None = None,
) -> None:
    followed = FollowedHandOff(config.data / "outbox.sqlite", load_scene(camera.scene).site_id, start_ms)
    root = config.data / "evidence" / reporter.camera_id
    by = Seal(config.device.id, keys.load_private_key(config.device.key_file))
    recovered = recover(root, reporter.outbox, by, reporter.now_ms())
    if recovered:
        log.warning("packages.recovered", camera=reporter.camera_id, count=recovered)
    watch = assemble(
        scene_path=camera.scene,
        seeing=Seeing(camera.model, camera.threads, camera.providers),
        start_ms=start_ms,
        signals_from=SignalsFrom(hearing=hearing_of(config, camera, reporter.camera_id, reporter.now_ms)),
        evidence_root=root,
        device_id=config.device.id,
        hand_off=followed.hand_off,
    )
    room = DiskRoom(config.data, limits_of(config.disk, config.data))
    watch.packager = replace(watch.packager, room=room)
    reporter.signals = watch.desk.health
    watch.attend, watch.withholding = reporter.attendant.attend, Withholding(reporter.attendant.sound)
    recording = recording_of(config.video, config.data, watch)
    filmed = film(watch, settings_of(config.video), recording, patient=camera.pace == "fastest").counts
    if idle is not None:
        idle.watch = watch
    if camera.shadow is not None:
        _put_beside(watch, config, camera.scene, camera.shadow)
    watch.attend = followed.before(watch.attend)
    sink = OutboxSink(
        watch.place,
        watch.desk.signals,
        reporter.outbox,
        by,
        recorded_clock(config.data, config.clock.source, config.clock.drift_ppm, reporter.now_ms).proof_at,
        reporter.arrival,
        reporter.now_ms,
        lambda violation: reporter.say(prompted(watch.place, violation)),
    )
    reporter.lost = lambda: Dropped(clip_frames=filmed.skipped, events_disk_full=sink.not_kept)
    watch.run(reporter.arriving(frames), sink)
    log.info("film.ended", frames=filmed.filmed, skipped=filmed.skipped, thinned=filmed.thinned)


def hearing_of(config: BoxConfig, camera: CameraConfig, camera_id: str, now_ms: NowMs) -> Hearing:
    """Return what the box says of a camera's signals. Raises InputProblemError."""
    client_id = f"{config.device.id}-{camera_id}"
    return Hearing(camera.signals, config.inputs, now_ms, client_id, broker_address(config.centre.broker))


def _put_beside(watch: Watch, config: BoxConfig, live_path: Path, wanted: ShadowConfig) -> None:
    """Put the shadow beside; one that cannot be is told, and the camera goes on without it."""
    live, path = load_scene(live_path), wanted.scene or live_path
    try:
        shadow = fitting(live, load_scene(path), str(path))
    except (SceneError, InputProblemError) as error:
        log.error("shadow.none", problem=str(error))
        return
    if wanted.rules is not None:
        shadow = replace(shadow, rules=wanted.rules)
    files = DayFiles(config.data / "shadow" / live.camera_id, head_of(watch, live, shadow), wanted.keep_days)
    put_beside(watch, shadow, files.tell, lambda problem: log.warning("shadow.trouble", problem=problem))


def _paced(frames: Iterator[Frame], reporter: Reporter) -> Iterator[Frame]:
    """Hand each frame out when its time has come, as a live camera would; a late frame at once, and none is dropped."""
    started_s = time.monotonic()
    for frame in frames:
        while (ahead_s := frame.t_ms / 1000 - (time.monotonic() - started_s)) > 0:
            time.sleep(min(ahead_s, PROGRESS_S))
            if ahead_s > PROGRESS_S:
                reporter.note()  # who waits does not hang
        yield frame
