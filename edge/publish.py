"""The publisher: sends what waits in the outbox over MQTT 5, QoS 1, and takes the centre's receipts.

It decides nothing: an event stays in the outbox until a receipt that the centre has signed says what became of it,
so losing a message, the broker or the connection only means that it is sent again.
"""

import sqlite3
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from contract import topics
from contract.box import Prompted
from contract.hand_off import HandOffHeld
from contract.messages import Heartbeat
from edge.broker import BrokerAddress, client_for
from edge.centre_words import CentreWords
from edge.hand_offs import HandOffs
from edge.on_the_way import OnTheWay
from edge.outbox import Outbox

log = structlog.get_logger()

UNANSWERED_MAX = 50
"""How many events may be on their way without a receipt."""
LEAVE_S: Final = 2.0
PROMPT_S: Final = 5
"""A broker hands a prompt out for so long, and not later (MQTT 5, 3.3.2.3.3)."""


class Status(Protocol):
    """The words of a retained status, each in its wire form."""

    @property
    def topic(self) -> str:
        """Where they are said."""
        ...

    def will(self) -> bytes:
        """What the broker is to say when the connection that begins now breaks."""
        ...

    def online(self) -> bytes:
        """The connection stands."""
        ...

    def offline(self) -> bytes:
        """The box leaves by itself."""
        ...


@dataclass(slots=True)
class Publisher:
    """One device's connection. ``start`` connects in the background; ``pump`` is called a few times a second.

    Attributes:
        device_id: the client id as well; it holds no slash, which some brokers cannot take.
        cameras: (site_id, camera_id) whose receipts are for this box.
        centre_id: the key id under which the centre signs.
        retry_s: after how many seconds without a receipt an event is sent again.
        hand_offs: where the centre's words on the hand-off switch are kept; without it they are not asked for.
        status: what is said of the connection itself, retained.
        refused: set when the broker does not know the box; whoever can ask the centre to let it in clears it.
    """

    device_id: str
    cameras: tuple[tuple[str, str], ...]
    address: BrokerAddress
    outbox: Outbox
    centre_key: Ed25519PublicKey
    centre_id: str = "centre"
    retry_s: float = 10.0
    hand_offs: HandOffs | None = None
    status: Status | None = None
    refused: threading.Event = field(default_factory=threading.Event)
    _words: CentreWords = field(init=False)
    _client: Client = field(init=False)
    _on_the_way: OnTheWay = field(init=False)

    def __post_init__(self) -> None:
        sites = frozenset(site for site, _ in self.cameras)
        self._words = CentreWords(self.device_id, sites, self.outbox, self.hand_offs, self.centre_key, self.centre_id)
        self._on_the_way = OnTheWay(self.retry_s)
        self._client = client_for(self.address, self.device_id)
        self._client.on_pre_connect = lambda *_: self._leave_will()
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._received

    def start(self) -> None:
        """Begin to connect; a broker that is down is tried again for as long as it takes."""
        self._client.connect_async(self.address.host, self.address.port, keepalive=30)
        self._client.loop_start()

    def stop(self) -> None:
        """Leave the broker."""
        if self.status is not None and self.connected():
            said = self._client.publish(self.status.topic, self.status.offline(), qos=1, retain=True)
            with suppress(RuntimeError):  # the connection broke meanwhile: the will says it
                said.wait_for_publish(timeout=LEAVE_S)
        self._client.disconnect()
        self._client.loop_stop()

    def is_alive(self) -> bool:
        """Tell whether the connection's thread runs: one that died connects no more and says nothing."""
        return any(thread.name == f"paho-mqtt-client-{self.device_id}" for thread in threading.enumerate())

    def connected(self) -> bool:
        """Tell whether the broker has accepted us."""
        return self._client.is_connected()

    def pump(self) -> int:
        """Send what waits and is not on its way; return how many were sent."""
        if not self.connected():
            return 0
        waiting = self.outbox.waiting(limit=UNANSWERED_MAX)
        for number in self._on_the_way.arrived(waiting):
            self._settle(number)
        now_s = time.monotonic()
        due = self._on_the_way.due(waiting, now_s)
        for message in due:
            info = self._client.publish(message.topic, message.payload, qos=1)
            self._on_the_way.sent(message, now_s, info)
        return len(due)

    def beat(self, heartbeat: Heartbeat, payload: bytes) -> None:
        """Say how a camera is; a heartbeat that cannot be sent is worth nothing later, so it is not kept."""
        if self.connected():
            self._client.publish(topics.heartbeat(heartbeat.site_id, heartbeat.camera_id), payload, qos=0)

    def prompt(self, prompted: Prompted, payload: bytes) -> bool:
        """Say something at the crossing, now or never; return whether it could be sent."""
        if not self.connected():
            return False
        expiring = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho has no type here
        expiring.MessageExpiryInterval = PROMPT_S
        topic = topics.prompt(prompted.site_id, prompted.camera_id)
        return self._client.publish(topic, payload, qos=0, properties=expiring).rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def answer(self, held: HandOffHeld, payload: bytes) -> bool:
        """Say what the box holds of the hand-off switch; return whether it could be sent."""
        connected = self.connected()
        if connected:
            self._client.publish(topics.hand_off_state(held.site_id), payload, qos=1)
        return connected

    def _settle(self, number: int) -> None:
        try:
            self.outbox.settle_counts(number)
        except sqlite3.OperationalError as error:  # a full disk: they are sent again, and counted once by their number
            log.error("counts.not_settled", why=str(error))

    def _leave_will(self) -> None:
        if self.status is not None:
            self._client.will_set(self.status.topic, self.status.will(), qos=1, retain=True)

    def _connected(
        self, client: Client, _userdata: object, _flags: ConnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        if reason.is_failure:
            log.warning("broker.refused", device=self.device_id, reason=str(reason))
            self.refused.set()
            return
        log.info("broker.connected", host=self.address.host, port=self.address.port)
        self._on_the_way.clear()
        client.subscribe([(topics.receipt(site, camera), 1) for site, camera in self.cameras])
        if self.hand_offs is not None:
            client.subscribe([(topics.hand_off_set(site), 1) for site in sorted(self._words.sites)])
        if self.status is not None:
            client.publish(self.status.topic, self.status.online(), qos=1, retain=True)

    def _disconnected(
        self, _client: Client, _userdata: object, _flags: DisconnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        log.warning("broker.lost", device=self.device_id, reason=str(reason))

    def _received(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        self._words.take(message.topic, bytes(message.payload))
