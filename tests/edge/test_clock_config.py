"""Servers as an installer writes them."""

import pytest

from edge.clock_config import ClockConfig


@pytest.mark.parametrize(
    ("server", "host", "port"),
    [
        ("ntp.example", "ntp.example", 123),
        ("10.0.0.5:1123", "10.0.0.5", 1123),
        ("[fd00::5]:1123", "fd00::5", 1123),
        ("[fd00::5]", "fd00::5", 123),
        ("fd00::5", "fd00::5", 123),
    ],
)
def test_servers(server, host, port):
    assert ClockConfig.model_validate({"source": "sntp", "server": server}).address() == (host, port)


@pytest.mark.parametrize("server", ["", ":123", "a:", "a:0", "a:65536", "a:-1", "[fd00::5]x", "[]:1", "a:١٢٣"])
def test_what_is_no_server(server):
    with pytest.raises(ValueError, match="server"):
        ClockConfig.model_validate({"source": "sntp", "server": server})
