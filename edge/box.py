"""The box: a process a camera, one publisher and one uploader, and a watch over them.

A camera whose process dies or hangs is started again; one whose source or scene is wrong is not, since starting it
again would not mend it: its one line is said and the others go on. A box whose publisher or uploader has died ends with
an error, so that systemd starts it again: it must not live on without delivering.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.evidence import ClockProof
from contract.messages import Heartbeat
from edge.answers import Answers
from edge.beats import Beats, Facts
from edge.camera_process import start_camera
from edge.clock_watch import watch_clock
from edge.config import BoxConfig, CameraConfig
from edge.disk import Disk
from edge.hand_offs import HandOffs
from edge.outbox import Outbox
from edge.outbox_sink import NowMs
from edge.own_facts import OwnFacts
from edge.prompts import Megaphone
from edge.publish import Publisher
from edge.sealed_words import SealedWords
from edge.service_manager import ServiceManager
from edge.supervision import Kept, Process, Supervisor, Word
from edge.upload import Uploader

log = structlog.get_logger()

TICK_S: Final = 0.05
TEND_S: Final = 60.0
WRONG_INPUT: Final = 2
DIED: Final = 1


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the composition root gives a box: its clock, who started it, and what measures its clock."""

    now_ms: NowMs
    service_manager: ServiceManager = field(default_factory=ServiceManager)
    clock: Callable[[], ClockProof | None] = lambda: None


@dataclass(slots=True)
class Box:
    """A running box."""

    config: BoxConfig
    key: Ed25519PrivateKey
    around: Surroundings
    outbox: Outbox
    publisher: Publisher
    uploader: Uploader
    hand_offs: HandOffs
    disk: Disk
    start: int
    stopping: threading.Event = field(default_factory=threading.Event)
    beats: Beats = field(init=False)
    answers: Answers = field(init=False)
    supervisor: Supervisor = field(init=False)
    megaphone: Megaphone = field(init=False)
    _kept: dict[str, Kept] = field(init=False)
    _own: OwnFacts = field(init=False)
    _uploading: threading.Thread = field(init=False)
    _clock: threading.Thread = field(init=False)
    _tending: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        device_id, now_ms = self.config.device.id, self.around.now_ms
        words = SealedWords(self.publisher, device_id, self.key)
        self._own = OwnFacts(self.disk, self.around.clock)
        sites = {camera_id: site_id for site_id, camera_id in self.publisher.cameras}
        pairs = zip(self.config.cameras, sites, strict=True)
        self._kept = {camera_id: Kept(camera, camera_id) for camera, camera_id in pairs}
        self.supervisor = Supervisor(
            tuple(self._kept.values()), self._start, self._words, silent_s=self.config.silent_s
        )
        self.megaphone = Megaphone(words.prompt)
        self.beats = Beats(device_id, sites, self.outbox, now_ms, words.beat, self._facts, start=self.start)
        self.answers = Answers(device_id, frozenset(sites.values()), self.hand_offs, now_ms, words.answer)
        told = (self.stopping, self.publisher.refused)
        self._uploading = threading.Thread(target=self.uploader.run, args=told, name="upload", daemon=True)
        measured = (self.config.data / "outbox.sqlite", self.config.clock, now_ms, self.stopping)
        self._tending = threading.Thread(target=self._tend_disk, name="disk", daemon=True)
        self._clock = threading.Thread(target=watch_clock, args=measured, name="clock", daemon=True)

    def run(self) -> int:
        """Run until told to stop, or until every source has ended and everything is delivered (``on_end: stop``).

        Returns:
            0 if all went well; 1 if something stayed undelivered or a part has died; 2 if a camera's input was wrong.
        """
        self.publisher.start()
        self._uploading.start()
        self._clock.start()
        self._tending.start()
        self.supervisor.pump()
        self.around.service_manager.ready()
        drain_until_s: float | None = None
        while not self.stopping.wait(TICK_S):
            dead = self._dead()
            if dead is not None:
                return self._stop(died=dead)
            self._turn()
            if self.config.on_end == "stop" and self.supervisor.all_ended():
                drain_until_s = drain_until_s or time.monotonic() + self.config.drain_s
                if self._delivered() or time.monotonic() > drain_until_s:
                    break
        return self._stop()

    def _turn(self) -> None:
        self.supervisor.pump()
        self.megaphone.pump(self.supervisor.pipes())
        self.publisher.pump()
        self.beats.pump(self._over())
        self.answers.pump()
        self.around.service_manager.alive(self._status)

    def _dead(self) -> str | None:
        """Return which part of the box has died, if one has."""
        if not self.publisher.is_alive():
            return "publisher"
        return None if self._uploading.is_alive() else "uploader"

    def _start(self, camera: CameraConfig) -> tuple[Process, Connection]:
        return start_camera(self.config, camera, self.around.now_ms)

    def _words(self) -> Mapping[str, Word]:
        return {camera: Word(told.noted_at_ms, told.frames) for camera, told in self.outbox.progress().items()}

    def _delivered(self) -> bool:
        counts = self.outbox.counts()
        return counts.waiting == 0 and counts.files_waiting == 0

    def _tend_disk(self) -> None:
        while True:
            try:
                self.disk.tend()
            except (OSError, sqlite3.Error) as error:  # a disk that ails ends no box: it is looked at again
                log.error("disk.untended", why=str(error))
            if self.stopping.wait(TEND_S):
                return

    def _facts(self, camera_id: str) -> Facts:
        restarts, unsent = self._kept[camera_id].restarts, self.megaphone.unsent[camera_id]
        return self._own.beside(restarts=restarts, prompts_unsent=unsent)

    def _status(self) -> str:
        """Return how the box is, in the line that ``systemctl status`` shows."""
        counts = self.outbox.counts()
        states = ", ".join(f"{beat.camera_id} {beat.camera_state.value}" for beat in self.heartbeats())
        broker = "connected" if self.publisher.connected() else "away"
        return f"{states or 'no camera yet'}; broker {broker}; {counts.waiting} waiting, {counts.files_waiting} files"

    def heartbeats(self) -> list[Heartbeat]:
        """Return what would be said now of every camera."""
        return self.beats.current(self._over())

    def connected(self) -> bool:
        """Tell whether the broker has accepted the box."""
        return self.publisher.connected()

    def prompts_sent(self, camera_id: str) -> int:
        """Return how many prompts of a camera were sent."""
        return self.megaphone.sent[camera_id]

    def hung(self, camera_id: str) -> int:
        """Return how often a camera's process was killed because it said nothing any more."""
        return self._kept[camera_id].hung

    def _over(self) -> frozenset[str]:
        """Return the cameras whose footage has ended."""
        return frozenset(kept.camera_id for kept in self.supervisor.cameras if kept.ended == 0)

    def _stop(self, died: str | None = None) -> int:
        if died is not None:
            log.critical("box.part_died", part=died, then="the box ends, so that its service manager starts it again")
        self.around.service_manager.stopping(f"{died} has died" if died else "told to stop, or all is delivered")
        delivered = self._delivered()
        self.beats.last(self._over())
        self.stopping.set()
        self._uploading.join(timeout=40)
        self._tending.join(timeout=40)
        self.supervisor.stop()
        self.publisher.stop()
        if died is None and any(camera.ended == WRONG_INPUT for camera in self.supervisor.cameras):
            return WRONG_INPUT
        return DIED if died or not (delivered or self.config.on_end == "wait") else 0
