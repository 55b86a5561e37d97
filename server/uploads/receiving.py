"""How the bytes of an evidence file are taken from the wire: in pieces, never more than promised, never too slowly."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from starlette.concurrency import run_in_threadpool

from server.errors import TooManyTriesError, TooSlowError, WrongInputError
from server.uploads.writing import Writing

PIECE_BYTES: Final = 256 * 1024
"""So much is gathered in memory before it is written."""
AT_ONCE_MAX: Final = 4


@dataclass(frozen=True, slots=True)
class Pace:
    """The slowest sender that is borne with: a silence ends after ``idle_s``, and what began after ``grace_s``.

    ``bytes_per_s_min`` is the mean since the beginning. Whoever holds a connection open for nothing (slow loris) loses
    it; what has come is kept, so a slow line goes on where it was.
    """

    idle_s: float = 20.0
    grace_s: float = 60.0
    bytes_per_s_min: float = 1000.0
    now_s: Callable[[], float] = time.monotonic


@dataclass(slots=True)
class Lines:
    """How many files each device sends at this moment, in this process."""

    open: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def one_more(self, device_id: str) -> Iterator[None]:
        """Hold a line. Raises TooManyTriesError."""
        if self.open[device_id] >= AT_ONCE_MAX:
            raise TooManyTriesError(f"expected at most {AT_ONCE_MAX} uploads of a device at once")
        self.open[device_id] += 1
        try:
            yield
        finally:
            self.open[device_id] -= 1


async def receive(stream: AsyncIterator[bytes], writing: Writing, pace: Pace) -> None:
    """Append what comes to a beginning, and settle it, also where the sender is cut off.

    Raises:
        WrongInputError: more comes than was promised; the rest is kept.
        TooSlowError: it comes too slowly; what has come is kept.
        NoRoomError: the disk is full; what was written before is kept.
    """
    gathered = bytearray()
    try:
        async for part in _paced(stream, pace):
            if writing.offset + len(gathered) + len(part) > writing.key.size_bytes:
                raise WrongInputError(f"expected {writing.key.size_bytes} bytes, found more")
            gathered += part
            if len(gathered) >= PIECE_BYTES:
                piece, gathered = bytes(gathered), bytearray()
                await run_in_threadpool(writing.append, piece)
    finally:
        await run_in_threadpool(_last, writing, bytes(gathered))


def _last(writing: Writing, piece: bytes) -> None:
    writing.append(piece)
    writing.settle()


async def _paced(stream: AsyncIterator[bytes], pace: Pace) -> AsyncIterator[bytes]:
    began_s, came = pace.now_s(), 0
    while True:
        try:
            part = await asyncio.wait_for(anext(stream), pace.idle_s)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise TooSlowError(f"expected a byte within {pace.idle_s:.0f} s, found none") from error
        came += len(part)
        took_s = pace.now_s() - began_s
        if took_s > pace.grace_s and came < took_s * pace.bytes_per_s_min:
            raise TooSlowError(f"expected {pace.bytes_per_s_min:.0f} bytes a second, found {came / took_s:.0f}")
        yield part
