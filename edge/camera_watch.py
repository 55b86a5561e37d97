"""One camera's watch on a box: put together from edge.yaml and its scene, with the box's outbox, disk and signals."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from calibration.errors import SceneError
from calibration.reader import load_scene
from calibration.scene import Scene
from contract.box import Dropped
from edge import keys
from edge.assembly import Seeing, assemble
from edge.camera_progress import Reporter
from edge.centre_config import broker_address
from edge.clock_records import recorded_clock
from edge.config import BoxConfig, CameraConfig, ShadowConfig
from edge.disk import DiskRoom
from edge.disk_config import limits_of
from edge.errors import InputProblemError
from edge.evidence.sealing import Seal
from edge.filming import film, recording_of, settings_of
from edge.hand_offs import FollowedHandOff
from edge.open_signals import SignalsFrom
from edge.outbox_sink import NowMs, OutboxSink, recover
from edge.pipeline import Frame
from edge.prompts import prompted
from edge.shadow_files import DayFiles
from edge.shadowing import fitting, head_of, put_beside
from edge.signal_links import Hearing
from edge.signals.hand_off import HandOff
from edge.watch import Watch
from edge.withhold import Withholding

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class BoxCamera:
    """One camera of a box, as edge.yaml has both, and its scene."""

    box: BoxConfig
    camera: CameraConfig
    scene: Scene

    @property
    def outbox_path(self) -> Path:
        """Return where the box's outbox lies."""
        return self.box.data / "outbox.sqlite"

    @property
    def evidence_root(self) -> Path:
        """Return where the camera's packages lie."""
        return self.box.data / "evidence" / self.scene.camera_id


def watch_camera(
    at: BoxCamera,
    reporter: Reporter,
    frames: Iterator[Frame],
    start_ms: int,
    begins: Callable[[Watch], None] = lambda _watch: None,
) -> None:
    """Watch frames to their end; what a process before has closed and not put in is put in first.

    Args:
        at: the camera.
        reporter: what leaves word of it for the heartbeat.
        frames: what it shows.
        start_ms: capture time of the first frame, ms since the Unix epoch.
        begins: told of the watch before its first frame.
    """
    by = Seal(at.box.device.id, keys.load_private_key(at.box.device.key_file))
    followed = FollowedHandOff(at.outbox_path, at.scene.site_id, start_ms)
    _recover(at, reporter, by)
    watch = _assembled(at, reporter, start_ms, followed.hand_off)
    recording = recording_of(at.box.video, at.box.data, watch)
    filmed = film(watch, settings_of(at.box.video), recording, patient=at.camera.pace == "fastest").counts
    begins(watch)
    if at.camera.shadow is not None:
        _put_beside(watch, at, at.camera.shadow)
    watch.attend = followed.before(watch.attend)
    sink = _sink(at, watch, reporter, by)
    reporter.lost = lambda: Dropped(clip_frames=filmed.skipped, events_disk_full=sink.not_kept)
    watch.run(reporter.arriving(frames), sink)
    log.info("film.ended", frames=filmed.filmed, skipped=filmed.skipped, thinned=filmed.thinned)


def _recover(at: BoxCamera, reporter: Reporter, by: Seal) -> None:
    recovered = recover(at.evidence_root, reporter.outbox, by, reporter.now_ms())
    if recovered:
        log.warning("packages.recovered", camera=reporter.camera_id, count=recovered)


def _assembled(at: BoxCamera, reporter: Reporter, start_ms: int, hand_off: HandOff) -> Watch:
    """Build the watch that a box has: it keeps to the disk's room, and withholds what an ailing camera saw."""
    box, camera = at.box, at.camera
    watch = assemble(
        scene_path=camera.scene,
        seeing=Seeing(camera.model, camera.threads, camera.providers),
        start_ms=start_ms,
        signals_from=SignalsFrom(hearing=hearing_of(box, camera, at.scene.camera_id, reporter.now_ms)),
        evidence_root=at.evidence_root,
        device_id=box.device.id,
        hand_off=hand_off,
    )
    watch.packager = replace(watch.packager, room=DiskRoom(box.data, limits_of(box.disk, box.data)))
    watch.attend, watch.withholding = reporter.attendant.attend, Withholding(reporter.attendant.sound)
    reporter.signals = watch.desk.health
    return watch


def _sink(at: BoxCamera, watch: Watch, reporter: Reporter, by: Seal) -> OutboxSink:
    clock = at.box.clock
    return OutboxSink(
        watch.place,
        watch.desk.signals,
        reporter.outbox,
        by,
        recorded_clock(at.box.data, clock.source, clock.drift_ppm, reporter.now_ms).proof_at,
        reporter.arrival,
        reporter.now_ms,
        lambda violation: reporter.say(prompted(watch.place, violation)),
    )


def hearing_of(config: BoxConfig, camera: CameraConfig, camera_id: str, now_ms: NowMs) -> Hearing:
    """Return what the box says of a camera's signals. Raises InputProblemError."""
    client_id = f"{config.device.id}-{camera_id}"
    return Hearing(camera.signals, config.inputs, now_ms, client_id, broker_address(config.centre.broker))


def _put_beside(watch: Watch, at: BoxCamera, wanted: ShadowConfig) -> None:
    """Put the shadow beside; one that cannot be is told, and the camera goes on without it."""
    live = at.scene
    try:
        shadow = live if wanted.scene is None else fitting(live, load_scene(wanted.scene), str(wanted.scene))
    except (SceneError, InputProblemError) as error:
        log.error("shadow.none", problem=str(error))
        return
    if wanted.rules is not None:
        shadow = replace(shadow, rules=wanted.rules)
    files = DayFiles(at.box.data / "shadow" / live.camera_id, head_of(watch, live, shadow), wanted.keep_days)
    put_beside(watch, shadow, files.tell, lambda problem: log.warning("shadow.trouble", problem=problem))
