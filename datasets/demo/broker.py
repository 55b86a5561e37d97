"""An MQTT 5 broker for one machine: iotcore (rumqttd) on loopback, in its own process, watched by a real CONNECT.

It keeps nothing through a crash; only the centre's receipt frees the box's outbox, so that loses nothing. A CONNECT
whose client id holds a slash stops that listener for newcomers, which only another CONNECT can see.
"""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from datasets.errors import PartMissingError

HOST: Final = "127.0.0.1"
START_S: Final = 15.0
CONNECT_S: Final = 3.0
PAYLOAD_BYTES_MAX: Final = 256 * 1024
CHILD: Final = "from iotcore._serve import main; main()"
"""The package's own entry of a broker process; it ends when our end of its standard input closes."""
CONFIG: Final = """
id = 0
[router]
id = 0
max_connections = 200
max_outgoing_packet_count = 200
max_segment_size = 104857600
max_segment_count = 10
[v5.1]
name = "loopback"
listen = "{host}:{port}"
next_connection_delay_ms = 1
[v5.1.connections]
connection_timeout_ms = 10000
max_payload_size = {payload}
max_inflight_count = 200
dynamic_filters = true
"""


@dataclass(slots=True)
class Broker:
    """A broker's process. ``stop`` ends it; it also ends with us."""

    port: int
    config: Path
    host: str = HOST
    _process: subprocess.Popen[bytes] | None = None
    _watching: threading.Event = field(default_factory=threading.Event)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Start it and wait until a CONNECT is answered. Raises PartMissingError."""
        words = [sys.executable, "-c", CHILD, json.dumps({"config_path": str(self.config)})]
        process = self._process = subprocess.Popen(words, stdin=subprocess.PIPE)
        until_s = time.monotonic() + START_S
        while not self.is_alive():
            if process.poll() is not None or time.monotonic() > until_s:
                why = f"no CONNECT was answered on {HOST}:{self.port}"
                raise PartMissingError("MQTT broker", why, "Does something else use the port?")
            time.sleep(0.1)

    def stop(self) -> None:
        """End the process."""
        self._watching.set()
        self._end()

    def kill(self) -> None:
        """Kill the process as a crash would; a watch starts it again."""
        if self._process is not None:
            self._process.kill()

    def _end(self) -> None:
        with self._one_at_a_time:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            with process:  # waits for its end, and closes our end of its input
                pass

    def is_alive(self) -> bool:
        """Tell whether a newcomer's CONNECT is answered."""
        answered = threading.Event()
        client = Client(CallbackAPIVersion.VERSION2, client_id=f"watch-{time.monotonic_ns()}", protocol=MQTTv5)
        client.on_connect = lambda *_: answered.set()
        try:
            client.connect(self.host, self.port, keepalive=10)
        except OSError:
            return False
        client.loop_start()
        alive = answered.wait(CONNECT_S)
        client.disconnect()
        client.loop_stop()
        return alive

    def watch(self, every_s: float, say: Callable[[str], None]) -> threading.Thread:
        """Start it again whenever it stops answering, until ``stop``."""

        def keep() -> None:
            while not self._watching.wait(every_s):
                if self.is_alive() or self._watching.is_set():
                    continue
                say("the broker answers no more: starting it again")
                self._end()
                try:
                    self.start()
                except PartMissingError as error:
                    if not self._watching.is_set():
                        say(str(error))
            self._end()

        thread = threading.Thread(target=keep, name="broker-watch", daemon=True)
        thread.start()
        return thread


def start_broker(folder: Path, port: int | None = None) -> Broker:
    """Start a broker whose configuration lies in ``folder``, on a free port if none is given."""
    port = port or free_port()
    if not is_free(port):
        raise PartMissingError("MQTT broker", f"port {port} is taken", "Give another, or stop who has it")
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "broker.toml"
    config.write_text(CONFIG.format(host=HOST, port=port, payload=PAYLOAD_BYTES_MAX))
    broker = Broker(port, config)
    try:
        broker.start()
    except PartMissingError:
        broker.stop()
        raise
    return broker


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
