"""The demonstration's processes: broker, centre and box, each as a user would start it, and stopped in reverse."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import httpx
import yaml
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from calibration.reader import load_scene
from datasets.cache import cache_folder
from datasets.demo.broker import Broker, free_port, is_free, start_broker
from datasets.demo.reference_clock import ReferenceClock
from datasets.errors import PartMissingError
from edge.keys import make_private_key
from server.keys import signing_key

LUKOU: Final = (sys.executable, "-m", "lukou")
OFFICER: Final = "demo"
SECOND: Final = "demo-second"
"""Whoever confirms is not who confirms again (行政处罚法 art. 41): a case takes two."""
DEVICE: Final = "yq-demo-box"
PORT_WANTED: Final = 8000
UP_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to play. ``start_ms`` is the capture time of the first frame, ``centre`` more of the centre's settings."""

    folder: Path
    scene: Path
    footage: Path
    start_ms: int
    pace: str
    threads: int = 2
    model: str = "nanodet-g"
    centre: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Chain:
    """The running processes. Use it as a context: everything is stopped at the end, whatever happened."""

    plan: Plan
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    port: int = field(default_factory=lambda: _port(PORT_WANTED))
    broker: Broker | None = None
    reference_clock: ReferenceClock | None = None
    centre: subprocess.Popen[bytes] | None = None
    box: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the centre's address."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Chain":
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop everything, the box first."""
        for process in (self.box, self.centre):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        if self.reference_clock is not None:
            self.reference_clock.stop()
        if self.broker is not None:
            self.broker.stop()

    def _start(self) -> None:
        self.broker = start_broker(self.plan.folder / "broker")
        self.broker.watch(5.0, lambda text: print(text, file=sys.stderr))
        for name, role in ((OFFICER, "supervisor"), (SECOND, "reviewer")):
            self._lukou("serve", "add-user", name, "--role", role, said=self.password)
        token = self._enrol()
        with self._log("centre") as log:
            self.centre = subprocess.Popen([*LUKOU, "serve"], env=self.environment(), stderr=log)
        self._wait_for_centre()
        self.reference_clock = ReferenceClock()
        self.reference_clock.start()
        self._write_box(token)
        config = self.plan.folder / "edge.yaml"
        with self._log("box") as log:
            self.box = subprocess.Popen([*LUKOU, "edge", "--config", str(config)], stderr=log)

    def environment(self) -> dict[str, str]:
        """Return the centre's environment."""
        assert self.broker is not None  # noqa: S101 - it is started first
        return os.environ | {
            "LUKOU_DATA_DIR": str(self.plan.folder / "centre"),
            "LUKOU_HTTP_PORT": str(self.port),
            "LUKOU_MQTT_PORT": str(self.broker.port),
            "LUKOU_MQTT_SHARED": "false",  # one worker; this broker gives a share its messages late, or not at all
            "LUKOU_DEMONSTRATION": "true",
            "LUKOU_SECOND_FACTOR": "false",
            "LUKOU_FINING_CODES": '["3001"]',
            "LUKOU_ASSETS_DIR": str(cache_folder("assets")),
            **self.plan.centre,
        }

    def _enrol(self) -> str:
        key = make_private_key(self.plan.folder / "device-key.pem").public_key()
        public = self.plan.folder / "device-public.pem"
        public.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        site = load_scene(self.plan.scene).site_id
        return self._lukou("serve", "enrol-device", DEVICE, "--site", site, "--key", str(public))

    def _lukou(self, *words: str, said: str = "") -> str:
        done = subprocess.run(
            [*LUKOU, *words], input=said + "\n", env=self.environment(), capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise PartMissingError(f"lukou {' '.join(words[:2])}", done.stderr.strip(), "See the lines above")
        return done.stdout.strip()

    def _wait_for_centre(self) -> None:
        until_s = time.monotonic() + UP_S
        while time.monotonic() < until_s and self.centre is not None and self.centre.poll() is None:
            try:
                if httpx.get(f"{self.url}/api/v1/health", timeout=2).status_code == httpx.codes.OK:
                    return self._know_our_centre()
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        log = self.plan.folder / "centre.log"
        raise PartMissingError("centre", f"it did not come up in {UP_S:.0f} s", f"What it said is in {log}")

    def _know_our_centre(self) -> None:
        """Another service may have been faster on this port; ours alone has our key."""
        key = signing_key(self.plan.folder / "centre" / "centre-key.pem").public_key()
        ours = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
        if httpx.get(f"{self.url}/api/v1/public-key", timeout=5).text != ours:
            raise PartMissingError("centre", f"another service answers on port {self.port}", "Stop it, or try again")
        (self.plan.folder / "centre-public.pem").write_text(ours)

    def _write_box(self, token: str) -> None:
        folder = self.plan.folder
        (folder / "token").write_text(token)
        (folder / "token").chmod(0o600)
        assert self.broker is not None  # noqa: S101 - it is started first
        assert self.reference_clock is not None  # noqa: S101 - as well
        start = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.plan.start_ms // 1000))
        config = {
            "device": {"id": DEVICE, "key_file": "device-key.pem", "token_file": "token"},
            "centre": {
                "url": self.url,
                "public_key_file": "centre-public.pem",
                "broker": {"host": self.broker.host, "port": self.broker.port},
            },
            "data": "box",
            "clock": {"source": "sntp", "server": self.reference_clock.address},
            "on_end": "stop",
            "cameras": [
                {
                    "scene": str(self.plan.scene),
                    "source": str(self.plan.footage),
                    "model": self.plan.model,
                    "start": start,
                    "pace": self.plan.pace,
                    "threads": self.plan.threads,
                }
            ],
        }
        (folder / "edge.yaml").write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False))

    def _log(self, name: str) -> BinaryIO:
        return (self.plan.folder / f"{name}.log").open("ab")


def _port(wanted: int) -> int:
    """Return the wanted port if nobody has it, else a free one."""
    return wanted if is_free(wanted) else free_port()
