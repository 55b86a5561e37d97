"""A box from its code to its revocation: centre by HTTPS, deployed broker by TLS, an admin in a real browser."""

import os
import ssl
import subprocess
import sys
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from browsing import choose
from centre import make_act
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from deployed_broker import PASSWORD as BROKER_PASSWORD
from deployed_broker import DeployedBroker
from entering import come_in
from playwright.sync_api import expect

from contract import topics
from contract.enrolment import asked
from contract.identity import chain_of, fingerprint
from datasets.demo.broker import free_port
from edge import keys
from edge.centre_config import broker_address
from edge.config import load_config
from edge.outbox import Outbox
from edge.outbox_values import Sealed
from edge.publish import Publisher
from edge.upload import Uploader, http_client

pytestmark = pytest.mark.process
PASSWORD = "a long enough password"
LUKOU = (sys.executable, "-m", "lukou")


def until(holds, seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


class Centre:
    """`lukou serve` as a process, and an admin at its console."""

    def __init__(self, folder: Path, assets: Path, ca: Path | None = None, **settings: object) -> None:
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"http{'s' if ca else ''}://127.0.0.1:{self.port}"
        settings |= {"DATA_DIR": folder / "centre", "HTTP_PORT": self.port, "ASSETS_DIR": assets}
        self.environment = os.environ | {f"LUKOU_{name}": str(value) for name, value in settings.items()}
        add = [*LUKOU, "serve", "add-user", "admin", "--role", "admin"]
        subprocess.run(add, input=f"{PASSWORD}\n", env=self.environment, text=True, check=True)
        self.console = httpx.Client(base_url=self.url, verify=ssl.create_default_context(cafile=ca))

    def start(self) -> None:
        with (self.folder / "centre.log").open("ab") as log:
            self.process = subprocess.Popen([*LUKOU, "serve"], env=self.environment, stderr=log)
        assert until(self.answers), (self.folder / "centre.log").read_text()

    def answers(self) -> bool:
        try:
            return self.console.get("/list").status_code == 200
        except httpx.TransportError:
            return False

    def act(self, path: str, **form: str) -> str:
        if self.console.get("/console/devices").status_code != 200:
            come_in(self.console, "admin", PASSWORD)
        csrf = self.console.get("/console/devices").text.split('name="csrf" value="')[1].split('"')[0]
        return self.console.post(f"/console/devices/{path}", data={"csrf": csrf} | form).text

    def code(self) -> str:
        page = self.act("codes", device_id="box-1", site_id="s-1", cameras="c-1")
        return page.split('<p class="code"><code>')[1].split("<")[0]

    def close(self) -> None:
        self.console.close()
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)


class Rig:
    """The deployed broker and the centre, both by certificates of one private CA."""

    def __init__(self, folder: Path, assets: Path) -> None:
        self.broker = DeployedBroker(folder / "broker")
        self.ca = self.broker.ca_file
        settings = {
            "TLS_CERT_FILE": self.broker.folder / "server.pem",
            "TLS_KEY_FILE": self.broker.folder / "server-key.pem",
            "MQTT_PORT": self.broker.tls_port,
            "MQTT_CA_FILE": self.ca,
            "MQTT_USERNAME": "centre",
            "MQTT_PASSWORD": BROKER_PASSWORD,
            "BROKER_ACCESS": "dynsec",
            "BOXES_MQTT_TLS": "true",
        }
        self.centre = Centre(folder, assets, self.ca, **settings)
        self.broker.start()
        self.centre.start()

    def enrol(self, out: Path, *more: str) -> subprocess.CompletedProcess:
        words = ["--centre", self.centre.url, "--code", self.centre.code(), "--ca", str(self.ca), "--out", str(out)]
        return subprocess.run([*LUKOU, "device", "enrol", *words, *more], capture_output=True, text=True, check=False)

    def close(self) -> None:
        self.centre.close()
        self.broker.stop()


@pytest.fixture
def rig(tmp_path, page_assets):
    with closing(Rig(tmp_path, page_assets)) as made:
        yield made


class Box:
    """The box's publisher and uploader, by the edge.yaml that the enrolment wrote."""

    def __init__(self, folder: Path) -> None:
        written = (folder / "edge.yaml").read_text()
        (folder / "box.yaml").write_text(f"{written}cameras: [{{scene: scene.yaml, source: video.avi}}]\n")
        self.folder, config = folder, load_config(folder / "box.yaml")
        self.key = keys.load_private_key(config.device.key_file)
        self.outbox, centre = Outbox(folder / "outbox.sqlite"), config.centre
        centre_key = keys.load_public_key(centre.public_key_file)
        address = broker_address(centre.broker)
        self.publisher = Publisher(config.device.id, (("s-1", "c-1"),), address, self.outbox, centre_key)
        token = keys.read_secret(config.device.token_file)
        self.uploader = Uploader(http_client(centre.url, token, keys.trusted(centre.ca_file)), self.outbox)
        self.publisher.start()

    def reports(self, number: int) -> None:
        """Put the ``number``-th act of this key into the outbox, with its evidence."""
        act = make_act(number, key=self.key)
        files = [(file, self.folder / f"{number}-{file.name}") for file in act.message.evidence]
        for file, path in files:
            path.write_bytes(act.files[file.name])
        manifest = sha256(act.files["manifest.json"]).hexdigest()
        sealed = Sealed(act.sealed(self.key), manifest, tuple(files))
        chain = chain_of(self.key.public_key())
        self.outbox.put_event(str(act.message.event_id), topics.violation("s-1", "c-1"), chain, lambda _link: sealed)

    def delivers(self) -> bool:
        """Whether all is delivered, by what `lukou edge` does a few times a second."""
        self.uploader.ask_admission(self.publisher.refused)
        self.publisher.pump()
        self.uploader.push()
        counts = self.outbox.counts()
        return counts.waiting == counts.files_waiting == counts.refused == 0

    def close(self) -> None:
        self.publisher.stop()
        self.uploader.client.close()
        self.outbox.close()


def test_a_box_enrols_delivers_survives_the_brokers_loss_and_is_out_at_once_when_revoked(rig, tmp_path):
    folder = tmp_path / "box"
    done = rig.enrol(folder)
    assert done.returncode == 0, done.stderr
    key = fingerprint(keys.load_private_key(folder / "device-key.pem").public_key())
    assert key in done.stdout
    assert key in rig.centre.console.get("/console/devices").text
    with closing(Box(folder)) as box:
        box.reports(1)
        assert until(box.delivers)

        rig.broker.stop()
        rig.broker.forget()  # its disk is lost, and with it every box's right to come in
        rig.broker.start()
        box.reports(2)
        assert until(box.delivers, 60)

        rig.centre.act("box-1/revoke", reason="更换", key="kept")
        assert until(lambda: not box.publisher.connected(), 5)
        box.reports(3)
        assert not until(box.delivers, 4)
        assert not box.publisher.connected()
        assert box.outbox.counts().waiting == 1  # it is kept, though nobody wants it

    again = rig.enrol(folder, "--keep-key")
    assert again.returncode == 0, again.stderr
    with closing(Box(folder)) as box:
        assert until(box.delivers)


def test_a_code_is_good_for_one_box(rig, tmp_path):
    code = rig.centre.code()
    words = ["--centre", rig.centre.url, "--code", code, "--ca", str(rig.ca), "--out"]
    first, second = (
        subprocess.run([*LUKOU, "device", "enrol", *words, str(tmp_path / name)], capture_output=True, check=False)
        for name in ("first", "second")
    )
    assert (first.returncode, second.returncode) == (0, 1)
    assert b"this code opens nothing" in second.stderr


@pytest.mark.parametrize(
    ("story", "settings", "says"),
    [
        ("a certificate without its key", {"TLS_CERT_FILE": "server.pem"}, "go together"),
        ("no certificate", {"TLS_CERT_FILE": "none.pem", "TLS_KEY_FILE": "none.pem"}, "none.pem"),
        ("no access without a name", {"BROKER_ACCESS": "dynsec"}, "needs LUKOU_MQTT_USERNAME"),
        ("no CA", {"MQTT_CA_FILE": "none.pem"}, "none.pem"),
    ],
)
def test_settings_that_cannot_be_are_told_in_one_line(tmp_path, story, settings, says):
    environment = {"LUKOU_DATA_DIR": str(tmp_path)} | {f"LUKOU_{name}": value for name, value in settings.items()}
    done = subprocess.run(
        [*LUKOU, "serve"], env=os.environ | environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert says in done.stderr


@pytest.mark.browser
def test_an_admin_makes_a_code_sees_the_box_and_revokes_it(page, page_assets, tmp_path, pictures):
    with closing(Centre(tmp_path, page_assets, MQTT_PORT=free_port())) as centre:
        centre.start()
        come_in(centre.console, "admin", PASSWORD)
        page.context.add_cookies(
            [{"name": name, "value": value, "url": centre.url} for name, value in centre.console.cookies.items()]
        )
        page.goto(f"{centre.url}/console/users")
        choose(page, "设备")
        for device, site, cameras in (("yq-001-box", "yq-001", "yq-001-n yq-001-s"), ("yq-002-box", "yq-002", "")):
            page.fill("[name=device_id]", device)
            page.fill("[name=site_id]", site)
            page.fill("[name=cameras]", cameras)
            page.click("button:has-text('新登记码')")
            code = page.locator(f"[data-code-for={device}] .code code").inner_text()
            body = asked(code, Ed25519PrivateKey.generate()).model_dump_json()
            assert httpx.post(f"{centre.url}/api/v1/devices/enrol", content=body).status_code == 200
            page.goto(f"{centre.url}/console/devices")
        row = page.locator("tr[data-device=yq-002-box]")
        row.locator("[name=reason]").fill("更换设备")
        row.locator("[name=key]").select_option("kept")
        row.locator("button").click()
        expect(row).to_have_attribute("data-active", "no")
        expect(row).to_contain_text("更换设备")
        page.fill("[name=device_id]", "yq-003-box")
        page.fill("[name=site_id]", "yq-003")
        page.click("button:has-text('新登记码')")
        expect(page.locator("[data-code-for=yq-003-box]")).to_be_visible()
        page.screenshot(path=pictures / "devices.jpg", type="jpeg", quality=70)
