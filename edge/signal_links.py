"""Opens the inputs of edge.yaml that a camera's signals need: which reader hears which line, and who is who on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from calibration.scene import Scene
from edge.broker import BrokerAddress
from edge.keys import read_secret
from edge.lamp_sources.http import HttpFeed
from edge.lamp_sources.inbox import Inbox
from edge.lamp_sources.line import WireLink, serial, tcp
from edge.lamp_sources.link import Link
from edge.lamp_sources.mqtt import MqttFeed, Subscription
from edge.signals.feed import FedSignal, FeedReader
from edge.signals.wire import WiredSignal, WireReader
from edge.source_config import (
    FeedSourceConfig,
    HttpInput,
    Inputs,
    MqttInput,
    SerialInput,
    SignalSources,
    SourceConfig,
    TcpInput,
    WireSourceConfig,
)

SourcesOf = Mapping[str, Sequence[SourceConfig]]
"""The sources of each signal."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a box says of one camera's signals, and what opening their sources needs.

    ``configured`` are the sources that edge.yaml names; ``client_id`` is who we are at a broker; ``broker`` is the
    centre's, for a topic that names no host.
    """

    configured: SignalSources
    inputs: Inputs
    now_ms: Callable[[], int]
    client_id: str
    broker: BrokerAddress


def open_links(scene: Scene, sources: SourcesOf, start_ms: int, hearing: Hearing, inbox: Inbox) -> dict[str, Link]:
    """Build the links to every input that a source names; nothing runs before ``start``. Raises InputProblemError."""
    opening = _Opening(scene, sources, start_ms, hearing, inbox)
    heard = [s for each in sources.values() for s in each if isinstance(s, FeedSourceConfig | WireSourceConfig)]
    return {name: opening.link(name) for name in sorted({source.input for source in heard})}


@dataclass(frozen=True, slots=True)
class _Opening:
    scene: Scene
    sources: SourcesOf
    start_ms: int
    hearing: Hearing
    inbox: Inbox

    def link(self, name: str) -> Link:
        config, now_ms = self.hearing.inputs[name], self.hearing.now_ms
        fed = FeedReader(_fed(name, self.scene, self.sources), self.start_ms)
        wired = WireReader(_wired(name, self.sources), self.start_ms, config.lit == 1)
        match config.mqtt or config.http or config.tcp or config.serial:
            case MqttInput() as mqtt:
                return MqttFeed(_subscription(name, mqtt, self.hearing), fed, self.inbox, now_ms)
            case HttpInput() as http:
                return HttpFeed(http.bind, http.port, read_secret(http.token_file), fed, self.inbox, now_ms)
            case TcpInput() as line:
                return WireLink(name, partial(tcp, line.host, line.port), wired, self.inbox, now_ms)
            case SerialInput() as line:
                return WireLink(name, partial(serial, line.path, line.baud), wired, self.inbox, now_ms)
        raise ValueError(f"expected an input with one of mqtt, http, tcp, serial, found {config}")


def _fed(name: str, scene: Scene, sources: SourcesOf) -> dict[str, tuple[FedSignal, ...]]:
    """Return our signals by what the controller calls them; several may be one of its."""
    found: dict[str, tuple[FedSignal, ...]] = {}
    for signal in scene.signals:
        for source in sources.get(signal.id, ()):
            if isinstance(source, FeedSourceConfig) and source.input == name:
                called = source.name or signal.id
                found[called] = (*found.get(called, ()), FedSignal(signal.id, signal.user))
    return found


def _wired(name: str, sources: SourcesOf) -> tuple[WiredSignal, ...]:
    return tuple(
        WiredSignal(signal_id, source.red, source.green, source.yellow)
        for signal_id, each in sources.items()
        for source in each
        if isinstance(source, WireSourceConfig) and source.input == name
    )


def _subscription(name: str, mqtt: MqttInput, hearing: Hearing) -> Subscription:
    client_id = f"{hearing.client_id}-{name}"
    if mqtt.host is None:
        return Subscription(hearing.broker, mqtt.topic, client_id)
    password = None if mqtt.password_file is None else read_secret(mqtt.password_file)
    address = BrokerAddress(mqtt.host, mqtt.port, mqtt.username, password, mqtt.ca_file)
    return Subscription(address, mqtt.topic, client_id)
