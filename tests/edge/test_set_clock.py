"""What a camera's process leaves in the outbox while the box's clock is set an hour forward, and an hour back.

The clock decides what an act proves. It decides nothing of order, numbers, receipts or when something is sent again.
"""

import ast
import importlib
import inspect
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from package import recorder, walk

from contract.evidence import Manifest
from contract.messages import ViolationReported
from contract.seal import unseal
from contract.words import ClockReference, ClockStatus, LampState, ReceiptOutcome
from edge.camera.attend import Attendant
from edge.camera.stream import Counts
from edge.camera_progress import Arrival, Reporter
from edge.clock import Clock, Instant, Measurement
from edge.evidence.package import Packager
from edge.evidence.ring import Kept, encode_jpeg
from edge.evidence.sealing import Seal
from edge.evidence.stamp import Stamper
from edge.outbox import Outbox
from edge.outbox_sink import OutboxSink
from edge.pipeline import Frame
from edge.signals.timeline import LampChange, SignalTimeline

NOON, HOUR = 1_800_000_000_000, 3_600_000
RED = SignalTimeline([LampChange(0, "ped", LampState.RED)])
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@dataclass
class _Box:
    """One camera's process whose two clocks are moved by hand, and which was synchronised at noon."""

    folder: object
    outbox: Outbox
    monotonic_ms: float = 0.0
    set_ms: int = 0
    camera_offset_ms: int | None = None
    measurements: list[Measurement] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.memory = recorder(RED)
        rules = self.memory.rules_of(RED, None)
        self.violation = None
        for observation in walk():
            self.memory.observed(observation)
            self.violation = next(iter(rules.observe(observation).violations), self.violation)
        self.measurements.append(Measurement(ClockReference.SNTP, self.look(), 0.0, 3.0))
        place, by = self.memory.place, Seal("box", KEY)
        self.sink = OutboxSink(place, RED, self.outbox, by, self.clock_at, self.arrival, self.now_ms)

    def look(self) -> Instant:
        return Instant(self.now_ms(), self.monotonic_ms)

    def now_ms(self) -> int:
        return NOON + round(self.monotonic_ms) + self.set_ms

    def arrival(self, t_ms: int) -> Arrival:
        return Arrival(t_ms, self.look(), self.camera_offset_ms)

    def clock_at(self, seen: Instant, camera_offset_ms: float | None):
        return Clock(ClockReference.SNTP, 10.0, tuple(self.measurements)).proof_at(seen, camera_offset_ms)

    def sees(self, number: int, source: str = "arrival") -> None:
        """See an act, told apart by the ms of its entry, a second after what came before."""
        self.monotonic_ms += 1000
        violation = replace(self.violation, entered_ms=self.violation.entered_ms + number)
        jpeg = encode_jpeg(np.zeros((48, 64, 3), np.uint8), 92)
        kept = [Kept(o, jpeg, (64, 48)) for o in self.memory.history.since()]
        record = self.memory.record(violation, at_end=False)
        package = Packager(self.folder, Stamper(None)).write(self.memory.place, violation, kept, record)
        self.sink.violated(violation, replace(package, clock_source=source))

    def waiting(self) -> list[ViolationReported]:
        opened = [unseal(w.payload, ViolationReported, lambda _: KEY.public_key()) for w in self.outbox.waiting()]
        return [each.message for each in opened]


@pytest.fixture
def box(tmp_path) -> Iterator[_Box]:
    with closing(Outbox(tmp_path / "outbox.sqlite")) as outbox:
        yield _Box(tmp_path / "evidence", outbox)


def test_an_hour_forward_and_an_hour_back_between_two_acts(box):
    box.sees(1)
    box.set_ms = HOUR
    box.sees(2)
    box.set_ms = -HOUR
    box.sees(3)
    box.set_ms = 0
    box.sees(4)
    said = box.waiting()
    assert [event.entered_at_ms - said[0].entered_at_ms for event in said] == [0, 1, 2, 3]
    assert [event.sequence for event in said] == [1, 2, 3, 4]
    assert [event.clock.status.value for event in said] == ["valid", "invalid", "invalid", "valid"]
    assert [event.clock.reason for event in said[1:3]] == [
        "the clock was set by +3600.000 s since it was last synchronised",
        "the clock was set by -3600.000 s since it was last synchronised",
    ]
    assert [event.seen_at_ms - NOON for event in said] == [1000, HOUR + 2000, -HOUR + 3000, 4000]


def test_every_manifest_says_what_its_event_says(box, tmp_path):
    box.sees(1)
    box.set_ms = HOUR
    box.sees(2)
    for event in box.waiting():
        sealed = (tmp_path / "evidence" / str(event.event_id) / "manifest.json").read_bytes()
        assert unseal(sealed, Manifest, lambda _: KEY.public_key()).message.clock == event.clock


@pytest.mark.parametrize("jump_ms", [HOUR, -HOUR])
def test_a_receipt_takes_out_its_event_whatever_the_clock_says_by_then(box, jump_ms):
    box.sees(1)
    box.sees(2)
    first, second = (str(event.event_id) for event in box.waiting())
    box.set_ms = jump_ms
    assert box.outbox.settle(second, ReceiptOutcome.ACCEPTED, None)
    assert [str(event.event_id) for event in box.waiting()] == [first]
    box.sees(3)
    assert [event.sequence for event in box.waiting()] == [1, 3]
    assert box.outbox.settle(first, ReceiptOutcome.ACCEPTED, None)


@pytest.mark.parametrize(
    ("source", "camera_offset_ms", "status", "told_ms"),
    [
        ("stream", -120, ClockStatus.VALID, -120),
        ("stream", 1400, ClockStatus.INVALID, 1400),
        ("arrival", 1400, ClockStatus.VALID, None),  # the camera's clock is wrong, but it times nothing
        ("footage", None, ClockStatus.VALID, None),
    ],
)
def test_a_cameras_clock_counts_only_where_it_times_the_pictures(box, source, camera_offset_ms, status, told_ms):
    box.camera_offset_ms = camera_offset_ms
    box.sees(1, source)
    (event,) = box.waiting()
    assert (event.clock.status, event.clock.camera_offset_ms) == (status, told_ms)


@dataclass
class _Stream:
    """A live stream of which only the camera's clock is asked."""

    camera_offset_ms: int | None = None
    counts = Counts()
    start_ms = NOON


def test_each_frame_keeps_when_it_came_by_both_clocks_and_how_far_the_cameras_was_off(box):
    stream = _Stream()
    reporter = Reporter(box.outbox, "c", box.now_ms, Attendant(), stream)
    frames = (Frame(t_ms, np.zeros((1, 1, 3), np.uint8), "stream") for t_ms in (0, 100, 200))
    for number, _ in enumerate(reporter.arriving(frames)):
        box.set_ms, stream.camera_offset_ms = (number + 1) * HOUR, number
    first, second, third = (reporter.arrival(t_ms) for t_ms in (0, 100, 150))
    assert [a.seen.wall_ms - NOON for a in (first, second, third)] == [0, HOUR, 2 * HOUR]
    assert [a.camera_offset_ms for a in (first, second, third)] == [None, 0, 1]
    assert first.seen.monotonic_ms <= second.seen.monotonic_ms <= third.seen.monotonic_ms
    assert reporter.arrival(999).seen.wall_ms == NOON + 3 * HOUR  # it has not come: now


@pytest.mark.parametrize(
    "module", ["edge.outbox", "edge.outbox_database", "edge.on_the_way", "edge.publish", "edge.upload"]
)
def test_whoever_delivers_has_no_wall_clock(module):
    """Order is by number, and what is due is by the monotonic clock: nothing there can be set."""
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {"now_ms", "time_ns", "datetime", "gmtime", "localtime", "wall_clock_ms"}
