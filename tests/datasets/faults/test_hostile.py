"""Two thousand hostile messages against the real intake; and that the count would notice one that is taken in."""

import random
from collections import Counter
from contextlib import closing

import pytest

from contract import topics
from datasets.faults.hostile.assault import FAMILIES, Assault, assault, knock
from datasets.faults.hostile.attacker import Sent
from datasets.faults.hostile.intake_door import open_door

NOW_MS = 1_795_000_000_000


@pytest.fixture
def door(tmp_path):
    with closing(open_door(f"sqlite:///{tmp_path / 'centre.sqlite'}", NOW_MS)) as opened:
        yield opened


def test_two_thousand_hostile_messages_are_refused_and_counted_and_change_nothing(door):
    done = assault(door, 2000, seed=1)
    assert done.problems() == []
    assert done.sent >= 2000
    assert done.refused + done.replays == done.sent
    assert done.refused > 1700


def genuine(attacker, chance):
    return Sent(attacker.topic(), attacker.sealed(attacker.fresh(chance)))


def counts_of_passages(attacker, chance):
    topic, message = attacker.others(chance)[0]
    return Sent(topic, attacker.sealed(message))


@pytest.mark.parametrize("family", [genuine, counts_of_passages])
def test_a_genuine_message_among_them_would_be_noticed(door, family):
    done = Assault()
    sent = [family(door.attacker, random.Random(3))]  # noqa: S311 - no secret
    untouched = door.content()
    knock(door, "genuine", sent, done)
    assert done.problems() == ["genuine: 1 neither refused nor a replay"]
    assert door.content() != untouched


class Breaking:
    """A door behind which something breaks at one message of three."""

    def __init__(self, attacker):
        self.attacker = attacker

    def knock(self, sent):
        if any(b"break" in one.payload for one in sent):
            raise KeyError("a defect")
        return len(sent)

    def content(self):
        return {}


def test_a_crash_is_told_with_its_message_and_the_others_are_counted(door):
    done = Assault()
    knock(Breaking(door.attacker), "f", [Sent("t", b"1"), Sent("t", b"break"), Sent("t", b"3")], done)
    assert (done.sent, done.refused, len(done.crashes)) == (3, 2, 1)
    assert "a defect" in done.problems()[0]
    assert "break" in done.problems()[0]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_the_same_again_and_keeps_to_topics_that_mqtt_can_carry(door, name):
    def first(count: int) -> list[Sent]:
        chance = random.Random(7)  # noqa: S311 - no secret
        return [FAMILIES[name](door.attacker, chance) for _ in range(count)]

    sent = first(20)
    if name not in {"strangers and the revoked"}:  # whose key is new every time
        assert first(20) == sent
    assert len(Counter(one.payload for one in sent)) > 3
    kinds = {topics.every(kind).rpartition("/")[2] for kind in ("violation", "passages", "heartbeat", "state")}
    for one in sent:
        assert one.topic.count("/") == 4
        assert one.topic.rpartition("/")[2] in kinds
        assert not set(one.topic) & {"+", "#", "\0"}
