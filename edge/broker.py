"""A broker's address, and the MQTT 5 client that is for it: of the box's publisher and of a controller's feed alike."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from edge.errors import InputProblemError

RECONNECT_S: Final = (1, 30)
"""After how long a broker that is down is tried again: at first, and at most."""


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where a broker listens, and who the box is there. TLS by the machine's own CAs, or by ``ca_file`` alone."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    tls: bool = False


def client_for(address: BrokerAddress, client_id: str) -> Client:
    """Return a client that is not connected yet. Raises InputProblemError where ``ca_file`` holds no certificates."""
    client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTv5)
    client.reconnect_delay_set(*RECONNECT_S)
    if address.username is not None:
        client.username_pw_set(address.username, address.password)
    if address.ca_file is not None:
        try:
            client.tls_set(ca_certs=str(address.ca_file))
        except OSError as error:
            raise InputProblemError(f"{address.ca_file}: expected certificates, PEM: {error}") from error
    elif address.tls:
        client.tls_set()
    return client
