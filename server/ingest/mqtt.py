"""The centre's way to its broker: a connection for what it tells the boxes, and its workers' for what they take in."""

import threading
from dataclasses import dataclass, field
from socket import IPPROTO_TCP, TCP_NODELAY
from socket import socket as Socket  # noqa: N812 - a class by its name
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from sqlalchemy.exc import SQLAlchemyError

from contract import topics
from contract.seal import seal
from server.broker_access.place import Broker
from server.db import Sessions
from server.hand_off import service as hand_off

log = structlog.get_logger()

CENTRE: Final = "centre"
CLIENT_ID: Final = "lukou-centre"
"""Without a slash: one in a client id stops some brokers."""


@dataclass(frozen=True, slots=True)
class Session:
    """What the broker keeps of a connection: for how long it survives us, and how much may be unacknowledged."""

    client_id: str
    kept_s: int = 0
    unacknowledged_max: int = 20


def open_client(broker: Broker, session: Session, *, manual_ack: bool) -> Client:
    """Return a client that is not connected yet, and comes back by itself once it was."""
    client = Client(CallbackAPIVersion.VERSION2, client_id=session.client_id, protocol=MQTTv5, manual_ack=manual_ack)
    client.reconnect_delay_set(1, 30)
    client.on_socket_open = _at_once
    broker.introduce(client)
    return client


def _at_once(_client: Client, _userdata: object, socket: object) -> None:
    """Send small packets at once: a receipt behind an acknowledgement else waits 40 ms for the other side's (Nagle)."""
    if isinstance(socket, Socket):
        socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)


def connect(client: Client, broker: Broker, session: Session) -> None:
    """Connect in the background, for as long as it takes."""
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho has no type here
    properties.SessionExpiryInterval = session.kept_s
    properties.ReceiveMaximum = session.unacknowledged_max
    client.connect_async(broker.host, broker.port, clean_start=session.kept_s == 0, properties=properties)
    client.loop_start()


@dataclass(slots=True)
class Teller:
    """The one connection that leaves words for the boxes; it takes nothing in. One a centre, however many workers."""

    broker: Broker
    sessions: Sessions
    key: Ed25519PrivateKey
    _client: Client = field(init=False)
    _session: Session = field(init=False)
    _telling: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._session = Session(CLIENT_ID)
        self._client = open_client(self.broker, self._session, manual_ack=False)
        self._client.on_connect, self._client.on_disconnect = self._connected, lost

    def start(self) -> None:
        """Connect in the background."""
        connect(self._client, self.broker, self._session)

    def stop(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def connected(self) -> bool:
        """Tell whether words reach the broker."""
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
        self, _client: Client, _userdata: object, _flags: ConnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        if may_speak(reason, self.broker):
            self.tell_boxes()


def may_speak(reason: ReasonCode, broker: Broker) -> bool:
    """Log what the broker answered to a CONNECT; return whether it let us in."""
    if reason.is_failure:
        log.warning("broker.refused", reason=str(reason))
        return False
    log.info("broker.connected", host=broker.host, port=broker.port)
    return True


def lost(_client: Client, _userdata: object, _flags: DisconnectFlags, reason: ReasonCode, _: Properties | None) -> None:
    """Log that a connection ended."""
    log.warning("broker.lost", reason=str(reason))
