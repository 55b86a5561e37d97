"""When a box says how its cameras are, and what it says of one that says nothing any more."""

import pytest

from contract.words import CameraState
from edge.beats import EVERY_S, SILENT_MS, Beats
from edge.outbox import Outbox, Progress

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


def test_a_camera_of_another_time_is_not_spoken_of(outbox):
    box = _Box(outbox)
    outbox.note_progress("removed", Progress(1, 1.0, noted_at_ms=NOW_MS))
    assert box.after(10) == []
    box.beats.last(())
    assert box.said == []
