"""The box's clock is set to and fro before a real SNTP server: what is measured, when, and what is told."""

import re
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from contract.words import ClockReference, ClockStatus
from datasets.demo.reference_clock import ReferenceClock
from edge.both_clocks import looking
from edge.clock import Measurement
from edge.clock_config import ClockConfig
from edge.clock_records import ClockRecords, RecordedClock
from edge.clock_sources.chrony import Chrony
from edge.clock_sources.kernel import Kernel
from edge.clock_sources.sntp import SntpServer
from edge.clock_watch import ClockWatch, reference_of, watch_clock

HOUR = 3_600_000


@dataclass
class _Box:
    """A box whose wall clock can be set, and whose timers stand until they are moved on."""

    reference: ReferenceClock
    records: ClockRecords
    path: object
    set_ms: int = 0
    now_s: float = 0.0
    watch: ClockWatch = field(init=False)

    def __post_init__(self) -> None:
        self.look = looking(self.now_ms)
        server = SntpServer("127.0.0.1", self.reference.port, self.look, wait_s=2.0)
        self.watch = ClockWatch(server, self.records, 64.0, self.look, lambda: self.now_s)

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.set_ms

    def proof(self):
        return RecordedClock(self.path, ClockReference.SNTP, 10.0, self.look).current_proof()

    def turns_until(self, now_s: float) -> int:
        """Let the timers go on second by second, and return how often the server was asked meanwhile."""
        before = self.reference.asked
        while self.now_s < now_s:
            self.now_s += 1
            self.watch.turn()
        return self.reference.asked - before


@pytest.fixture
def box(tmp_path):
    path = tmp_path / "outbox.sqlite"
    with ReferenceClock() as reference, closing(ClockRecords(path)) as records:
        yield _Box(reference, records, path)


def test_it_is_measured_at_once_and_then_every_64_s(box):
    assert box.proof().status is ClockStatus.INVALID
    box.watch.turn()
    assert box.proof().status is ClockStatus.VALID
    assert box.turns_until(63) == 0
    assert box.turns_until(64) >= 1
    assert len(box.records.measurements()) == 2


@pytest.mark.parametrize("jump_ms", [HOUR, -HOUR, 2000, -2000])
def test_set_to_and_fro_nothing_is_proved_until_it_is_right_again(box, jump_ms):
    """An hour forward, an hour back, and two seconds: seen at once, by the two clocks of the box alone."""
    box.watch.turn()
    before = box.look()
    box.set_ms = jump_ms
    told = re.match(r"the clock was set by ([+-][0-9.]+) s since", box.proof().reason)
    assert float(told[1]) * 1000 == pytest.approx(jump_ms, abs=500)
    assert box.turns_until(1) >= 1  # not after 64 s
    assert box.proof().status is ClockStatus.INVALID
    assert "off its reference" in box.proof().reason
    box.set_ms = 0
    box.turns_until(2)
    assert box.proof().status is ClockStatus.VALID
    proof = RecordedClock(box.path, ClockReference.SNTP, 10.0, box.look).proof_at(before)
    assert proof.status is ClockStatus.VALID


def test_a_server_that_is_1500_ms_off_makes_it_invalid(box):
    box.reference.become(offset_ms=1500)
    box.watch.turn()
    assert box.proof().status is ClockStatus.INVALID
    assert box.proof().offset_ms == pytest.approx(-1500, abs=500)


def test_a_silent_server_is_told_once_counted_and_asked_no_more_than_every_16_s(box):
    box.watch.turn()
    box.reference.become(leap=3)
    with capture_logs() as told:
        assert box.turns_until(64 + 160) == 11
        box.reference.become(leap=0)
        box.turns_until(64 + 160 + 16)
    assert [line["event"] for line in told] == ["clock.not_measured", "clock.measured_again"]
    assert "not synchronised" in told[0]["problem"]
    assert (box.records.failures().count, box.records.failures().problem) == (11, None)
    assert box.proof().status is ClockStatus.VALID


def test_where_nothing_new_is_learnt_nothing_is_kept_and_nothing_is_wrong(tmp_path):
    class Silent:
        def measure(self) -> Measurement | None:
            return None

    with closing(ClockRecords(tmp_path / "outbox.sqlite")) as records:
        records.failed("before")
        ClockWatch(Silent(), records, 64.0, looking(lambda: 0), lambda: 0.0).turn()
        assert records.measurements() == ()
        assert records.failures().problem is None


@pytest.mark.parametrize(
    ("config", "kind"),
    [
        (ClockConfig(source=ClockReference.SNTP, server="10.0.0.1"), SntpServer),
        (ClockConfig(source=ClockReference.CHRONY), Chrony),
        (ClockConfig(), Kernel),
        (ClockConfig(source=ClockReference.NONE), type(None)),
    ],
)
def test_what_edge_yaml_says_is_what_the_box_goes_by(config, kind):
    assert type(reference_of(config, looking(lambda: 0))) is kind


def test_the_boxs_thread_measures_and_ends(box):
    stopping = threading.Event()
    config = ClockConfig(source=ClockReference.SNTP, server=box.reference.address)
    thread = threading.Thread(target=watch_clock, args=(box.path, config, box.now_ms, stopping))
    thread.start()
    until_s = time.monotonic() + 20
    while box.proof().status is ClockStatus.INVALID and time.monotonic() < until_s:
        time.sleep(0.02)
    stopping.set()
    thread.join(timeout=20)
    assert not thread.is_alive()
    assert box.proof().status is ClockStatus.VALID


def test_a_box_that_goes_by_nothing_says_so(tmp_path):
    with capture_logs() as told:
        watch_clock(tmp_path / "o.sqlite", ClockConfig(source=ClockReference.NONE), lambda: 0, threading.Event())
    assert [line["event"] for line in told] == ["clock.no_reference"]
