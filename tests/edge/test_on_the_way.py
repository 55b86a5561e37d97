"""What a connection has sent: again after a while, at once on a new connection, and never what is settled."""

import pytest
from paho.mqtt.client import MQTTMessageInfo

from edge.on_the_way import OnTheWay
from edge.outbox_values import Waiting

EVENT, COUNTS = Waiting(1, "e-1", "t", b"event"), Waiting(2, None, "t", b"counts")


@pytest.fixture
def on_the_way():
    sent = OnTheWay(retry_s=10.0)
    for message in (EVENT, COUNTS):
        sent.sent(message, 100.0, MQTTMessageInfo(message.number))
    return sent


@pytest.mark.parametrize(("now_s", "due"), [(100.0, []), (109.9, []), (110.0, [EVENT, COUNTS])])
def test_what_has_no_answer_is_sent_again_after_a_while(on_the_way, now_s, due):
    assert on_the_way.due([EVENT, COUNTS], now_s) == due


def test_a_new_connection_sends_all_at_once(on_the_way):
    on_the_way.clear()
    assert on_the_way.due([EVENT, COUNTS], 100.0) == [EVENT, COUNTS]


def test_what_waits_no_more_is_forgotten(on_the_way):
    assert on_the_way.arrived([COUNTS]) == []
    assert on_the_way.due([EVENT, COUNTS], 100.0) == [EVENT]
