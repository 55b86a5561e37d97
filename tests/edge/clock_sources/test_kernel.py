"""What the kernel's word is worth; and this machine's own, whatever it is."""

import time

import pytest

from contract.words import ClockReference
from edge.both_clocks import boot_id, look, looking
from edge.clock import Instant, NotMeasuredError
from edge.clock_sources.kernel import Kernel, KernelWord, ask_kernel

NOON = 1_800_000_000_000


class _Told:
    """A kernel whose words are given, a second apart unless said otherwise."""

    def __init__(self, *words: KernelWord, apart_s: float = 1.0) -> None:
        self.words, self.apart_s, self.at_s = list(words), apart_s, 0.0

    def look(self) -> Instant:
        self.at_s += self.apart_s
        return Instant(NOON + round(self.at_s * 1000), self.at_s * 1000)

    def ask(self) -> KernelWord:
        return self.words.pop(0)


@pytest.mark.parametrize(
    ("story", "state", "adds_ms", "error_max_ms", "offset_ms", "leap_ms"),
    [
        ("kept", 0, 0.0, 12.0, 0.0, 0),
        ("3 ms are still to be added: it is behind", 0, 3.0, 12.0, -3.0, 0),
        ("a leap second will be put in", 1, 0.0, 12.0, 0.0, -1000),
        ("a leap second will be taken out", 2, 0.0, 12.0, 0.0, 1000),
        ("a leap second is just there", 3, 0.0, 12.0, 0.0, 0),
    ],
)
def test_a_clock_that_a_daemon_keeps(story, state, adds_ms, error_max_ms, offset_ms, leap_ms):
    told = _Told(KernelWord(state, adds_ms, error_max_ms))
    measured = Kernel(told.look, told.ask).measure()
    assert (measured.offset_ms, measured.doubt_ms, measured.leap_ms) == (offset_ms, error_max_ms, leap_ms)
    assert measured.source is ClockReference.KERNEL


def test_a_clock_that_nobody_keeps():
    told = _Told(KernelWord(5, 0.0, 16_000.0))
    with pytest.raises(NotMeasuredError, match="no daemon has synchronised the clock"):
        Kernel(told.look, told.ask).measure()


def test_a_bound_that_has_only_grown_is_no_new_measurement():
    """The kernel lets it grow by 0.5 ms a second; each word of the daemon takes it down."""
    bounds_ms = [20.0, 52.0, 84.0, 12.0, 44.0]
    told = _Told(*(KernelWord(0, 0.0, bound_ms) for bound_ms in bounds_ms), apart_s=64.0)
    kernel = Kernel(told.look, told.ask)
    measured = [kernel.measure() for _ in bounds_ms]
    assert [m and m.doubt_ms for m in measured] == [20.0, None, None, 12.0, None]


def test_a_daemon_that_speaks_every_second_is_heard_every_time():
    told = _Told(*(KernelWord(0, 0.0, 12.0) for _ in range(5)))
    kernel = Kernel(told.look, told.ask)
    assert all(kernel.measure() is not None for _ in range(5))


def test_this_machines_kernel_says_something_that_can_be():
    word = ask_kernel()
    assert word.state in range(6)
    assert 0 <= word.error_max_ms <= 1e9


def test_both_clocks_are_read_at_one_moment():
    before_s = time.monotonic()
    seen = looking(lambda: NOON)()
    assert seen.wall_ms == NOON
    assert before_s * 1000 <= seen.monotonic_ms <= time.monotonic() * 1000


def test_a_reading_that_was_interrupted_is_made_again():
    times_s = iter([10.0, 10.5, 20.0, 20.0002, 30.0])
    wall_ms = iter([NOON, NOON + 10_000])
    seen = look(lambda: next(wall_ms), lambda: next(times_s))
    assert seen == Instant(NOON + 10_000, pytest.approx(20_000.1))


def test_a_start_of_the_machine_has_one_name():
    assert boot_id() == boot_id() != ""
