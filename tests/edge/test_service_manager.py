import os
import socket

import pytest

from edge.service_manager import ServiceManager

OURS, OTHER = str(os.getpid()), "1"


@pytest.mark.parametrize(
    ("story", "environment", "watchdog_s"),
    [
        ("started by hand", {}, None),
        ("a watchdog of a minute", {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": OURS}, 60.0),
        ("one for any process", {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "60000000"}, 60.0),
        ("one for another process", {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": OTHER}, None),
        ("nonsense", {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_environment_says_whom_to_tell_and_how_often(story, environment, watchdog_s):
    manager = ServiceManager.of(environment)
    assert (manager.address, manager.watchdog_s) == (environment.get("NOTIFY_SOCKET"), watchdog_s)


@pytest.mark.parametrize("name", ["path", "abstract"])
def test_it_hears_that_the_box_lives_twice_as_often_as_it_must(tmp_path, name):
    address = str(tmp_path / "notify") if name == "path" else f"@lukou-test-{os.getpid()}"
    now_s = [0.0]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("\0" + address[1:] if name == "abstract" else address)
        systemd.settimeout(5)
        manager = ServiceManager(address, 4.0, now_s=lambda: now_s[0])
        manager.ready()
        assert systemd.recv(100) == b"READY=1"
        for tick in range(90):
            now_s[0] = tick / 10
            manager.alive(lambda: f"at {now_s[0]}")
        heard = [systemd.recv(100) for _ in range(5)]
        assert heard == [b"WATCHDOG=1\nSTATUS=at %.1f" % at_s for at_s in (0, 2, 4, 6, 8)]
        manager.stopping("enough")
        assert systemd.recv(100) == b"STOPPING=1\nSTATUS=enough"


def test_one_that_is_gone_or_does_not_read_stops_nothing(tmp_path):
    ServiceManager(str(tmp_path / "nowhere")).ready()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "notify"))
        for _ in range(2000):
            ServiceManager(str(tmp_path / "notify")).ready()
