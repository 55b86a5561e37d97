"""The evidence store in a folder and in a real S3 server's bucket: what goes in comes out unchanged, or not at all."""

import threading
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

import pytest
from seaweed import KEY_ID, SECRET

from server.errors import PartAwayError
from server.evidence_blocks import BLOCK_BYTES
from server.evidence_store import SUMS_KEPT, EvidenceChangedError, EvidenceStore
from server.open_evidence import open_evidence
from server.settings import Settings

MIB = 1024 * 1024
KINDS = ["folder", pytest.param("s3", marks=pytest.mark.process)]


@dataclass(frozen=True)
class Place:
    """A store, and how somebody who holds its disk or key replaces what lies in it."""

    store: EvidenceStore
    opened_again: Callable[[], EvidenceStore]

    def replace(self, digest: str, data: bytes) -> None:
        self.store.store.put(f"{digest[:2]}/{digest[2:4]}/{digest}", data, mode="overwrite")


@pytest.fixture(params=KINDS)
def place(request, tmp_path) -> Place:
    values = {"data_dir": tmp_path}
    if request.param == "s3":
        values |= {
            "evidence_url": f"s3://evidence/{uuid4().hex}",
            "evidence_endpoint": request.getfixturevalue("s3_address"),
            "evidence_key_id": KEY_ID,
            "evidence_secret": SECRET,
            "evidence_allow_http": True,
        }
    return Place(open_evidence(Settings(**values)), lambda: open_evidence(Settings(**values)))


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def some(size: int, seed: int = 0) -> bytes:
    return b"".join(sha256(b"%d %d" % (seed, n)).digest() for n in range(-(-size // 32)))[:size]


FILES = [b"", b"x", some(BLOCK_BYTES - 1), some(BLOCK_BYTES), some(2 * BLOCK_BYTES + 5)]


@pytest.mark.parametrize("data", FILES, ids=len)
def test_what_was_put_comes_back_whole_in_blocks_and_in_parts(place, data):
    digest, store = digest_of(data), place.store
    assert not store.has(digest)
    assert store.put(data)
    assert not store.put(data)
    for opened in (store, place.opened_again()):
        assert opened.has(digest)
        assert opened.read(digest) == data
        assert opened.size_bytes(digest) == len(data)
        found = list(opened.stream(digest))
        assert b"".join(found) == data
        assert all(len(block) <= BLOCK_BYTES for block in found)
        for start, end in ((0, 1), (1, 10), (len(data) - 1, len(data)), (BLOCK_BYTES - 2, BLOCK_BYTES + 2), (0, 10**9)):
            assert b"".join(opened.read_range(digest, max(start, 0), end)) == data[max(start, 0) : end]


def test_what_is_deleted_is_gone_and_can_come_again(place):
    data = some(100)
    place.store.put(data)
    assert place.store.size_bytes(digest_of(data)) == 100
    assert place.store.delete(digest_of(data))
    assert not place.store.delete(digest_of(data))
    assert not place.store.has(digest_of(data))
    for read in (place.store.read, place.store.stream, place.store.size_bytes):
        with pytest.raises(FileNotFoundError):
            read(digest_of(data))
    assert place.store.put(data)


@pytest.mark.parametrize("harm", [lambda d: d[:-1] + b"!", lambda d: d[:-1], lambda d: d + b"!", lambda _: b""])
def test_what_was_changed_is_given_to_nobody_and_the_right_bytes_take_its_place(place, harm):
    data = some(2 * BLOCK_BYTES)
    digest = digest_of(data)
    place.store.put(data)
    place.replace(digest, harm(data))
    for read in (place.store.read, place.store.stream, place.store.size_bytes):
        with pytest.raises(EvidenceChangedError, match=digest):
            read(digest)
    assert place.store.put(data)
    assert place.store.read(digest) == data


def test_what_is_changed_after_it_was_found_whole_ends_before_the_changed_block(place):
    data = some(3 * BLOCK_BYTES)
    digest = digest_of(data)
    place.store.put(data)
    assert place.store.size_bytes(digest) == len(data)
    place.replace(digest, data[: BLOCK_BYTES + 7] + b"!" + data[BLOCK_BYTES + 8 :])
    assert b"".join(place.store.read_range(digest, 2 * BLOCK_BYTES, 3 * BLOCK_BYTES)) == data[2 * BLOCK_BYTES :]
    pieces = place.store.stream(digest)
    assert next(pieces) == data[:BLOCK_BYTES]
    with pytest.raises(EvidenceChangedError):
        next(pieces)


def test_many_at_once_store_a_file_once(place):
    data, together, new = some(3000, seed=7), threading.Barrier(6), []

    def work() -> None:
        together.wait()
        new.append(place.store.put(data))

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(new) == [False] * 5 + [True]
    assert place.store.read(digest_of(data)) == data


def test_a_film_of_64_mib_is_read_in_a_few(place):
    data = some(MIB) * 64
    digest = digest_of(data)
    place.store.put(data)
    size = len(data)
    del data
    tracemalloc.start()
    assert sum(map(len, place.store.stream(digest))) == size
    assert sum(map(len, place.store.read_range(digest, 50 * MIB + 3, 52 * MIB))) == 2 * MIB - 3
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 16 * MIB


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "\0" * 64])
def test_what_is_no_hash_is_not_here(place, name):
    for ask in (place.store.has, place.store.delete, place.store.read, place.store.stream):
        if ask in (place.store.has, place.store.delete):
            assert ask(name) is False
        else:
            with pytest.raises(FileNotFoundError):
                ask(name)


def test_only_so_many_files_are_remembered(tmp_path):
    store = EvidenceStore.in_folder(tmp_path)
    for number in range(SUMS_KEPT + 10):
        data = b"%d" % number
        store.store.put(f"{digest_of(data)[:2]}/{digest_of(data)[2:4]}/{digest_of(data)}", data)
        store.size_bytes(digest_of(data))
    assert len(store._sums) == SUMS_KEPT  # noqa: SLF001 - what it holds is what is asked


def test_a_folder_that_cannot_be_written_is_a_part_that_is_away(tmp_path):
    store = EvidenceStore.in_folder(tmp_path / "evidence")
    data = b"x"
    (tmp_path / "evidence" / digest_of(data)[:2]).write_text("a file where a folder should be")
    with pytest.raises(PartAwayError, match="evidence store"):
        store.put(data)
