"""The publisher: sends what waits in the outbox over MQTT 5, QoS 1, and takes the centre's receipts.

It decides nothing: an event stays in the outbox until a receipt that the centre has signed says what became of it,
so losing a message, the broker or the connection only means that it is sent again.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTMessageInfo, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from contract import topics
from contract.hand_off import HandOffHeld, HandOffSwitched
from contract.messages import Heartbeat, Receipt
from contract.seal import SealError, unseal
from edge.hand_offs import HandOffs
from edge.outbox import Outbox, Waiting

log = structlog.get_logger()

UNANSWERED_MAX = 50
"""How many events may be on their way without a receipt."""


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker listens, and who the box is there."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None
    ca_file: Path | None = None
    tls: bool = False


@dataclass(slots=True)
class _OnTheWay:
    sent_s: float
    info: MQTTMessageInfo


@dataclass(slots=True)
class Publisher:
    """One device's connection. ``start`` connects in the background; ``pump`` is called a few times a second.

    Attributes:
        device_id: the client id as well; it holds no slash, which some brokers cannot take.
        cameras: (site_id, camera_id) whose receipts are for this box.
        centre_id: the key id under which the centre signs.
        retry_s: after how many seconds without a receipt an event is sent again.
        hand_offs: where the centre's words on the hand-off switch are kept; without it they are not asked for.
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
    refused: threading.Event = field(default_factory=threading.Event)
    _client: Client = field(init=False)
    _on_the_way: dict[int, _OnTheWay] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=self.device_id, protocol=MQTTv5)
        self._client.reconnect_delay_set(1, 30)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._received
        if self.address.username is not None:
            self._client.username_pw_set(self.address.username, self.address.password)
        if self.address.ca_file is not None:
            self._client.tls_set(ca_certs=str(self.address.ca_file))
        elif self.address.tls:
            self._client.tls_set()

    def start(self) -> None:
        """Begin to connect; a broker that is down is tried again for as long as it takes."""
        self._client.connect_async(self.address.host, self.address.port, keepalive=30)
        self._client.loop_start()

    def stop(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def connected(self) -> bool:
        """Tell whether the broker has accepted us."""
        return self._client.is_connected()

    def pump(self) -> int:
        """Send what waits and is not on its way; return how many were sent."""
        if not self.connected():
            return 0
        waiting = self.outbox.waiting(limit=UNANSWERED_MAX)
        self._settle_counts(waiting)
        now_s = time.monotonic()
        due = [w for w in waiting if self._is_due(w.number, now_s)]
        for message in due:
            info = self._client.publish(message.topic, message.payload, qos=1)
            self._on_the_way[message.number] = _OnTheWay(now_s, info)
        return len(due)

    def beat(self, heartbeat: Heartbeat, payload: bytes) -> None:
        """Say how a camera is; a heartbeat that cannot be sent is worth nothing later, so it is not kept."""
        if self.connected():
            self._client.publish(topics.heartbeat(heartbeat.site_id, heartbeat.camera_id), payload, qos=0)

    def answer(self, held: HandOffHeld, payload: bytes) -> bool:
        """Say what the box holds of the hand-off switch; return whether it could be sent."""
        connected = self.connected()
        if connected:
            self._client.publish(topics.hand_off_state(held.site_id), payload, qos=1)
        return connected

    def _is_due(self, number: int, now_s: float) -> bool:
        sent = self._on_the_way.get(number)
        return sent is None or now_s - sent.sent_s >= self.retry_s

    def _settle_counts(self, waiting: tuple[Waiting, ...]) -> None:
        still_waiting: Mapping[int, Waiting] = {w.number: w for w in waiting}
        for number in list(self._on_the_way):
            message = still_waiting.get(number)
            if message is None:
                del self._on_the_way[number]
            elif message.event_id is None and self._on_the_way[number].info.is_published():
                self.outbox.settle_counts(number)

    def _connected(
        self, client: Client, _userdata: object, _flags: ConnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        if reason.is_failure:
            log.warning("broker.refused", device=self.device_id, reason=str(reason))
            self.refused.set()
            return
        log.info("broker.connected", host=self.address.host, port=self.address.port)
        self._on_the_way.clear()  # a new connection knows nothing of what the old one sent
        client.subscribe([(topics.receipt(site, camera), 1) for site, camera in self.cameras])
        if self.hand_offs is not None:
            client.subscribe([(topics.hand_off_set(site), 1) for site in sorted(self._sites())])

    def _disconnected(
        self, _client: Client, _userdata: object, _flags: DisconnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        log.warning("broker.lost", device=self.device_id, reason=str(reason))

    def _sites(self) -> set[str]:
        return {site for site, _ in self.cameras}

    def _received(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        if message.topic in {topics.hand_off_set(site) for site in self._sites()}:
            self._switched(message)
        else:
            self._receipted(message)

    def _switched(self, message: MQTTMessage) -> None:
        try:
            word = unseal(bytes(message.payload), HandOffSwitched, self._key_of).message
        except SealError as error:
            log.warning("hand_off.refused", topic=message.topic, why=str(error))
            return
        if self.hand_offs is None or message.topic != topics.hand_off_set(word.site_id):
            return
        if self.hand_offs.take(word):
            log.info("hand_off.switched", site=word.site_id, is_set=word.is_set, until_ms=word.until_ms)

    def _receipted(self, message: MQTTMessage) -> None:
        try:
            opened = unseal(bytes(message.payload), Receipt, self._key_of)
        except SealError as error:
            log.warning("receipt.refused", topic=message.topic, why=str(error))
            return
        receipt = opened.message
        if receipt.device_id != self.device_id:
            return
        if self.outbox.settle(str(receipt.event_id), receipt.outcome, receipt.reason):
            log.info("event.settled", event_id=str(receipt.event_id), outcome=receipt.outcome.value, why=receipt.reason)

    def _key_of(self, key_id: str) -> Ed25519PublicKey | None:
        return self.centre_key if key_id == self.centre_id else None
