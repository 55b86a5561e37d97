"""A small SNTP server on loopback: the demonstration's reference, and a liar of many kinds for the tests.

It tells the machine's own time plus a settable offset, so a box that goes by it proves how the clock is proved, not
that the machine's clock is right.
"""

import socket
import struct
import threading
import time
from dataclasses import dataclass, replace
from typing import Final

HOST: Final = "127.0.0.1"
LAYOUT: Final = struct.Struct("!BBbbII4sQQQQ")
SERVER: Final = 4
EPOCH_S: Final = 2_208_988_800
LOOK_S: Final = 0.1
BYTES_MAX: Final = 1024


@dataclass(frozen=True, slots=True)
class Manner:
    """How it answers. ``leap`` are the two bits of RFC 4330: 1 and 2 announce a leap second, 3 is not synchronised.

    At ``leaps_at_ms`` of its own time one is put in: it repeats a second and announces no more.
    ``holds_s`` is how long it keeps an answer back; ``repeats_origin`` is false in one who has not seen the question.
    """

    offset_ms: float = 0.0
    leap: int = 0
    leaps_at_ms: int | None = None
    stratum: int = 1
    mode: int = SERVER
    root_delay_s: float = 0.001
    root_dispersion_s: float = 0.001
    holds_s: float = 0.0
    silent: bool = False
    repeats_origin: bool = True
    bytes_sent: int = LAYOUT.size


class ReferenceClock:
    """A server in a thread. Use it as a context; ``manner`` may be set at any time."""

    def __init__(self, manner: Manner | None = None) -> None:
        self.manner = manner or Manner()
        self.asked = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HOST, 0))
        self._socket.settimeout(LOOK_S)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reference-clock", daemon=True)

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return int(self._socket.getsockname()[1])

    @property
    def address(self) -> str:
        """Return its address as edge.yaml has it."""
        return f"{HOST}:{self.port}"

    def __enter__(self) -> "ReferenceClock":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def become(self, **changes: object) -> None:
        """Answer otherwise from now on: the fields of ``Manner``."""
        self.manner = replace(self.manner, **changes)  # type: ignore[arg-type]  # the names are checked, at runtime

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                packet, asker = self._socket.recvfrom(BYTES_MAX)
            except TimeoutError:
                continue
            received_ns, manner = time.time_ns(), self.manner
            self.asked += 1
            if manner.silent or len(packet) < LAYOUT.size or self._stopping.wait(manner.holds_s):
                continue
            self._socket.sendto(_answer(packet, manner, received_ns)[: manner.bytes_sent], asker)


def _answer(question: bytes, manner: Manner, received_ns: int) -> bytes:
    first, nonce = question[0], LAYOUT.unpack_from(question)[10]
    offset_ns, leap = round(manner.offset_ms * 1e6), manner.leap
    if manner.leaps_at_ms is not None and received_ns + offset_ns >= manner.leaps_at_ms * 10**6:
        offset_ns, leap = offset_ns - 10**9, 0
    return LAYOUT.pack(
        leap << 6 | first & 0x38 | manner.mode,
        manner.stratum,
        0,
        -20,
        round(manner.root_delay_s * 65536),
        round(manner.root_dispersion_s * 65536),
        b"LOCL",
        _timestamp(received_ns + offset_ns),
        nonce if manner.repeats_origin else nonce ^ 1,
        _timestamp(received_ns + offset_ns),
        _timestamp(time.time_ns() + offset_ns),
    )


def _timestamp(at_ns: int) -> int:
    """Return seconds since 1900 with 32 bits of fraction; what is beyond 2036 is counted anew (RFC 4330, section 3)."""
    return ((at_ns + EPOCH_S * 10**9 << 32) // 10**9) % 2**64
