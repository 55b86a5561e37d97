import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest

from contract.evidence import EvidenceFile
from contract.words import ReceiptOutcome
from edge.chain import Link
from edge.errors import InputProblemError
from edge.outbox import Outbox
from edge.outbox_values import Progress, Sealed


@pytest.fixture
def outbox(tmp_path: Path):
    box = Outbox(tmp_path / "outbox.sqlite")
    yield box
    box.close()


def a_file(folder: Path, name: str = "before.jpg") -> tuple[EvidenceFile, Path]:
    path = folder / name
    path.write_bytes(b"picture")
    digest = sha256(b"picture").hexdigest()
    return EvidenceFile(name=name, sha256=digest, size_bytes=7, media_type="image/jpeg"), path


def put(outbox: Outbox, event_id: str, files=(), chain: str = "key") -> bool:
    def sealed(link: Link) -> Sealed:
        return Sealed(
            f"event {link.sequence} after {link.previous_sha256}".encode(), f"manifest of {event_id}", tuple(files)
        )

    return outbox.put_event(event_id, "t", chain, sealed)


def put_counts(outbox: Outbox) -> None:
    outbox.put_counts("t", "key", lambda sequence: f"counts {sequence}".encode())


def test_violations_count_up_without_a_gap_whatever_else_is_sent_and_each_names_the_one_before(outbox):
    assert put(outbox, "a")
    put_counts(outbox)
    assert put(outbox, "b")
    put_counts(outbox)
    assert [(w.number, w.payload) for w in outbox.waiting()] == [
        (1, b"event 1 after None"),
        (2, b"counts 1"),
        (3, b"event 2 after manifest of a"),
        (4, b"counts 2"),
    ]


def test_under_a_new_key_the_numbers_begin_anew(outbox):
    for event, chain in (("a", "old"), ("b", "old"), ("c", "new"), ("d", "new")):
        put(outbox, event, chain=chain)
    assert [w.payload for w in outbox.waiting()] == [
        b"event 1 after None",
        b"event 2 after manifest of a",
        b"event 1 after None",
        b"event 2 after manifest of c",
    ]


def test_an_outbox_of_another_version_is_left_alone_and_told(tmp_path):
    database = sqlite3.connect(tmp_path / "outbox.sqlite")
    database.execute("CREATE TABLE messages (sequence INTEGER PRIMARY KEY)")
    database.close()
    with pytest.raises(InputProblemError, match="expected an outbox of version 3, found 0"):
        Outbox(tmp_path / "outbox.sqlite")


def test_the_same_event_is_kept_once(outbox):
    assert put(outbox, "a")
    assert not put(outbox, "a")
    assert outbox.counts().waiting == 1


def test_an_event_leaves_on_its_receipt_only_and_once(outbox):
    put(outbox, "a")
    outbox.settle_counts(1)
    assert outbox.counts().waiting == 1
    assert outbox.settle("a", ReceiptOutcome.ACCEPTED, None)
    assert not outbox.settle("a", ReceiptOutcome.REFUSED, "late")
    assert (outbox.counts().waiting, outbox.counts().delivered) == (0, 1)


def test_passage_counts_leave_when_the_broker_has_them(outbox):
    put_counts(outbox)
    outbox.settle_counts(1)
    assert outbox.counts().waiting == 0


def test_files_are_due_only_when_the_centre_has_accepted_their_event(outbox, tmp_path):
    put(outbox, "a", [a_file(tmp_path)])
    assert outbox.waiting_files() == ()
    outbox.settle("a", ReceiptOutcome.ACCEPTED, None)
    (file,) = outbox.waiting_files()
    outbox.uploaded(file)
    assert outbox.counts().files_waiting == 0


def test_a_refused_event_is_kept_in_sight_and_its_files_wait_for_nobody(outbox, tmp_path):
    put(outbox, "a", [a_file(tmp_path)])
    outbox.settle("a", ReceiptOutcome.REFUSED, "unknown site")
    assert (outbox.counts().refused, outbox.counts().files_waiting) == (1, 0)


def test_what_was_put_in_is_there_after_a_restart(tmp_path):
    first = Outbox(tmp_path / "outbox.sqlite")
    put(first, "a", [a_file(tmp_path)])
    first.close()
    second = Outbox(tmp_path / "outbox.sqlite")
    assert [w.event_id for w in second.waiting()] == ["a"]
    second.close()


def test_a_message_that_cannot_be_made_leaves_nothing_behind(outbox, tmp_path):
    def fails(link: Link) -> Sealed:
        raise RuntimeError(link)

    with pytest.raises(RuntimeError):
        outbox.put_event("a", "t", "key", fails)
    assert put(outbox, "a", [a_file(tmp_path)])
    assert outbox.waiting()[0].payload == b"event 1 after None"


def test_the_last_word_of_each_camera_is_kept(outbox):
    outbox.note_progress("n", Progress(1, 10.0))
    outbox.note_progress("n", Progress(2, 9.5, dropped=3, reconnections=1, state="lost", state_since_ms=7))
    assert outbox.progress() == {"n": Progress(2, 9.5, 3, 1, "lost", 7)}
