"""docs/deploy.md followed from its start to its end, as far as a machine without root's packages and systemd allows.

Its blocks run in a shell as they stand; only folders, names and ports are others. What is marked ``# root`` is not run:
the test puts the files where the block would, and starts what the unit's ExecStart says.
"""

import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from deployed_broker import DeployedBroker, replaced
from entering import come_in

from datasets.cache import cache_folder
from datasets.demo.broker import free_port
from datasets.demo.run import SCENE

ROOT = Path(__file__).parent.parent
DOC = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
PROGRAM = "/opt/lukou/bin/lukou"
EXPOSED_MAX = 2.5
"""systemd calls up to 3 "OK", a service without any hardening 9.6 "UNSAFE"."""


def blocks(heading: str) -> list[str]:
    """Return the shell blocks of one chapter."""
    chapter = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", DOC, re.MULTILINE | re.DOTALL)[1]
    return re.findall(r"^```sh\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL)


def root_lines() -> list[str]:
    every = [block for heading in ("The centre", "A box", "In a container") for block in blocks(heading)]
    return [line for block in every if block.startswith("# root\n") for line in block.splitlines()]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="NO TEST OF THE UNITS: systemd is not here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_takes_the_units_and_finds_them_shut(unit, tmp_path):
    copy = tmp_path / unit.name
    copy.write_text(replaced(unit.read_text(encoding="utf-8"), PROGRAM, sys.executable), encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    words = ["systemd-analyze", "security", "--offline=true", "--no-pager", copy]
    said = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    assert float(re.search(r"exposure level for .*: ([\d.]+)", said)[1]) <= EXPOSED_MAX


def test_every_file_that_the_blocks_take_out_of_the_repository_is_in_it():
    named = {word for line in root_lines() for word in line.split() if word.startswith("deploy/")}
    assert named == {f"deploy/systemd/{unit.name}" for unit in UNITS} | {
        "deploy/mosquitto/mosquitto.conf",
        "deploy/Dockerfile",
    }
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_every_service_that_is_enabled_has_a_unit_whose_user_is_made():
    enabled = set(re.findall(r"systemctl enable --now (lukou-[a-z]+)", DOC))
    assert enabled == {unit.name.split(".")[0].rstrip("@") for unit in UNITS}
    made = set(re.findall(r"useradd .* (\S+)$", "\n".join(root_lines()), re.MULTILINE))
    assert {re.search(r"^User=(\S+)$", unit.read_text(), re.MULTILINE)[1] for unit in UNITS} == made


def test_the_image_takes_what_there_is_has_a_base_that_may_be_chosen_and_is_not_run_by_root():
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    steps = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    known = {
        "ARG",
        "FROM",
        "WORKDIR",
        "COPY",
        "RUN",
        "ENV",
        "USER",
        "VOLUME",
        "STOPSIGNAL",
        "HEALTHCHECK",
        "ENTRYPOINT",
        "CMD",
    }
    assert {verb for verb, _ in steps} == known
    assert [rest.split()[0] for verb, rest in steps if verb == "FROM"] == ["${PYTHON_IMAGE}"] * 2
    taken = [name for verb, rest in steps if verb == "COPY" and "--from" not in rest for name in rest.split()[:-1]]
    assert [name for name in taken if not (ROOT / name).exists()] == []
    houses = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert houses <= set(taken)
    assert [rest for verb, rest in steps if verb == "USER"] == ["lukou"]


@dataclass
class Debian:
    """A machine that has only what the test gives it: folders below one of its own, and ports that are free."""

    folder: Path
    open_parts: ExitStack
    places: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "home").mkdir(parents=True)
        self.places = {PROGRAM: f"{sys.executable} -m lukou"} | self.places
        for name in ("/etc/lukou", "/var/lib/lukou-centre", "/var/lib/lukou"):
            self.places[name] = str(self.folder / name.strip("/").replace("/", "-"))
            Path(self.places[name]).mkdir()

    def here(self, text: str) -> str:
        longest_first = sorted(self.places, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), lambda found: self.places[found[0]], text)

    def path(self, name: str) -> Path:
        return Path(self.here(name))

    def follow(self, heading: str, *given: tuple[str, str]) -> None:
        """Run the blocks of a chapter that need no root, up to the one that asks a service that is not up yet."""
        for block in blocks(heading):
            if not block.startswith(("# root\n", "curl")):
                for was, now in given:
                    block = block.replace(was, now)  # noqa: PLW2901 - the same block, with this machine's values
                self.shell(block)

    def shell(self, block: str) -> str:
        words = ["bash", "-euo", "pipefail", "-c", self.here(block)]
        environment = os.environ | {"PYTHONPATH": str(ROOT) + os.pathsep + os.environ.get("PYTHONPATH", "")}
        done = subprocess.run(
            words, cwd=self.folder / "home", env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, unit: str) -> Path:
        """Start what a unit says, with its EnvironmentFile; return its log."""
        text = (ROOT / "deploy" / "systemd" / unit).read_text(encoding="utf-8")
        command = self.here(re.search(r"^ExecStart=(.+)$", text, re.MULTILINE)[1])
        settings = re.search(r"^EnvironmentFile=(.+)$", text, re.MULTILINE)
        lines = self.path(settings[1]).read_text().splitlines() if settings else []
        environment = os.environ | dict(line.split("=", 1) for line in lines)
        log = self.open_parts.enter_context((self.folder / f"{unit}.log").open("ab"))
        process = subprocess.Popen(command.split(), env=environment, stderr=log, cwd=ROOT)
        self.open_parts.callback(ended, process)
        return Path(log.name)


def ended(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def until(holds, log: Path, seconds: float = 60.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := holds():
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(log.read_text()[-3000:])


def admin(url: str, ca: Path) -> httpx.Client:
    client = httpx.Client(base_url=url, verify=ssl.create_default_context(cafile=str(ca)))
    come_in(client, "admin", "a long password")
    return client


def code_for(client: httpx.Client, **form: str) -> str:
    token = client.get("/console/devices").text.split('name="csrf" value="')[1].split('"')[0]
    page = client.post("/console/devices/codes", data={"csrf": token, **form}).text
    return re.search(r'<p class="code"><code>([^<]+)</code>', page)[1]


@pytest.mark.process
@pytest.mark.weights
def test_the_guide_leads_from_nothing_to_a_box_that_the_console_shows(
    tmp_path, footage_path, default_model, page_assets
):
    with ExitStack() as open_parts:
        broker = DeployedBroker(tmp_path / "broker")
        https = str(free_port())
        names = {
            "centre.example": "localhost",
            "LUKOU_HTTP_HOST=0.0.0.0": "LUKOU_HTTP_HOST=127.0.0.1",
            "8443": https,
            "1883": str(broker.port),
            "8883": str(broker.tls_port),
            "/var/lib/lukou-centre/cache/assets": str(cache_folder("assets")),
        }
        centre = Debian(tmp_path / "centre", open_parts, dict(names))
        centre.follow("The centre")
        for name in ("ca/ca.pem", "ca/server.pem", "ca/server-key.pem", "broker/dynamic-security.json"):
            shutil.copy(centre.path("/etc/lukou") / name, broker.folder)  # as the block for root does
        broker.start()
        open_parts.callback(broker.stop)
        serve_log = centre.start("lukou-serve.service")
        ca = centre.path("/etc/lukou/ca/ca.pem")
        client = open_parts.enter_context(httpx.Client(verify=ssl.create_default_context(cafile=str(ca))))
        until(lambda: client.get(f"https://localhost:{https}/api/v1/health").is_success, serve_log)
        for block in blocks("The centre"):
            if block.startswith("curl") and shutil.which("curl"):
                assert '"' in centre.shell(block)

        names |= {"rtsp://10.0.0.5/main": str(footage_path), "9108": str(free_port())}
        box = Debian(tmp_path / "box", open_parts, names)
        shutil.copy(ca, box.folder / "home" / "ca.pem")
        shutil.copy(SCENE, box.folder / "home" / "scene.yaml")
        console = admin(f"https://localhost:{https}", ca)
        open_parts.callback(console.close)
        code = code_for(console, device_id="box-1", site_id="yq-demo", cameras="yq-demo-n")
        box.follow("A box", ("7K3M-Q9TX-0P4D-ABCD", code))
        edge_log = box.start("lukou-edge.service")

        def shown() -> bool:
            page = console.get("/console/devices").text
            return 'data-box="box-1"' in page and 'data-online="yes"' in page and 'data-camera="yq-demo-n"' in page

        until(shown, edge_log)
