"""The box: a process a camera, one publisher and one uploader, and a watch over them.

Composition root of ``lukou edge``. A camera whose process dies is started again; one whose source or scene is wrong
is not, since starting it again would not mend it: its one line is said and the others go on.
"""

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.context import SpawnContext, SpawnProcess
from types import FrameType
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.hand_off import HandOffHeld
from contract.messages import Heartbeat
from contract.seal import seal
from edge import keys
from edge.answers import Answers
from edge.beats import Beats
from edge.camera_process import run_camera
from edge.clock_watch import watch_clock
from edge.config import BoxConfig, CameraConfig, broker_address
from edge.hand_offs import HandOffs
from edge.outbox import Outbox
from edge.outbox_sink import NowMs
from edge.publish import Publisher
from edge.upload import Uploader, http_client

log = structlog.get_logger()

TICK_S: Final = 0.05
RESTART_S: Final = 5.0
UPLOAD_RETRY_S: Final = 2.0
WRONG_INPUT: Final = 2


@dataclass(slots=True)
class _Camera:
    """One camera's process. ``ended`` is its last word: None while it runs or is to be started again."""

    config: CameraConfig
    process: SpawnProcess | None = None
    ended: int | None = None
    start_not_before_s: float = 0.0


@dataclass(slots=True)
class Box:
    """A running box."""

    config: BoxConfig
    key: Ed25519PrivateKey
    now_ms: NowMs
    outbox: Outbox
    publisher: Publisher
    uploader: Uploader
    cameras: list[_Camera]
    hand_offs: HandOffs
    stopping: threading.Event = field(default_factory=threading.Event)
    _context: SpawnContext = field(default_factory=lambda: multiprocessing.get_context("spawn"))

    def run(self) -> int:
        """Run until told to stop, or until every source has ended and everything is delivered (``on_end: stop``).

        Returns:
            0 if all went well; 1 if something stayed undelivered; 2 if a camera's input was wrong.
        """
        self.publisher.start()
        uploading = threading.Thread(target=self._upload, name="upload", daemon=True)
        uploading.start()
        self._watch_clock().start()
        beats, answers = self._beats(), self._answers()
        drain_until_s: float | None = None
        while not self.stopping.wait(TICK_S):
            self._supervise()
            self.publisher.pump()
            beats.pump(self._over())
            answers.pump()
            if self.config.on_end == "stop" and all(c.ended is not None for c in self.cameras):
                drain_until_s = drain_until_s or time.monotonic() + self.config.drain_s
                if self._delivered() or time.monotonic() > drain_until_s:
                    break
        return self._stop(uploading, beats)

    def _watch_clock(self) -> threading.Thread:
        path, clock = self.config.data / "outbox.sqlite", self.config.clock
        given = (path, clock, self.now_ms, self.stopping)
        return threading.Thread(target=watch_clock, args=given, name="clock", daemon=True)

    def _supervise(self) -> None:
        for camera in self.cameras:
            if camera.ended is not None:
                continue
            if camera.process is None:
                if time.monotonic() >= camera.start_not_before_s:
                    camera.process = self._start(camera.config)
            elif camera.process.exitcode is not None:
                self._after(camera, camera.process.exitcode)

    def _start(self, camera: CameraConfig) -> SpawnProcess:
        process = self._context.Process(target=run_camera, args=(self.config, camera, self.now_ms), daemon=True)
        process.start()
        return process

    def _after(self, camera: _Camera, exit_status: int) -> None:
        """Decide what a camera's end means."""
        camera.process = None
        if exit_status in {0, WRONG_INPUT}:
            camera.ended = exit_status
            log.info("camera.ended", scene=str(camera.config.scene), status=exit_status)
        else:
            camera.start_not_before_s = time.monotonic() + RESTART_S
            log.error("camera.died", scene=str(camera.config.scene), status=exit_status, restart_s=RESTART_S)

    def _delivered(self) -> bool:
        counts = self.outbox.counts()
        return counts.waiting == 0 and counts.files_waiting == 0

    def _upload(self) -> None:
        while not self.stopping.wait(TICK_S):
            self.uploader.ask_admission(self.publisher.refused)
            if not self.uploader.push():
                self.stopping.wait(UPLOAD_RETRY_S)

    def _beats(self) -> Beats:
        def send(heartbeat: Heartbeat) -> None:
            self.publisher.beat(heartbeat, seal(heartbeat, self.config.device.id, self.key))

        sites = {camera_id: site_id for site_id, camera_id in self.publisher.cameras}
        return Beats(self.config.device.id, sites, self.outbox, self.now_ms, send)

    def _answers(self) -> Answers:
        def send(held: HandOffHeld) -> bool:
            return self.publisher.answer(held, seal(held, self.config.device.id, self.key))

        sites = frozenset(site_id for site_id, _ in self.publisher.cameras)
        return Answers(self.config.device.id, sites, self.hand_offs, self.now_ms, send)

    def _over(self) -> frozenset[str]:
        """Return the cameras whose footage has ended."""
        pairs = zip(self.publisher.cameras, self.cameras, strict=True)
        return frozenset(camera_id for (_, camera_id), camera in pairs if camera.ended == 0)

    def _stop(self, uploading: threading.Thread, beats: Beats) -> int:
        delivered = self._delivered()
        beats.last(self._over())
        self.stopping.set()
        uploading.join(timeout=40)
        for camera in self.cameras:
            if camera.process is not None:
                camera.process.terminate()
                camera.process.join(timeout=10)  # it packs what waits for its clip
                camera.process.kill()
        self.publisher.stop()
        if any(camera.ended == WRONG_INPUT for camera in self.cameras):
            return WRONG_INPUT
        return 0 if delivered or self.config.on_end == "wait" else 1


def run_box(config: BoxConfig, scenes: Callable[[CameraConfig], tuple[str, str]], now_ms: NowMs) -> int:
    """Build the box and run it until SIGTERM or SIGINT.

    Args:
        config: what edge.yaml says.
        scenes: gives (site_id, camera_id) of a camera's scene; a wrong scene raises before anything is started.
        now_ms: the clock.
    """
    places = tuple(scenes(camera) for camera in config.cameras)
    outbox, hand_offs = Outbox(config.data / "outbox.sqlite"), HandOffs(config.data / "outbox.sqlite")
    centre = config.centre
    publisher = Publisher(
        device_id=config.device.id,
        cameras=places,
        address=broker_address(centre.broker),
        outbox=outbox,
        centre_key=keys.load_public_key(centre.public_key_file),
        hand_offs=hand_offs,
    )
    client = http_client(centre.url, keys.read_secret(config.device.token_file), keys.trusted(centre.ca_file))
    key = keys.load_private_key(config.device.key_file)
    cameras = [_Camera(camera) for camera in config.cameras]
    with client, closing(outbox), closing(hand_offs):
        box = Box(config, key, now_ms, outbox, publisher, Uploader(client, outbox), cameras, hand_offs)
        _stop_on_signal(box.stopping)
        return box.run()


def _stop_on_signal(stopping: threading.Event) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
