from contract.words import LampSource, LampState
from edge.lamp_sources.inbox import READINGS_MAX, Inbox
from edge.signals.reading import Reading


def reading(t_ms: int) -> Reading:
    return Reading(LampSource.FEED, "p", t_ms, t_ms, LampState.RED)


def test_readings_are_taken_once_in_the_order_in_which_they_came():
    inbox = Inbox()
    inbox.put([reading(1), reading(2)])
    inbox.put([reading(3)])
    assert [r.t_ms for r in inbox.take()] == [1, 2, 3]
    assert inbox.take() == ()


def test_of_too_many_the_oldest_go_and_are_counted():
    inbox = Inbox()
    inbox.put(reading(t_ms) for t_ms in range(READINGS_MAX + 5))
    taken = inbox.take()
    assert (taken[0].t_ms, len(taken), inbox.lost) == (5, READINGS_MAX, 5)
