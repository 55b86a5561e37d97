"""`lukou clock`, as an operator calls it."""

import json
import subprocess
import sys
import time
from contextlib import closing

import pytest
import yaml

from contract.words import ClockReference
from datasets.demo.reference_clock import ReferenceClock
from edge.both_clocks import looking
from edge.clock import Measurement
from edge.clock_records import ClockRecords

BOX = {
    "device": {"id": "box-1", "key_file": "k.pem", "token_file": "t"},
    "centre": {"url": "http://x", "public_key_file": "c.pem"},
    "data": "data",
    "cameras": [{"scene": "s.yaml", "source": "v.avi"}],
}


@pytest.fixture
def reference():
    with ReferenceClock() as running:
        yield running


def ask(folder, clock: dict[str, object], *more: str) -> subprocess.CompletedProcess[str]:
    path = folder / "edge.yaml"
    path.write_text(yaml.safe_dump(BOX | {"clock": clock}))
    words = [sys.executable, "-m", "lukou", "clock", "--config", str(path), *more]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.process
@pytest.mark.parametrize(
    ("story", "manner", "status", "says"),
    [
        ("right", {}, 0, '"status": "valid"'),
        ("1.5 s off", {"offset_ms": 1500}, 1, "s off its reference"),
        ("not synchronised", {"leap": 3}, 1, "its own clock is not synchronised"),
    ],
)
def test_valid_or_why_not(tmp_path, reference, story, manner, status, says):
    reference.become(**manner)
    done = ask(tmp_path, {"source": "sntp", "server": reference.address}, "--json")
    assert done.returncode == status, done.stderr
    assert says in done.stdout
    assert json.loads(done.stdout)["server"] == reference.address
    assert not (tmp_path / "data").exists()  # it looks, and leaves nothing


@pytest.mark.process
def test_what_a_running_box_has_measured_still_proves_when_the_server_is_silent(tmp_path):
    now = looking(lambda: time.time_ns() // 1_000_000)()
    with closing(ClockRecords(tmp_path / "data" / "outbox.sqlite")) as records:
        records.keep(Measurement(ClockReference.SNTP, now, -3.5, 2.0))
    done = ask(tmp_path, {"source": "sntp", "server": "127.0.0.1:9"})
    assert done.returncode == 0, done.stderr
    for words in ("valid", "sntp 127.0.0.1:9", "-3.500 ms", "not measured now", "Connection refused"):
        assert words in done.stdout


@pytest.mark.process
def test_who_goes_by_nothing_proves_nothing(tmp_path):
    done = ask(tmp_path, {"source": "none"})
    assert done.returncode == 1
    assert "nobody" in done.stdout


@pytest.mark.process
def test_a_wrong_clock_is_told_in_a_line(tmp_path):
    done = ask(tmp_path, {"source": "sntp"})
    assert done.returncode == 2
    assert done.stderr.endswith("edge.yaml: clock: Value error, server: is needed by source sntp, and by no other\n")
    assert "Traceback" not in done.stderr
