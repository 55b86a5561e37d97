"""Where the broker is and who the centre is there, for every connection that the centre opens to it."""

from dataclasses import dataclass
from pathlib import Path

from paho.mqtt.client import Client


@dataclass(frozen=True, slots=True)
class Broker:
    """The broker's place. With ``ca_file`` the connection is TLS, and only a certificate of that CA is believed."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None
    ca_file: Path | None = None

    def introduce(self, client: Client) -> None:
        """Give a client, before it connects, the name, the password and the CA."""
        if self.username is not None:
            client.username_pw_set(self.username, self.password)
        if self.ca_file is not None:
            client.tls_set(ca_certs=str(self.ca_file))
