"""A detector's wire: lines of text over TCP or a serial port, read in a thread that connects again when it is cut.

A serial port is opened by the standard library (termios): pyserial has had no release since 2020, and we only read.
"""

import os
import select
import socket
import termios
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from edge.lamp_sources.inbox import Inbox
from edge.lamp_sources.link import LinkState
from edge.signals.feed import Refused
from edge.signals.wire import LINE_BYTES_MAX, WireReader

log = structlog.get_logger()

PAUSES_S: Final = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Between two tries to connect; the last one repeats. A line starts again at the first."""
CONNECT_S: Final = 5.0
LOOK_S: Final = 0.2
CHUNK_BYTES: Final = 4096
KEEPALIVE: Final = ((socket.TCP_KEEPIDLE, 5), (socket.TCP_KEEPINTVL, 2), (socket.TCP_KEEPCNT, 3))
"""A peer that is gone without a word is noticed after some 11 s."""


@contextmanager
def tcp(host: str, port: int) -> Iterator[int]:
    """Connect and give the file descriptor. Raises OSError."""
    with socket.create_connection((host, port), timeout=CONNECT_S) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in KEEPALIVE:
            connection.setsockopt(socket.IPPROTO_TCP, option, value)
        yield connection.fileno()


@contextmanager
def serial(path: Path, baud: int) -> Iterator[int]:
    """Open a serial port, 8N1, raw, and give the file descriptor. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        speed = getattr(termios, f"B{baud}")
        tty.setraw(descriptor)
        settings = termios.tcgetattr(descriptor)
        settings[4] = settings[5] = speed  # input and output
        termios.tcsetattr(descriptor, termios.TCSANOW, settings)
        yield descriptor
    except termios.error as error:
        raise OSError(f"{path} is no serial port: {error}") from error
    finally:
        os.close(descriptor)


@dataclass(slots=True)
class WireLink:
    """One detector. ``connect`` opens its line; ``place`` is what it is called in the log."""

    place: str
    connect: Callable[[], AbstractContextManager[int]]
    reader: WireReader
    inbox: Inbox
    now_ms: Callable[[], int]
    _stopping: threading.Event = field(init=False, default_factory=threading.Event)
    _thread: threading.Thread | None = field(init=False, default=None)
    _connected: bool = field(init=False, default=False)

    def start(self) -> None:
        """Begin to connect; a detector that is down is tried again for as long as it takes."""
        self._thread = threading.Thread(target=self._keep_reading, name="signals-wire", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let go of the line."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=CONNECT_S + 1)

    def state(self) -> LinkState:
        """Return how it is."""
        return LinkState(self._connected, self.reader.taken, dict(self.reader.refused))

    def _keep_reading(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            before = self.reader.taken
            try:
                self._read_once()
            except OSError as error:
                log.warning("signals.lost", wire=self.place, why=str(error))
            if self._connected:  # from here on nobody knows; before the first line nobody ever did
                self._connected = False
                self.inbox.put(self.reader.lost(self.now_ms()))
            tries = 0 if self.reader.taken > before else tries + 1
            self._stopping.wait(PAUSES_S[min(tries, len(PAUSES_S) - 1)])

    def _read_once(self) -> None:
        """Connect and take lines until the line is cut. Raises OSError."""
        lines = Lines(self.reader, self.inbox, self.now_ms)
        with self.connect() as descriptor:
            self._connected = True
            ready = select.poll()
            ready.register(descriptor, select.POLLIN)
            while not self._stopping.is_set():
                if not ready.poll(LOOK_S * 1000):
                    continue
                chunk = os.read(descriptor, CHUNK_BYTES)
                if not chunk:
                    raise OSError("the other side has ended")
                lines.feed(chunk)


@dataclass(slots=True)
class Lines:
    """Cuts bytes into lines. Of a line without an end no more is kept than a line may be long."""

    reader: WireReader
    inbox: Inbox
    now_ms: Callable[[], int]
    _rest: bytes = b""
    _overrun: bool = False

    def feed(self, chunk: bytes) -> None:
        """Take bytes in and read the lines that they end."""
        *whole, self._rest = (self._rest + chunk).replace(b"\r", b"\n").split(b"\n")
        for line in whole:
            if not self._overrun and line.strip():
                self.inbox.put(self.reader.read(line, self.now_ms()))
            self._overrun = False
        if len(self._rest) > LINE_BYTES_MAX:
            if not self._overrun:
                self.reader.refused[Refused.OVERRUN] += 1
            self._rest, self._overrun = b"", True
