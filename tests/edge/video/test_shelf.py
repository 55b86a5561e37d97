"""Raw video on disk: a file a minute, known again after a restart, kept where it shows an act, purged on record."""

import json
import stat

import pytest
from filming import START_MS, coded_seconds, decoded

from edge.civil_time import DAY_MS
from edge.video.retention import Limits
from edge.video.shelf import Shelf

LIMITS = Limits(free_bytes_min=0)
DAY = "2026-01-01"


def recorded(folder, seconds, start_ms=START_MS, limits=LIMITS, acts=()) -> Shelf:
    shelf = Shelf(folder, start_ms, limits)
    encoder, frames = coded_seconds(seconds)
    for frame in frames:
        shelf.add(frame, encoder.stream)
        for said_ms, from_ms, to_ms in acts:
            if frame.t_ms == said_ms:
                shelf.keep(start_ms + from_ms, start_ms + to_ms, "e-1")
    shelf.close()
    return shelf


def names(folder) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.mkv"))


def journal(folder) -> list[dict]:
    return [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]


def test_a_file_a_minute_named_by_chinas_time_that_nobody_else_may_read(tmp_path):
    folder = tmp_path / "video" / "c-1"
    recorded(folder, 150)
    assert names(folder) == [f"{DAY}/080002.mkv", f"{DAY}/080102.mkv", f"{DAY}/080202.mkv"]
    assert [len(decoded(folder / name)) for name in names(folder)] == [240, 240, 120]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*.mkv")} == {0o600}
    folders = (folder.parent, folder, folder / DAY)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


@pytest.mark.parametrize(
    ("story", "act_said_from_to", "kept"),
    [
        ("within one minute", (20_000, 5_000, 18_000), ["080002"]),
        ("over the turn of a minute, said before it", (58_000, 50_000, 63_000), ["080002", "080102"]),
        ("in a minute that is closed when it is said", (70_000, 40_000, 55_000), ["080002"]),
        ("long ago and now", (130_000, 40_000, 135_000), ["080002", "080102", "080202"]),
    ],
)
def test_what_shows_an_act_is_marked(tmp_path, story, act_said_from_to, kept):
    recorded(tmp_path, 150, acts=[act_said_from_to])
    stems = ("080002", "080102", "080202")
    assert names(tmp_path) == sorted(f"{DAY}/{s}{'-kept' if s in kept else ''}.mkv" for s in stems)
    assert [line["segment"] for line in journal(tmp_path)] == [f"{DAY}/{s}-kept.mkv" for s in kept]
    assert {line["event_id"] for line in journal(tmp_path)} == {"e-1"}
    assert all(decoded(tmp_path / name) for name in names(tmp_path))


def test_a_restart_knows_every_file_again_also_one_that_was_cut_off(tmp_path):
    recorded(tmp_path, 70, acts=[(20_000, 5_000, 18_000)])
    whole = tmp_path / DAY / "080102.mkv"
    whole.write_bytes(whole.read_bytes()[:-700])
    (tmp_path / DAY / "999999.mkv").write_bytes(b"")  # no time of day
    (tmp_path / "notes.txt").write_text("not ours")
    again = Shelf(tmp_path, START_MS, LIMITS)
    assert {s.name: s.kept for s in again.segments.values()} == {
        f"{DAY}/080002-kept.mkv": True,
        f"{DAY}/080102.mkv": False,
    }
    first = again.segments[f"{DAY}/080002-kept.mkv"]
    assert (first.from_ms, first.to_ms) == (START_MS, START_MS + 60_000)
    assert first.size_bytes == (tmp_path / first.name).stat().st_size
    assert decoded(whole)


def test_footage_that_is_played_twice_overwrites_nothing(tmp_path):
    recorded(tmp_path, 2, acts=[(1_000, 0, 1_000)])
    recorded(tmp_path, 2)
    recorded(tmp_path, 2)
    assert names(tmp_path) == [f"{DAY}/080002-2.mkv", f"{DAY}/080002-3.mkv", f"{DAY}/080002-kept.mkv"]


def old(folder, day, count, *, kept=""):
    (folder / day).mkdir(parents=True)
    for number in range(count):
        (folder / day / f"10{number:02d}00{kept}.mkv").write_bytes(bytes(1000))


def test_what_is_purged_is_recorded_and_empty_days_leave(tmp_path):
    old(tmp_path, "2025-11-01", 2)
    old(tmp_path, "2025-11-02", 1, kept="-kept")
    old(tmp_path, "2025-12-31", 40)
    recorded(tmp_path, 2)
    assert names(tmp_path)[0] == "2025-11-02/100000-kept.mkv"
    assert not (tmp_path / "2025-11-01").exists()
    gone = journal(tmp_path)
    assert [(line["what"], line["segment"], line["why"], line["size_bytes"]) for line in gone] == [
        ("purged", "2025-11-01/100000.mkv", "age", 1000),
        ("purged", "2025-11-01/100100.mkv", "age", 1000),
    ]
    assert {line["at_ms"] for line in gone} == {START_MS}
    assert all(START_MS - line["to_ms"] > 30 * DAY_MS for line in gone)
    assert stat.S_IMODE((tmp_path / "journal.jsonl").stat().st_mode) == 0o600


def test_without_room_nothing_is_recorded_and_it_is_said_until_there_is(tmp_path):
    no_room, room = Limits(free_bytes_min=10**15), LIMITS
    old(tmp_path, "2025-12-31", 2)
    shelf = recorded(tmp_path, 70, limits=no_room)
    assert shelf.full
    assert names(tmp_path) == []
    assert [line["what"] for line in journal(tmp_path)] == ["purged", "purged", "full"]
    shelf.limits = room
    encoder, frames = coded_seconds(2, from_ms=200_000)
    for frame in frames:
        shelf.add(frame, encoder.stream)
    shelf.close()
    assert not shelf.full
    assert [line["what"] for line in journal(tmp_path)][-1] == "recording"
    assert len(names(tmp_path)) == 1


def test_a_line_that_could_not_be_written_is_written_with_the_next(tmp_path):
    shelf = Shelf(tmp_path, START_MS, LIMITS)
    (tmp_path / "journal.jsonl").mkdir()  # in the way
    shelf.journal.note("full", 1)
    (tmp_path / "journal.jsonl").rmdir()
    shelf.journal.note("recording", 2)
    assert [line["at_ms"] for line in journal(tmp_path)] == [1, 2]
