"""Cutting a stream into blocks, and which blocks hold which bytes."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from server.evidence_blocks import BLOCK_BYTES, blocks, pieces, sum_up

SIZES = st.lists(st.integers(0, 3 * BLOCK_BYTES // 2), max_size=4)


def cut(sizes: list[int]) -> list[bytes]:
    return [bytes([number]) * size for number, size in enumerate(sizes)]


@given(SIZES)
def test_however_a_stream_comes_its_blocks_and_sums_are_the_same(sizes):
    chunks = cut(sizes)
    whole = b"".join(chunks)
    found = list(blocks(chunks))
    assert b"".join(found) == whole
    assert all(len(block) == BLOCK_BYTES for block in found[:-1])
    sums = sum_up(chunks)
    assert (sums.digest, sums.size_bytes) == (sha256(whole).hexdigest(), len(whole))
    assert sums == sum_up([whole])
    assert all(sums.holds(number, block) for number, block in enumerate(found))


@given(st.integers(0, 4 * BLOCK_BYTES), st.integers(0, 4 * BLOCK_BYTES), st.integers(0, 4 * BLOCK_BYTES))
def test_the_pieces_of_a_range_are_that_range(start, end, size_bytes):
    numbers, at = range(size_bytes), start
    for piece in pieces(start, end, size_bytes):
        assert piece.block_start == piece.number * BLOCK_BYTES
        found = numbers[piece.block_start : piece.block_end][piece.wanted]
        assert found[0] == at
        at = found[-1] + 1
    assert at == max(start, min(end, size_bytes))


def test_a_changed_block_and_one_too_many_are_not_held():
    sums = sum_up([b"a" * BLOCK_BYTES, b"b"])
    assert sums.holds(1, b"b")
    assert not sums.holds(1, b"c")
    assert not sums.holds(0, b"b")
    assert not sums.holds(2, b"")
