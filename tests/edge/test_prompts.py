"""Prompts: what is said at the crossing, and that neither a deaf box nor an old prompt does any harm."""

import multiprocessing
from contextlib import closing

import pytest

from contract.box import Prompted
from contract.words import ViolationKind
from edge.prompts import LATE_S, TEXTS, Megaphone, Speaker, heard


def prompt(at_ms: int = 1) -> Prompted:
    kind = ViolationKind.WRONG_WAY
    return Prompted(
        device_id="box-1", site_id="s-1", camera_id="n", kind=kind, zone_id="bike", at_ms=at_ms,
        text_zh=TEXTS[kind][0], text_en=TEXTS[kind][1],
    )  # fmt: skip


@pytest.fixture
def pipe():
    ours, theirs = multiprocessing.Pipe(duplex=False)
    with closing(ours), closing(theirs):
        yield ours, theirs


def test_there_are_words_for_every_kind_in_both_languages():
    assert set(TEXTS) == set(ViolationKind)
    assert all(zh and en and zh != en for zh, en in TEXTS.values())


def test_nothing_in_a_prompt_names_anybody():
    assert not set(Prompted.model_fields) & {"track_id", "event_id", "evidence", "entered_at_m"}


def test_what_a_camera_says_is_sent_in_its_order(pipe):
    ours, theirs = pipe
    speaker, sent = Speaker(theirs), []
    for at_ms in (1, 2, 3):
        speaker.say(prompt(at_ms))
    megaphone = Megaphone(lambda said: sent.append(said.at_ms) or True)
    megaphone.pump([ours])
    assert (sent, megaphone.sent["n"], megaphone.unsent["n"], speaker.unheard) == ([1, 2, 3], 3, 0, 0)


def test_a_box_that_does_not_listen_slows_no_camera_and_each_prompt_is_whole_or_counted(pipe):
    ours, theirs = pipe
    speaker = Speaker(theirs)
    for at_ms in range(1000):
        speaker.say(prompt(at_ms))  # a pipe holds some hundred: this would wait for ever
    came = [said.at_ms for said in heard(ours)]
    assert speaker.unheard > 0
    assert came == list(range(1000 - speaker.unheard))


def test_what_came_while_nobody_looked_is_not_said_late(pipe):
    ours, theirs = pipe
    now_s, sent = [0.0], []
    megaphone = Megaphone(lambda said: sent.append(said.at_ms) or True, now_s=lambda: now_s[0])
    megaphone.pump([ours])
    Speaker(theirs).say(prompt(1))
    now_s[0] = LATE_S + 0.1
    megaphone.pump([ours])
    Speaker(theirs).say(prompt(2))
    megaphone.pump([ours])
    assert (sent, megaphone.unsent["n"]) == ([2], 1)


def test_one_that_cannot_be_sent_is_counted(pipe):
    ours, theirs = pipe
    Speaker(theirs).say(prompt())
    megaphone = Megaphone(lambda _said: False)
    megaphone.pump([ours])
    assert (megaphone.sent["n"], megaphone.unsent["n"]) == (0, 1)


def test_a_camera_that_died_leaves_its_last_words_and_then_nothing(pipe):
    ours, theirs = pipe
    Speaker(theirs).say(prompt(7))
    theirs.close()
    assert [said.at_ms for said in heard(ours)] == [7]
    assert list(heard(ours)) == []
