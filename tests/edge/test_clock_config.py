"""edge.yaml's clock as an installer writes it, and every mistake in one line with its place."""

import pytest
import yaml

from contract.words import ClockReference
from edge.clock_config import ClockConfig
from edge.config import load_config
from edge.errors import InputProblemError

BOX = {
    "device": {"id": "box-1", "key_file": "k.pem", "token_file": "t"},
    "centre": {"url": "http://x", "public_key_file": "c.pem"},
    "data": "data",
    "cameras": [{"scene": "s.yaml", "source": "v.avi"}],
}


def test_where_nothing_is_said_the_kernel_is_asked(tmp_path):
    (tmp_path / "edge.yaml").write_text(yaml.safe_dump(BOX))
    clock = load_config(tmp_path / "edge.yaml").clock
    assert (clock.source, clock.every_s, clock.drift_ppm) == (ClockReference.KERNEL, 64.0, 10.0)


@pytest.mark.parametrize(
    ("clock", "says"),
    [
        ({"source": "sntp"}, "server: is needed by source sntp, and by no other"),
        ({"source": "kernel", "server": "a"}, "server: is needed by source sntp, and by no other"),
        ({"source": "sntp", "server": "a:b"}, "server: expected host, host:port or [IPv6]:port, found 'a:b'"),
        ({"source": "ptp"}, "clock.source: Input should be 'sntp', 'chrony', 'kernel' or 'none'"),
        ({"drift_ppm": 0}, "clock.drift_ppm: Input should be greater than 0"),
        ({"drift_ppm": float("nan")}, "clock.drift_ppm: Input should be"),
        ({"every_s": 0.5}, "clock.every_s: Input should be greater than or equal to 1"),
    ],
)
def test_a_wrong_clock_is_told_in_a_line(tmp_path, clock, says):
    (tmp_path / "edge.yaml").write_text(yaml.safe_dump(BOX | {"clock": clock}))
    with pytest.raises(InputProblemError) as raised:
        load_config(tmp_path / "edge.yaml")
    (problem,) = raised.value.problems
    assert says in problem


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
