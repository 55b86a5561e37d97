"""A file's blocks and their sums: what lets a part of a file be checked by itself. Values only, no store.

A file's SHA-256 says nothing of a part of it. Whoever has read a file whole once, and found it to be what its name
says, keeps the SHA-256 of each block, and so knows later of every block alone that it has not been changed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

BLOCK_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class BlockSums:
    """The SHA-256 of a file and of each of its blocks; all blocks but the last are ``BLOCK_BYTES`` long."""

    digest: str
    size_bytes: int
    sums: tuple[bytes, ...]

    def holds(self, number: int, block: bytes) -> bool:
        """Tell whether these bytes are the file's block of that number, counted from 0."""
        return number < len(self.sums) and sha256(block).digest() == self.sums[number]


def blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a stream, however it comes, into blocks."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= BLOCK_BYTES:
            yield bytes(waiting[:BLOCK_BYTES])
            del waiting[:BLOCK_BYTES]
    if waiting:
        yield bytes(waiting)


def sum_up(chunks: Iterable[bytes]) -> BlockSums:
    """Read a stream to its end, one block in memory at a time."""
    whole, size_bytes, sums = sha256(), 0, []
    for block in blocks(chunks):
        whole.update(block)
        size_bytes += len(block)
        sums.append(sha256(block).digest())
    return BlockSums(whole.hexdigest(), size_bytes, tuple(sums))


@dataclass(frozen=True, slots=True)
class Piece:
    """What is wanted of one block: its number, where it lies in the file, and from where to where in the block."""

    number: int
    block_start: int
    block_end: int
    wanted: slice


def pieces(start: int, end: int, size_bytes: int) -> Iterator[Piece]:
    """Return the blocks that hold the bytes from ``start`` up to and without ``end``, in their order."""
    end = min(end, size_bytes)
    numbers = range(start // BLOCK_BYTES, -(-end // BLOCK_BYTES)) if start < end else ()
    for number in numbers:
        block_start = number * BLOCK_BYTES
        wanted = slice(max(start - block_start, 0), min(end - block_start, BLOCK_BYTES))
        yield Piece(number, block_start, min(block_start + BLOCK_BYTES, size_bytes), wanted)
