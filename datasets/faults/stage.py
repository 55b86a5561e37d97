"""The whole chain as processes: database, broker, centre, a box on real footage, and who makes the plan's acts.

Use it as a context: everything that was started is ended, whatever happens; the logs stay in the folder.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from calibration.reader import load_scene
from datasets.cache import cache_folder
from datasets.demo.run import SCENE
from datasets.errors import PartMissingError
from datasets.faults.box_folder import DEVICE, write_box
from datasets.faults.feeder import write_plan
from datasets.faults.pieces import Piece
from datasets.faults.plan import APART_MS, Plan
from datasets.faults.wish import Wish
from datasets.mosquitto import KEPT, OPEN, Mosquitto
from datasets.postgres import Cluster, programs
from edge.keys import make_private_key

LUKOU: Final = (sys.executable, "-m", "lukou")
UP_S: Final = 60.0


@dataclass(slots=True)
class Stage:
    """The running chain."""

    wish: Wish
    now_ms: int
    database: Cluster = field(init=False)
    database_url: str = field(init=False, default="")
    broker: Mosquitto = field(init=False)
    centre: Piece = field(init=False)
    worker: Piece = field(init=False)
    box: Piece = field(init=False)
    feeder: Piece = field(init=False)
    plan: Plan = field(init=False)

    def __post_init__(self) -> None:
        wish = self.wish
        wish.folder.mkdir(parents=True, exist_ok=True)
        self.database = Cluster(programs(), fsync=True)
        if wish.database_data is not None:
            self.database.folder = wish.database_data
        self.broker = Mosquitto(wish.folder / "broker", wish.host, wish.mqtt_port, OPEN + KEPT)
        self.centre = self._piece("centre", [*LUKOU, "serve"])
        self.worker = self._piece("worker", [*LUKOU, "ingest"])
        program = wish.box_program or (*LUKOU, "edge", "--config", str(wish.folder / "edge.yaml"))
        self.box = self._piece("box", [*wish.before_box, *program])
        feeder = (sys.executable, "-m", "datasets.faults.feeder", str(wish.folder))
        self.feeder = self._piece("feeder", [*wish.before_box, *feeder])
        first_ms = self.now_ms - 2 * wish.events * APART_MS
        scene = load_scene(SCENE)
        self.plan = Plan(DEVICE, scene.site_id, scene.camera_id, first_ms, wish.events, wish.clip_bytes, wish.per_s)

    def __enter__(self) -> "Stage":
        try:
            self._set_up()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def pieces(self) -> dict[str, Piece]:
        """Return our programs by their names, the box's side first."""
        return {piece.name: piece for piece in (self.feeder, self.box, self.worker, self.centre)}

    @property
    def data(self) -> Path:
        """Return where the box keeps its data."""
        return self.wish.folder / "data"

    @property
    def evidence(self) -> Path:
        """Return where the centre keeps the evidence."""
        return self.wish.folder / "centre" / "evidence"

    @property
    def url(self) -> str:
        """Return the centre's address."""
        return f"http://{self.wish.host}:{self.wish.http_port}"

    def end(self) -> None:
        """End everything, the box's side first."""
        for piece in self.pieces.values():
            piece.end()
        self.broker.kill()
        self.database.remove()

    def environment(self) -> dict[str, str]:
        """Return the centre's environment."""
        return os.environ | {
            "LUKOU_DATA_DIR": str(self.wish.folder / "centre"),
            "LUKOU_DATABASE_URL": self.database_url,
            "LUKOU_HTTP_HOST": self.wish.host,
            "LUKOU_HTTP_PORT": str(self.wish.http_port),
            "LUKOU_MQTT_HOST": self.wish.host,
            "LUKOU_MQTT_PORT": str(self.wish.mqtt_port),
            "LUKOU_ASSETS_DIR": str(cache_folder("assets")),
            **self.wish.centre_settings,
        }

    def _piece(self, name: str, words: Sequence[str]) -> Piece:
        return Piece(name, words, self.wish.folder / f"{name}.log", os.environ)

    def _set_up(self) -> None:
        folder = self.wish.folder
        for name, elsewhere in (("data", self.wish.box_data), ("centre", self.wish.centre_data)):
            if elsewhere is not None:
                (folder / name).symlink_to(elsewhere)
        self.database.create()
        self.database.start()
        self.database_url = self.database.url()
        self.broker.start()
        self.centre.environment = self.worker.environment = self.environment()
        token = self._enrol()
        self.centre.start()
        self._wait_for_centre()
        self.worker.start()
        write_box(self.wish, token, self.now_ms)
        write_plan(self.plan, folder)
        if self.wish.with_box:
            self.box.start()

    def _enrol(self) -> str:
        folder = self.wish.folder
        key = make_private_key(folder / "device-key.pem").public_key()
        (folder / "device-public.pem").write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        words = ("serve", "enrol-device", DEVICE, "--site", self.plan.site_id)
        return self.lukou(*words, "--key", str(folder / "device-public.pem"))

    def lukou(self, *words: str) -> str:
        """Run a command of the centre's machine; return what it says. Raises PartMissingError."""
        done = subprocess.run(
            [*LUKOU, *words], env=self.environment(), capture_output=True, text=True, check=False, timeout=UP_S
        )
        if done.returncode != 0:
            raise PartMissingError(f"lukou {' '.join(words[:2])}", done.stderr.strip(), "See the lines above")
        return done.stdout.strip()

    def _wait_for_centre(self) -> None:
        until_s = time.monotonic() + UP_S
        while time.monotonic() < until_s and self.centre.runs():
            try:
                answer = httpx.get(f"{self.url}/api/v1/public-key", timeout=2)
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            (self.wish.folder / "centre-public.pem").write_text(answer.text)
            return
        said = self.centre.log.read_text(errors="replace")[-800:]
        raise PartMissingError("centre", f"it did not come up: {said}", f"See {self.centre.log}")
