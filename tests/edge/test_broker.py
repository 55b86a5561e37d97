"""A client for an address: in the clear or by TLS, whoever asks for it; a real socket hears its first byte."""

import socket
from contextlib import closing

import pytest

from edge.broker import BrokerAddress, client_for
from edge.errors import InputProblemError
from edge.lamp_sources.inbox import Inbox
from edge.lamp_sources.mqtt import MqttFeed, Subscription
from edge.signals.feed import FeedReader

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"  # paho lets a socket go whose handshake was cut off
)
CONNECT, TLS_HANDSHAKE = 0x10, 0x16


def first_byte(host: socket.socket) -> int:
    host.settimeout(10)
    connection, _ = host.accept()
    with closing(connection):
        connection.settimeout(10)
        return connection.recv(1)[0]


@pytest.fixture
def host():
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening


@pytest.mark.parametrize(
    ("tls", "begins_with"),
    [pytest.param(False, CONNECT, id="in the clear"), pytest.param(True, TLS_HANDSHAKE, id="TLS")],
)
@pytest.mark.parametrize("who", ["publisher", "feed"])
def test_a_password_goes_as_the_address_has_it(host, who, tls, begins_with):
    address = BrokerAddress("127.0.0.1", host.getsockname()[1], "box-1", "hunter2", tls=tls)
    if who == "feed":
        feed = MqttFeed(Subscription(address, "spat", "box-1-n"), FeedReader({}, 0), Inbox(), lambda: 0)
        start, stop = feed.start, feed.stop
    else:
        client = client_for(address, "box-1")
        start, stop = lambda: (client.connect_async(address.host, address.port), client.loop_start()), client.loop_stop
    start()
    try:
        assert first_byte(host) == begins_with
    finally:
        stop()


def test_a_file_without_certificates_is_told(tmp_path):
    wrong = tmp_path / "ca.pem"
    wrong.write_text("no certificate")
    with pytest.raises(InputProblemError, match=r"ca\.pem: expected certificates, PEM"):
        client_for(BrokerAddress("127.0.0.1", 1, ca_file=wrong), "box-1")


def test_an_address_in_a_log_has_no_password():
    assert "hunter2" not in repr(BrokerAddress("127.0.0.1", 1, "box-1", "hunter2"))
