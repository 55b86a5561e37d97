"""The broker of deploy/mosquitto/mosquitto.conf, as it stands there: only its paths, ports and user are others."""

import re
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from mosquitto import unpacked
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from tls_server import certificates, machine_now

from datasets.demo.broker import free_port
from datasets.mosquitto import Mosquitto
from server.broker_access.first_file import first_file

CONF = Path(__file__).parent.parent.parent / "deploy" / "mosquitto" / "mosquitto.conf"
PASSWORD = "the centre's own password"


def replaced(text: str, was: str, now: str) -> str:
    """A path that the file does not have any more is a test of nothing."""
    assert was in text, was
    return text.replace(was, now)


@dataclass
class DeployedBroker:
    """``port`` is the centre's, on loopback; ``tls_port`` the boxes'. It may be stopped and started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    broker: Mosquitto = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.ca_file = self.folder / "ca.pem"
        certificates(self.folder, machine_now())
        self.security = self.folder / "dynamic-security.json"
        self.forget()
        self.root, environment = unpacked()
        command = self.root / "usr/sbin/mosquitto", environment
        self.broker = Mosquitto(self.folder, port=self.tls_port, config=self._conf(), command=command)

    def forget(self) -> None:
        """Begin with the plugin's first file, as after the loss of the broker's disk."""
        self.security.write_text(first_file("centre", PASSWORD))

    def _conf(self) -> str:
        text = CONF.read_text()
        plugin = re.search(r"^plugin (.+)$", text, re.MULTILINE)[1]
        (there,) = self.root.glob(f"usr/lib/*/{Path(plugin).name}")
        text = replaced(text, plugin, str(there))
        text = replaced(text, "/var/lib/mosquitto/", f"{self.folder}/")
        text = replaced(text, "/etc/mosquitto/certs/", f"{self.folder}/")
        text = replaced(text, "listener 1883 127.0.0.1", f"listener {self.port} 127.0.0.1")
        return replaced(text, "listener 8883", f"listener {self.tls_port} 127.0.0.1") + "user root\n"

    def start(self) -> None:
        self.broker.start()

    def stop(self) -> None:
        self.broker.stop()


class Visitor:
    """Who connects by TLS with a name and a password, as a box does. ``refused`` is the broker's word if it did."""

    def __init__(self, broker: DeployedBroker, name: str, password: str, client_id: str | None = None) -> None:
        self.client = Client(CallbackAPIVersion.VERSION2, client_id=client_id or name, protocol=MQTTv5)
        self.client.username_pw_set(name, password)
        self.client.tls_set(ca_certs=str(broker.ca_file))
        self.answered, self.ended, self.refused = threading.Event(), threading.Event(), None
        self.heard, self.words = [], {}
        self.client.on_connect = self._connected
        self.client.on_disconnect = lambda *_: self.ended.set()
        self.client.on_message = lambda _c, _u, message: self.heard.append((message.topic, message.payload))
        self.client.on_publish = lambda _c, _u, mid, reason, _p: self.words.__setitem__(mid, reason)
        self.client.on_subscribe = lambda _c, _u, mid, reasons, _p: self.words.__setitem__(mid, reasons[0])
        self.client.connect("127.0.0.1", broker.tls_port)
        self.client.loop_start()
        assert self.answered.wait(5)

    def _connected(self, _client, _userdata, _flags, reason, _properties) -> None:
        self.refused = str(reason) if reason.is_failure else None
        self.answered.set()

    def may_publish(self, topic: str) -> bool:
        return not self._word(self.client.publish(topic, b"x", qos=1).mid).is_failure

    def may_subscribe(self, topic: str) -> bool:
        return not self._word(self.client.subscribe(topic, qos=1)[1]).is_failure

    def _word(self, mid: int):
        until_s = time.monotonic() + 5
        while mid not in self.words and time.monotonic() < until_s:
            time.sleep(0.01)
        return self.words[mid]

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()
        del self.client  # it closes its sockets when nobody holds it any more
