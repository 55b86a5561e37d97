"""The box's memory of the hand-off switch, and what it answers. Times of day in ms since the Unix epoch."""

import sqlite3
from contextlib import closing

import pytest
from pydantic import ValidationError

from contract.hand_off import HandOffHeld, HandOffSwitched
from contract.words import HandOffCause
from edge.answers import Answers
from edge.hand_offs import KEPT, FollowedHandOff, HandOffs

TEN_MS = 1_800_000_000_000


def said(sequence: int, *, is_set: bool = True, at_s: int = 0, until_s: int | None = 3600) -> HandOffSwitched:
    until_ms = TEN_MS + until_s * 1000 if is_set and until_s is not None else None
    return HandOffSwitched(
        site_id="s-1", sequence=sequence, is_set=is_set, at_ms=TEN_MS + at_s * 1000, until_ms=until_ms
    )


@pytest.fixture
def kept(tmp_path):
    with closing(HandOffs(tmp_path / "outbox.sqlite")) as made:
        yield made


@pytest.mark.parametrize(
    ("story", "values"),
    [
        ("set without an end", {"is_set": True, "until_ms": None}),
        ("released with an end", {"is_set": False, "until_ms": TEN_MS + 1}),
        ("an end before the beginning", {"is_set": True, "until_ms": TEN_MS}),
        ("number 0", {"is_set": False, "until_ms": None, "sequence": 0}),
    ],
)
def test_a_word_that_cannot_be_is_refused(story, values):
    with pytest.raises(ValidationError):
        HandOffSwitched(**({"site_id": "s-1", "sequence": 1, "at_ms": TEN_MS} | values))


def test_a_word_is_taken_once_and_an_older_one_never_again(kept):
    assert kept.take(said(5))
    assert not kept.take(said(5))
    assert kept.take(said(7, is_set=False, at_s=60))
    assert not kept.take(said(5))
    assert not kept.take(said(6))
    assert [word.sequence for word in kept.words("s-1")] == [5, 7]
    assert kept.words("s-2") == ()


def test_it_is_there_after_a_restart_and_bounded(tmp_path):
    with closing(HandOffs(tmp_path / "outbox.sqlite")) as first:
        for number in range(1, KEPT + 11):
            assert first.take(said(number, at_s=number))
    with closing(HandOffs(tmp_path / "outbox.sqlite")) as second:
        words = second.words("s-1")
        assert (len(words), words[0].sequence) == (KEPT, 11)
        assert not second.take(said(3))


def test_a_table_of_an_older_version_learns_of_causes(tmp_path):
    path = tmp_path / "outbox.sqlite"
    with closing(sqlite3.connect(path)) as old:
        old.execute(
            "CREATE TABLE hand_offs (site_id TEXT NOT NULL, sequence INTEGER NOT NULL, is_set INTEGER NOT NULL, "
            "at_ms INTEGER NOT NULL, until_ms INTEGER, PRIMARY KEY (site_id, sequence))"
        )
        old.execute("INSERT INTO hand_offs VALUES ('s-1', 4, 1, ?, ?)", (TEN_MS, TEN_MS + 1))
        old.commit()
    with closing(HandOffs(path)) as kept:
        assert kept.take(said(5).model_copy(update={"cause": HandOffCause.PAUSED}))
        assert [word.cause for word in kept.words("s-1")] == [HandOffCause.DIRECTED, HandOffCause.PAUSED]


def test_a_camera_follows_it_on_the_axis_of_its_frames_and_looks_once_a_second(kept, tmp_path):
    now_s = [0.0]
    followed = FollowedHandOff(tmp_path / "outbox.sqlite", "s-1", TEN_MS - 5_000, lambda: now_s[0])
    followed.look()
    assert not followed.hand_off.during(0, 100_000)
    kept.take(said(1, at_s=10, until_s=60))
    now_s[0] = 0.9
    followed.look()
    assert not followed.hand_off.during(20_000, 20_000)
    now_s[0] = 1.0
    followed.look()
    held = [bool(followed.hand_off.during(t_ms, t_ms)) for t_ms in (14_999, 15_000, 64_999, 65_000)]
    assert held == [False, True, True, False]
    kept.take(said(2, is_set=False, at_s=30))
    now_s[0] = 2.0
    seen: list[int] = []
    followed.before(seen.append)(7)
    assert seen == [7]
    assert [followed.hand_off.during(t_ms, t_ms) for t_ms in (34_999, 35_000)] == [HandOffCause.DIRECTED, None]


def test_the_box_says_what_it_holds_at_once_when_it_can_and_when_a_switch_ends(kept):
    now_s, connected, sent = [0.0], [False], []

    def send(held: HandOffHeld) -> bool:
        if connected[0]:
            sent.append((held.sequence, held.is_set))
        return connected[0]

    def at(seconds: float) -> list[tuple[int, bool]]:
        now_s[0] = seconds
        sent.clear()
        answers.pump()
        return list(sent)

    answers = Answers(
        "box-1", frozenset({"s-1"}), kept, lambda: TEN_MS + round(now_s[0] * 1000), send, lambda: now_s[0]
    )
    assert at(0) == []
    connected[0] = True
    assert at(1) == [(0, False)]
    assert at(2) == []
    kept.take(said(1, at_s=2, until_s=30))
    assert at(3) == [(1, True)]
    assert at(4) == []
    assert at(30) == [(1, False)]
    assert at(89) == []
    assert at(90) == [(1, False)]
