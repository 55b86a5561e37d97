import pytest
from paho.mqtt.client import topic_matches_sub

from contract import topics


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        (topics.violation("yq-003", "yq-003-n"), "lukou/v1/yq-003/yq-003-n/violation"),
        (topics.receipt("yq-003", "yq-003-n"), "lukou/v1/yq-003/yq-003-n/receipt"),
        (topics.heartbeat("yq-003", "yq-003-n"), "lukou/v1/yq-003/yq-003-n/heartbeat"),
        (topics.passages("yq-003", "yq-003-n"), "lukou/v1/yq-003/yq-003-n/passages"),
        (topics.prompt("yq-003", "yq-003-n"), "lukou/v1/yq-003/yq-003-n/prompt"),
        (topics.status("yq-003", "yq-003-box"), "lukou/v1/yq-003/yq-003-box/status"),
        (topics.hand_off_set("yq-003"), "lukou/v1/yq-003/hand-off/set"),
        (topics.hand_off_state("yq-003"), "lukou/v1/yq-003/hand-off/state"),
    ],
)
def test_topics_are_as_documented_and_matched_by_their_filter(topic: str, expected: str):
    assert topic == expected
    assert topic_matches_sub(topics.every(expected.rsplit("/", 1)[1]), topic)
