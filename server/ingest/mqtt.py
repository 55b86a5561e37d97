"""The MQTT side of the intake: take, commit, acknowledge, then send the receipt. In that order, always.

A message that could not be committed is not acknowledged: the broker brings it again after the next connection.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from sqlalchemy.exc import SQLAlchemyError

from contract import topics
from contract.seal import seal
from server.broker_access.place import Broker
from server.db import Sessions, unit_of_work
from server.hand_off import service as hand_off
from server.ingest.intake import Answer, Intake
from server.law.reading import Law

log = structlog.get_logger()

CENTRE = "centre"
CLIENT_ID = "lukou-centre"
"""Without a slash: one in a client id stops some brokers."""
KEPT_BY_BROKER_S = 7 * 24 * 3600


@dataclass(slots=True)
class Ingest:
    """One connection that takes messages in."""

    broker: Broker
    sessions: Sessions
    key: Ed25519PrivateKey
    demonstration: bool
    now_ms: Callable[[], int]
    law: Law
    _client: Client = field(init=False)
    _telling: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        client = Client(CallbackAPIVersion.VERSION2, client_id=CLIENT_ID, protocol=MQTTv5, manual_ack=True)
        client.reconnect_delay_set(1, 30)
        client.on_connect, client.on_disconnect, client.on_message = self._connected, self._lost, self._received
        self.broker.introduce(client)
        self._client = client

    def start(self) -> None:
        """Connect in the background, for as long as it takes."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho has no type here
        properties.SessionExpiryInterval = KEPT_BY_BROKER_S
        self._client.connect_async(self.broker.host, self.broker.port, clean_start=False, properties=properties)
        self._client.loop_start()

    def stop(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def connected(self) -> bool:
        """Tell whether messages can come."""
        return self._client.is_connected()

    def tell_boxes(self) -> None:
        """Leave the last word of every site's hand-off switch with the broker; unless connected, the connection does.

        It is read anew under a lock, so whoever speaks last says what was committed last.
        """
        if not self.connected():
            return
        try:
            with self._telling, self.sessions.reading() as session:
                for word in hand_off.newest(session):
                    sealed = seal(hand_off.message_of(word), CENTRE, self.key)
                    self._client.publish(topics.hand_off_set(word.site_id), sealed, qos=1, retain=True)
        except SQLAlchemyError as error:
            log.error("hand_off.not_told", why=str(error).splitlines()[0])

    def _connected(
        self, client: Client, _userdata: object, _flags: ConnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        if reason.is_failure:
            log.warning("broker.refused", reason=str(reason))
            return
        client.subscribe([(topics.every(kind), 1) for kind in ("violation", "passages", "heartbeat", "state")])
        self.tell_boxes()
        log.info("broker.connected", host=self.broker.host, port=self.broker.port)

    def _lost(
        self, _client: Client, _userdata: object, _flags: DisconnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        log.warning("broker.lost", reason=str(reason))

    def _received(self, client: Client, _userdata: object, message: MQTTMessage) -> None:
        try:
            with unit_of_work(self.sessions) as session:
                intake = Intake(session, self.demonstration, self.now_ms(), self.law)
                answer = intake.take(message.topic, bytes(message.payload))
        except SQLAlchemyError as error:
            log.error("ingest.not_committed", topic=message.topic, why=str(error).splitlines()[0])
            return
        except Exception:  # a defect of ours must not stop the intake of the next message; the box sends again
            log.exception("ingest.defect", topic=message.topic)
            return
        client.ack(message.mid, message.qos)
        if answer is not None:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        self._client.publish(answer.topic, seal(answer.receipt, CENTRE, self.key), qos=1)
