"""One evidence file on its way to the centre: whole where it is small, else in pieces from where the centre has it.

The pieces follow the core of tus 1.0.0: HEAD tells the offset, PATCH appends there. Never more than a piece is read.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from http import HTTPStatus
from typing import BinaryIO, Final

import httpx
import structlog

from edge.outbox_values import WaitingFile

log = structlog.get_logger()

PIECE_BYTES: Final = 1024 * 1024
SMALL_BYTES: Final = 256 * 1024
"""So small a file is not asked for: one request instead of two."""
BLOCK_BYTES: Final = 16 * 1024
CONFLICTS_MAX: Final = 7
CONFLICT_S: Final = 0.05
TUS: Final = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


class Outcome(StrEnum):
    """What came of an attempt: brought; this file will not go now, others may; nothing will go now."""

    BROUGHT = "brought"
    STUCK = "stuck"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Said:
    """An outcome, and why it is none better. ``lasting``: trying again at once would be no use."""

    outcome: Outcome
    why: str = ""
    lasting: bool = False


BROUGHT: Final = Said(Outcome.BROUGHT)
OF_THE_CENTRE: Final = frozenset({401, 403, 408, 423, 429, 502, 503, 504, 507})
"""What these say is of the device or of the centre, not of the file."""


def said_of(status: int, text: str) -> Said:
    """Return what an answer other than a good one means."""
    why = f"{status} {text[:200]}".strip()
    if status in OF_THE_CENTRE:
        return Said(Outcome.AWAY, why)
    return Said(Outcome.STUCK, why, lasting=status < 500 and status != HTTPStatus.CONFLICT)


class _ChangedError(Exception):
    """The file is not what was sealed: it must go nowhere."""


@dataclass(slots=True)
class Transfer:
    """Brings files over one client, on several threads. ``bytes_per_s``: each not faster; None: as fast as it goes."""

    client: httpx.Client
    bytes_per_s: float | None = None
    sleep: Callable[[float], object] = time.sleep
    sent_bytes: int = 0
    """What has been given to the network, also in vain."""
    _cut: set[tuple[str, str]] = field(default_factory=set)
    _checked: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def bring(self, file: WaitingFile) -> Said:
        """Bring one file, from where the centre has it."""
        try:
            with file.path.open("rb") as content:
                self._check(file, content)
                said = self._send(file, content)
            if said.outcome is Outcome.BROUGHT:
                self._checked.pop((file.event_id, file.name), None)
            return said
        except httpx.TransportError as error:
            self._cut.add((file.event_id, file.name))
            return Said(Outcome.AWAY, str(error) or type(error).__name__)
        except OSError as error:
            return Said(Outcome.STUCK, f"cannot be read: {error.strerror}", lasting=True)
        except _ChangedError as error:
            return Said(Outcome.STUCK, str(error), lasting=True)

    def _check(self, file: WaitingFile, content: BinaryIO) -> None:
        """Read a file once before any byte of it goes out; again only where it has been touched."""
        state = file.path.stat()
        seen = state.st_size, state.st_mtime_ns
        if seen == self._checked.get((file.event_id, file.name)):
            return
        if state.st_size != file.size_bytes:
            raise _ChangedError(f"changed on the box: expected {file.size_bytes} bytes, found {state.st_size}")
        digest = sha256()
        while part := content.read(PIECE_BYTES):
            digest.update(part)
        if digest.hexdigest() != file.sha256:
            raise _ChangedError(f"changed on the box: expected SHA-256 {file.sha256}, found {digest.hexdigest()}")
        self._checked[file.event_id, file.name] = seen

    def _send(self, file: WaitingFile, content: BinaryIO) -> Said:
        place = f"/api/v1/evidence/{file.sha256}"
        if file.size_bytes <= SMALL_BYTES and (file.event_id, file.name) not in self._cut:
            body = self._slowly(content, 0, file.size_bytes)
            answer = self.client.put(place, content=body, headers=_of(file.size_bytes))
            return BROUGHT if answer.is_success else said_of(answer.status_code, answer.text)
        answer = self._in_pieces(file, content, place)
        if answer.is_success:
            self._cut.discard((file.event_id, file.name))
            return BROUGHT
        return said_of(answer.status_code, answer.text)

    def _in_pieces(self, file: WaitingFile, content: BinaryIO, place: str) -> httpx.Response:
        """Send from where the centre has the file; go on at once after a cut, as long as each attempt gets further."""
        reached, conflicts = -1, 0
        while True:
            answer, offset = self.client.head(place), reached
            try:
                if answer.is_success:
                    offset = int(answer.headers.get("upload-offset", "0"))
                    answer = self._go_on(file, content, place, offset)
            except httpx.TransportError:
                if offset <= reached:
                    raise
                reached, conflicts = offset, 0
                continue
            if answer.status_code != HTTPStatus.CONFLICT or conflicts >= CONFLICTS_MAX:
                return answer
            self.sleep(CONFLICT_S * 2**conflicts)  # the centre has not noticed yet that we were cut off
            conflicts += 1

    def _go_on(self, file: WaitingFile, content: BinaryIO, place: str, offset: int) -> httpx.Response:
        """Send pieces until all is there; return the last answer, or the first that is none of success."""
        answer = httpx.Response(HTTPStatus.OK)
        while offset < file.size_bytes and answer.is_success:
            length = min(PIECE_BYTES, file.size_bytes - offset)
            headers = {**TUS, **_of(length), "Upload-Offset": str(offset)}
            answer = self.client.patch(place, content=self._slowly(content, offset, length), headers=headers)
            offset += length
        return answer

    def _slowly(self, content: BinaryIO, offset: int, length: int) -> Iterator[bytes]:
        """Yield a piece of a file block by block, not faster than allowed."""
        content.seek(offset)
        while length > 0:
            block = content.read(min(BLOCK_BYTES, length))
            if not block:
                raise _ChangedError("changed on the box: it has become shorter")
            length -= len(block)
            with self._counting:
                self.sent_bytes += len(block)
            yield block
            if self.bytes_per_s is not None:
                self.sleep(len(block) / self.bytes_per_s)


def _of(length: int) -> dict[str, str]:
    return {"Content-Length": str(length)}


@dataclass(slots=True)
class Backoff:
    """Waits longer from failure to failure, up to ``longest_s``, each time by chance between half of it and all of it.

    So a thousand boxes do not come back to the centre in the same second.
    """

    first_s: float
    longest_s: float
    chance: Callable[[], float] = random.random
    failures: int = 0

    def failed(self) -> float:
        """Count a failure; return for how many seconds to wait."""
        full_s = min(self.longest_s, self.first_s * 2.0 ** min(self.failures, 30))
        self.failures += 1
        return full_s * (0.5 + 0.5 * self.chance())

    def worked(self) -> None:
        """Begin anew."""
        self.failures = 0
