"""When a camera's process is started, started again or killed: what it does, and what the box does then."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.config import CameraConfig
from edge.supervision import BEGIN_S, PAUSE_FIRST_S, PAUSE_MAX_S, STEADY_S, STOP_S, Kept, Supervisor, Word, pause_s

CONFIG = CameraConfig(scene=Path("s.yaml"), source="v.avi")
SILENT_S = 30.0


@dataclass
class Process:
    """A process that does what the story says. It ends when it is killed or asked, unless it hangs."""

    exitcode: int | None = None
    hangs: bool = False
    dies_slowly: bool = False
    joined: list = field(default_factory=list)

    def kill(self) -> None:
        if not self.dies_slowly:
            self.exitcode = -9

    def terminate(self) -> None:
        if not self.hangs and self.exitcode is None:
            self.exitcode = -15

    def join(self, timeout=None) -> None:
        self.joined.append(timeout)


class Pipe:
    closed = False

    def close(self) -> None:
        self.closed = True


class Box:
    """A supervisor whose clock is moved by hand."""

    def __init__(self) -> None:
        self.now_s, self.started, self.pipes, self.word = 1000.0, [], [], {}
        self.kept = Kept(CONFIG, "n")
        self.supervisor = Supervisor((self.kept,), self._start, lambda: self.word, SILENT_S, now_s=lambda: self.now_s)

    def _start(self, _config):
        self.started.append(Process())
        self.pipes.append(Pipe())
        return self.started[-1], self.pipes[-1]

    @property
    def process(self) -> Process:
        return self.started[-1]

    def after(self, seconds: float, *, says_every_s: float | None = None, frames: int = 5) -> int:
        """Return how many processes were started in the next seconds, in which the camera speaks so often or never."""
        before, until_s, said_s = len(self.started), self.now_s + seconds, self.now_s
        while self.now_s < until_s:
            self.now_s += 0.25
            if says_every_s is not None and self.now_s - said_s >= says_every_s:
                said_s = self.now_s
                self.word = {"n": Word(round(self.now_s * 1000), frames)}
            self.supervisor.pump()
        return len(self.started) - before


@pytest.fixture
def box() -> Box:
    made = Box()
    made.supervisor.pump()
    assert len(made.started) == 1
    return made


@pytest.mark.parametrize(("status", "ended"), [(0, 0), (2, 2)])
def test_a_source_that_is_over_or_wrong_is_not_started_again(box, status, ended):
    box.process.exitcode = status
    assert box.after(300) == 0
    assert (box.kept.ended, box.kept.restarts, box.supervisor.all_ended()) == (ended, 0, True)


@pytest.mark.parametrize("status", [1, 3, -9, -11])
def test_a_process_that_died_is_started_again_after_a_second(box, status):
    box.process.exitcode = status
    assert box.after(0.75) == 0
    assert box.after(1) == 1
    assert (box.kept.restarts, box.kept.ended, box.supervisor.all_ended()) == (1, None, False)
    assert [pipe.closed for pipe in box.pipes] == [True, False]


def test_the_pauses_grow_to_a_minute_and_begin_anew_after_a_steady_minute(box):
    pauses = []
    for _ in range(9):
        box.process.exitcode = 1
        began_s = box.now_s
        while box.after(0.25) == 0:
            pass
        pauses.append(round(box.now_s - began_s))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    box.after(STEADY_S, says_every_s=1)
    box.process.exitcode = 1
    assert box.after(1.5) == 1


def test_one_that_says_nothing_any_more_is_killed_and_started_again(box):
    assert box.after(200, says_every_s=1) == 0
    assert box.after(SILENT_S - 1) == 0
    assert box.after(3) == 1
    assert (box.kept.hung, box.kept.restarts) == (1, 1)
    assert box.started[0].exitcode == -9


def test_one_that_hangs_is_counted_once_however_long_its_end_takes(box):
    box.after(10, says_every_s=1)
    box.process.dies_slowly = True
    box.after(SILENT_S + 5)
    assert box.kept.hung == 1


def test_one_that_waits_for_its_stream_says_so_and_is_left_alone(box):
    assert box.after(600, says_every_s=1, frames=0) == 0


def test_until_the_first_frame_there_is_time_for_a_large_model(box):
    box.word = {"n": Word(1, 0)}
    assert box.after(BEGIN_S - 1) == 0
    assert box.after(3) == 1


def test_a_clock_that_is_set_kills_nobody(box):
    box.after(60, says_every_s=1)
    for noted_at_ms in (10**12, 5, 10**13, 7):  # an hour, a year, back and forth
        box.word = {"n": Word(noted_at_ms, 6)}
        assert box.after(10) == 0


def test_what_the_process_before_had_said_does_not_count(box):
    box.word = {"n": Word(5, 900)}
    box.after(1)
    box.process.exitcode = 1
    assert box.after(2) == 1
    assert box.after(SILENT_S + 5) == 0  # the new one has not seen a frame: it has its time to begin
    assert box.kept.frames == 0


def test_at_the_end_all_are_asked_and_one_that_hangs_is_killed(box):
    box.process.hangs = True
    box.supervisor.stop()
    assert (box.process.exitcode, box.process.joined) == (-9, [STOP_S, None])


@given(st.floats(0, PAUSE_MAX_S), st.floats(0, 10**6))
def test_no_pause_is_shorter_than_the_first_or_longer_than_a_minute(last_s, ran_s):
    assert min(PAUSE_FIRST_S, 2 * last_s or PAUSE_FIRST_S) <= pause_s(last_s, ran_s) <= PAUSE_MAX_S
