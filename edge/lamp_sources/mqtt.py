"""The controller's feed by MQTT: one topic, each message a word."""

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.broker import BrokerAddress, client_for
from edge.lamp_sources.inbox import Inbox
from edge.lamp_sources.link import LinkState
from edge.signals.feed import FeedReader

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Subscription:
    """A broker's topic, and who subscribes to it."""

    address: BrokerAddress
    topic: str
    client_id: str


@dataclass(slots=True)
class MqttFeed:
    """A subscription; connects in the background and again whenever it is lost."""

    subscription: Subscription
    reader: FeedReader
    inbox: Inbox
    now_ms: Callable[[], int]
    _client: Client = field(init=False)

    def __post_init__(self) -> None:
        self._client = client_for(self.subscription.address, self.subscription.client_id)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._received

    def start(self) -> None:
        """Begin to connect; a broker that is down is tried again for as long as it takes."""
        address = self.subscription.address
        self._client.connect_async(address.host, address.port, keepalive=10)
        self._client.loop_start()

    def stop(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def state(self) -> LinkState:
        """Return how it is."""
        return LinkState(self._client.is_connected(), self.reader.taken, dict(self.reader.refused))

    def _connected(
        self, client: Client, _userdata: object, _flags: ConnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        if reason.is_failure:
            log.warning("signals.refused", topic=self.subscription.topic, reason=str(reason))
        else:
            client.subscribe(self.subscription.topic, 0)

    def _disconnected(
        self, _client: Client, _userdata: object, _flags: DisconnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        log.warning("signals.lost", topic=self.subscription.topic, reason=str(reason))

    def _received(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        self.inbox.put(self.reader.read(bytes(message.payload), self.now_ms()))
