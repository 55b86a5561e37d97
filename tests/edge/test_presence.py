"""The numbers of a box's connections, and what is said of them; over a real broker in test_box.py."""

import sqlite3
from contextlib import closing

from contract import topics
from contract.words import BoxStatus
from edge.presence import Connections, Presence

NOW_MS = 1_800_000_000_000


def test_numbers_go_by_the_clock_and_never_back(tmp_path):
    now_ms = [NOW_MS]
    with closing(Connections(tmp_path / "outbox.sqlite", lambda: now_ms[0])) as first:
        assert [first.next(), first.next()] == [NOW_MS, NOW_MS + 1]
        now_ms[0] = NOW_MS - 3_600_000
        assert first.next() == NOW_MS + 2
    with closing(Connections(tmp_path / "outbox.sqlite", lambda: now_ms[0])) as after_a_restart:
        assert after_a_restart.next() == NOW_MS + 3
        now_ms[0] = NOW_MS + 5000
        assert after_a_restart.next() == NOW_MS + 5000


def test_a_disk_that_takes_nothing_stops_no_connection(tmp_path):
    path = tmp_path / "outbox.sqlite"
    with closing(Connections(path, lambda: NOW_MS)) as connections:
        assert connections.next() == NOW_MS
        with closing(sqlite3.connect(path)) as other:
            other.execute("DROP TABLE connections")
            other.commit()
        assert connections.next() == NOW_MS + 1


def test_the_will_is_of_the_connection_that_it_is_left_at(tmp_path):
    with closing(Connections(tmp_path / "outbox.sqlite", lambda: NOW_MS)) as connections:
        presence = Presence("box-1", "s-1", ("n", "s"), connections, lambda: NOW_MS + 9, lambda told: told)
        said = [presence.will(), presence.online(), presence.offline(), presence.will()]
    assert [told.connection - NOW_MS for told in said] == [0, 0, 0, 1]
    assert [told.since_ms for told in said] == [None, NOW_MS + 9, NOW_MS + 9, None]
    assert [told.state is BoxStatus.ONLINE for told in said] == [False, True, False, False]
    assert presence.topic == topics.status("s-1", "box-1") == "lukou/v1/s-1/box-1/status"
