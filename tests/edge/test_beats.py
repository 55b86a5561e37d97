"""When a box says how its cameras are, and what it says of one that says nothing any more."""

import json

import pytest

from contract.box import Dropped
from contract.evidence import ClockProof
from contract.words import CameraState, ClockReference, ClockStatus, ReceiptOutcome
from edge.beats import EVERY_S, SILENT_MS, Beats, Facts
from edge.outbox import Outbox
from edge.outbox_values import Progress, Sealed

NOW_MS = 1_800_000_000_000


@pytest.fixture
def outbox(tmp_path):
    box = Outbox(tmp_path / "outbox.sqlite")
    yield box
    box.close()


class _Box:
    """Beats whose two clocks are moved by hand."""

    def __init__(self, outbox) -> None:
        self.outbox, self.now_s, self.said = outbox, 100.0, []
        self.beats = Beats("box-1", {"n": "s-1"}, outbox, self.now_ms, self.said.append, now_s=lambda: self.now_s)

    def now_ms(self) -> int:
        return NOW_MS + round(self.now_s * 1000)

    def note(self, state: str, **more) -> None:
        self.outbox.note_progress("n", Progress(10, 9.5, state=state, noted_at_ms=self.now_ms(), **more))

    def after(self, seconds: float, ended=()) -> list[CameraState]:
        """Return what is said in the next seconds."""
        before, until_s = len(self.said), self.now_s + seconds
        while self.now_s < until_s:
            self.now_s += 0.05
            self.beats.pump(ended)
        return [beat.camera_state for beat in self.said[before:]]


def test_a_state_is_told_at_once_and_then_every_few_seconds(outbox):
    box = _Box(outbox)
    assert box.after(2) == []
    box.note("ok", dropped=4, reconnections=1)
    assert box.after(1) == [CameraState.OK]
    assert (box.said[0].frames_dropped, box.said[0].reconnections, box.said[0].site_id) == (4, 1, "s-1")
    box.note("covered", state_since_ms=NOW_MS)
    assert box.after(1) == [CameraState.COVERED]
    box.note("covered")
    assert box.after(EVERY_S) == [CameraState.COVERED]


def test_a_camera_whose_process_is_silent_is_lost_since_its_last_word(outbox):
    box = _Box(outbox)
    box.note("ok")
    last_word_ms = box.now_ms()
    assert set(box.after(SILENT_MS / 1000 - 1)) == {CameraState.OK}
    assert set(box.after(3)) == {CameraState.LOST}
    assert box.said[-1].camera_state_since_ms == last_word_ms


def test_footage_that_has_ended_is_not_lost(outbox):
    box = _Box(outbox)
    box.note("ok")
    assert set(box.after(60, ended={"n"})) == {CameraState.OK}
    box.beats.last({"n"})
    assert box.said[-1].camera_state is CameraState.OK


def test_a_heartbeat_says_how_the_box_is_and_adds_up_what_was_not_said(outbox):
    clock = ClockProof(status=ClockStatus.INVALID, reason="never", source=ClockReference.NONE)
    known = Facts("0.1.0", 90, 3, prompts_unsent=2, clock=clock, temperature_c=51.0)
    beats = Beats("box-1", {"n": "s-1"}, outbox, lambda: NOW_MS, lambda _beat: None, lambda _camera_id: known)
    outbox.note_progress("n", Progress(10, 9.5, noted_at_ms=NOW_MS, lost={"clip_frames": 4, "prompts": 1}))
    (beat,) = beats.current(())
    assert (beat.software_version, beat.uptime_s, beat.restarts, beat.temperature_c) == ("0.1.0", 90, 3, 51.0)
    assert beat.dropped == Dropped(clip_frames=4, prompts=3)
    assert (beat.clock, beat.disk, beat.oldest_waiting_ms) == (clock, None, None)


def test_a_heartbeat_says_how_long_the_oldest_event_has_waited(outbox):
    for number, seen_at_ms in ((1, NOW_MS - 90_000), (2, NOW_MS - 5_000)):
        payload = json.dumps({"body": {"seen_at_ms": seen_at_ms}}).encode()
        outbox.put_event(f"e-{number}", "t", "c", lambda _link, payload=payload: Sealed(payload, "0" * 64, ()))
    outbox.note_progress("n", Progress(10, 9.5, noted_at_ms=NOW_MS))
    beats = Beats("box-1", {"n": "s-1"}, outbox, lambda: NOW_MS, lambda _beat: None)
    assert beats.current(())[0].oldest_waiting_ms == 90_000
    outbox.settle("e-1", ReceiptOutcome.ACCEPTED, None)
    assert beats.current(())[0].oldest_waiting_ms == 5_000


def test_a_camera_of_another_time_is_not_spoken_of(outbox):
    box = _Box(outbox)
    outbox.note_progress("removed", Progress(1, 1.0, noted_at_ms=NOW_MS))
    assert box.after(10) == []
    box.beats.last(())
    assert box.said == []


def test_heartbeats_are_numbered_within_a_start_of_the_box_whatever_its_clock_says(outbox):
    outbox.note_progress("n", Progress(1, 10.0))
    clock, said = [NOW_MS], []
    beats = Beats("box-1", {"n": "s-1"}, outbox, lambda: clock[0], said.append, start=NOW_MS)
    for now_ms in (NOW_MS, NOW_MS - 3_600_000, NOW_MS + 5):
        clock[0] = now_ms
        beats.last(())
    assert [(told.start, told.number) for told in said] == [(NOW_MS, 1), (NOW_MS, 2), (NOW_MS, 3)]
