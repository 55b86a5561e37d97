"""A real disk that fills: what is purged and written down, what stops, what is told, how it gets well again."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from small_disk import mounted
from structlog.testing import capture_logs
from uploading import put_accepted

from contract.words import DiskState, ReceiptOutcome
from edge.civil_time import DAY_MS
from edge.disk import Disk, DiskRoom, last_word
from edge.disk_policy import Limits
from edge.full_disk import RESERVE, disk_full, set_aside
from edge.outbox import Outbox
from edge.outbox_sweep import FORGET_DAYS, SLIM_DAYS, Sweep
from edge.outbox_values import Progress, Sealed
from edge.purge_journal import read

NOW_MS = 1_800_000_000_000
FILES = {"manifest.json": b"{}", "entry.jpg": b"p" * 50_000, "clip.mp4": b"c" * 200_000}


@pytest.fixture
def clock():
    return [NOW_MS]


@pytest.fixture
def outbox(tmp_path):
    box = Outbox(tmp_path / "data" / "outbox.sqlite")
    yield box
    box.close()


def box_of(tmp_path: Path, clock: list[int], **limits: int) -> Disk:
    wanted = {"budget_bytes": 10**9, "free_min_bytes": 0} | limits
    return Disk(tmp_path / "data", Limits(**wanted), lambda: clock[0])


def deliver(outbox: Outbox, tmp_path: Path, event: str, files: dict[str, bytes] = FILES) -> Path:
    folder = put_accepted(outbox, tmp_path / "data" / "evidence" / "c-1", event, files)
    for file in outbox.waiting_files():
        outbox.uploaded(file)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_delivered_leaves_after_a_week_its_manifest_stays_and_it_is_written_down(tmp_path, outbox, clock):
    folder = deliver(outbox, tmp_path, "e")
    waiting = put_accepted(outbox, tmp_path / "data" / "evidence" / "c-1", "w", FILES)
    with closing(box_of(tmp_path, clock)) as disk:
        disk.tend()
        clock[0] += 6 * DAY_MS
        disk.tend()
        assert names(folder) == ["clip.mp4", "entry.jpg", "manifest.json"]
        clock[0] += DAY_MS
        disk.tend()
        assert names(folder) == ["manifest.json"]
        assert names(waiting) == ["clip.mp4", "entry.jpg", "manifest.json"]
        told = read(folder.parent)
        assert set(told) == {("e", "clip.mp4"), ("e", "entry.jpg")}
        assert (told["e", "clip.mp4"].at_ms, told["e", "clip.mp4"].why) == (clock[0], "delivered")
        disk.tend()
        assert len((folder.parent / "purged.jsonl").read_text().splitlines()) == 2  # once is enough
    assert outbox.knows("e")


def test_when_the_budget_is_used_delivered_clips_go_then_it_stops_and_says_so(tmp_path, outbox, clock):
    files = {name: data * 10 for name, data in FILES.items()}  # 2.5 MB a package, 2 MB of it the clip
    folders = [deliver(outbox, tmp_path, event, files) for event in ("a", "b")]
    put_accepted(outbox, tmp_path / "data" / "evidence" / "c-1", "w", files)
    with closing(box_of(tmp_path, clock, budget_bytes=7_000_000)) as disk, capture_logs() as logs:
        disk.tend()
        assert [names(folder) for folder in folders] == [["entry.jpg", "manifest.json"]] * 2
        assert disk.measured is not None
        room = DiskRoom(disk.data, disk.limits)
        assert (disk.measured.state, room.may_clip()) == (DiskState.OK, True)
        (disk.data / "other").write_bytes(b"x" * 1_800_000)
        disk.tend()
        assert (last_word(disk.data), room.may_clip(), room.may_package()) == (DiskState.CLIPS_STOPPED, False, True)
        (disk.data / "more").write_bytes(b"x" * 500_000)
        disk.tend()
        disk.tend()
        assert (room.may_clip(), room.may_package()) == (False, False)
        (disk.data / "more").unlink()
        (disk.data / "other").unlink()
        disk.tend()
        assert (room.may_clip(), room.may_package()) == (True, True)
    assert [line["state"] for line in logs if line["event"] == "disk.state"] == ["clips_stopped", "full", "ok"]
    assert len(outbox.waiting_files()) == 3  # of what waits nothing has gone


def test_a_sweep_dates_slims_and_forgets_but_never_the_last_of_a_chain_nor_what_waits(tmp_path, outbox):
    for event in ("a", "b", "last"):
        deliver(outbox, tmp_path, event)
    outbox.put_event("waits", "t", "other chain", lambda _link: Sealed(b"payload", "1" * 64, ()))
    for _ in range(3):
        outbox.put_counts("t", "key", lambda number: b"counts %d" % number)
    for waiting in outbox.waiting():
        outbox.settle_counts(waiting.number)
    with closing(Sweep(tmp_path / "data" / "outbox.sqlite")) as sweep:
        assert sweep.sweep(NOW_MS).dated == 6
        assert sweep.sweep(NOW_MS + SLIM_DAYS * DAY_MS).slimmed == 0
        week = sweep.sweep(NOW_MS + SLIM_DAYS * DAY_MS + 1)
        assert (week.slimmed, week.forgotten) == (6, 2)
        long_after_ms = NOW_MS + FORGET_DAYS * DAY_MS + 1
        assert sweep.sweep(long_after_ms).forgotten == 0  # their files are on the box still
        for event in ("a", "b", "last"):
            sweep.purged(event, ["entry.jpg", "clip.mp4"])
        assert sweep.sweep(long_after_ms).forgotten == 2
    assert [outbox.knows(event) for event in ("a", "b", "last", "waits")] == [False, False, True, True]
    links = []
    outbox.put_event("next", "t", "key", lambda link: links.append(link) or Sealed(b"m", "2" * 64, ()))
    assert [(link.sequence, link.previous_sha256) for link in links] == [(4, "0" * 64)]
    assert [waiting.payload for waiting in outbox.waiting()] == [b"payload", b"m"]


def test_the_outboxs_file_shrinks_and_its_log_is_bounded(tmp_path):
    path = tmp_path / "outbox.sqlite"
    outbox = Outbox(path)
    for number in range(300):
        outbox.put_counts("t", "key", lambda _n: b"x" * 20_000)
        outbox.settle_counts(number + 1)
    with closing(Sweep(path)) as sweep:
        sweep.sweep(NOW_MS)
        full = path.stat().st_size
        sweep.sweep(NOW_MS + 8 * DAY_MS)
        sweep.sweep(NOW_MS + 8 * DAY_MS)
    assert full > 6_000_000
    assert path.stat().st_size < 200_000
    assert (tmp_path / "outbox.sqlite-wal").stat().st_size <= 4_194_304
    outbox.close()


@pytest.fixture
def small_disk(tmp_path):
    with mounted(3, tmp_path / "data") as disk:
        yield disk


def put_counts_until_full(outbox: Outbox) -> None:
    for _ in range(100):
        try:
            outbox.put_counts("t", "key", lambda _n: b"x" * 50_000)
        except sqlite3.OperationalError as error:
            assert disk_full(error)  # noqa: PT017 - any other error fails the test as well
            return
    raise AssertionError("expected a full disk")


def test_an_outbox_on_a_full_disk_refuses_what_is_new_forgets_nothing_and_gets_well_by_itself(small_disk):
    place = small_disk.folder
    outbox = Outbox(place / "outbox.sqlite")
    outbox.put_event("a", "t", "key", lambda _link: Sealed(b"a", "0" * 64, ()))
    set_aside(place)
    small_disk.fill()
    put_counts_until_full(outbox)
    before = len(outbox.waiting())
    for event in range(50):
        with suppress(sqlite3.OperationalError):
            outbox.put_event(f"b{event}", "t", "key", lambda _link: Sealed(b"y" * 50_000, "1" * 64, ()))
    assert len(outbox.waiting()) == before
    assert not any(outbox.settle("a", ReceiptOutcome.ACCEPTED, None) for _ in range(3))  # the receipt comes again
    outbox.note_progress("c", Progress(1, 10.0))  # nor does this end a process
    outbox.close()
    small_disk.empty()
    small_disk.fill()
    outbox = Outbox(place / "outbox.sqlite")  # nor a start, by the reserve
    assert not (place / RESERVE).exists()
    assert outbox.waiting()[0].event_id == "a"
    small_disk.empty()
    assert outbox.settle("a", ReceiptOutcome.ACCEPTED, None)
    assert outbox.put_event("c", "t", "key", lambda link: Sealed(b"%d" % link.sequence, "1" * 64, ()))
    assert outbox.waiting(limit=1000)[-1].payload == b"2"
    outbox.close()


def test_once_there_is_room_again_the_next_act_is_kept_though_the_box_has_not_looked(small_disk, clock):
    limits = Limits(budget_bytes=10**9, free_min_bytes=500_000)
    Outbox(small_disk.folder / "outbox.sqlite").close()
    room = DiskRoom(small_disk.folder, limits)
    with closing(Disk(small_disk.folder, limits, lambda: clock[0])) as disk:
        disk.tend()
        small_disk.fill()
        disk.tend()
        assert (last_word(small_disk.folder), room.may_package()) == (DiskState.FULL, False)
        small_disk.empty()
        assert (last_word(small_disk.folder), room.may_package(), room.may_clip()) == (DiskState.FULL, True, True)


@pytest.mark.parametrize(
    ("story", "word", "free_min_bytes", "may_package", "may_clip"),
    [
        ("there is room again", "full 1000 0", 0, True, True),
        ("somebody else took the room, and has it still", "full 1000 0", 10**15, False, False),
        ("the box itself has used up its budget", "full 990000 0", 0, False, False),
        ("all but used up", "full 955000 0", 0, True, False),
        ("clips were stopped, and the budget says so still", "clips_stopped 905000 0", 0, True, False),
        ("clips were stopped for want of room", "clips_stopped 1000 0", 0, True, True),
        ("a word without figures, of an older box, stands", "full", 0, False, False),
        ("half a word", "full 1000", 0, False, False),
    ],
)
def test_a_word_that_says_too_little_room_is_judged_by_what_is_free_now(
    tmp_path, story, word, free_min_bytes, may_package, may_clip
):
    (tmp_path / "disk.state").write_text(word.ljust(64))
    room = DiskRoom(tmp_path, Limits(1_000_000, free_min_bytes))
    assert (room.may_package(), room.may_clip()) == (may_package, may_clip)
