"""Asks an SNTP server how far the box's clock is off (RFC 4330): of a few answers, the one that took least time.

SNTP proves nothing about who answers; where the way to the server is not ours, chrony with NTS is the better source.
"""

import secrets
import socket
import time
from dataclasses import dataclass, field
from typing import Final

from contract.words import ClockReference
from edge.clock import Look, Measurement, NotMeasuredError
from edge.clock_sources.ntp_packet import answer_of, is_answer_to, request

WAIT_S: Final = 1.0
TRIES: Final = 3
ENOUGH_MS: Final = 20.0
"""An answer that came so fast leaves less doubt than matters: no other is asked for."""
READ_MS: Final = 1.0
"""The wall clock is read in whole ms."""
BYTES_MAX: Final = 1024
Place = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str | int | bytes, ...]]
"""As ``socket.getaddrinfo`` gives it."""


@dataclass(slots=True)
class SntpServer:
    """A server by its name or address, and port. ``strangers`` counts packets that were no answer to a question."""

    host: str
    port: int
    look: Look
    wait_s: float = WAIT_S
    strangers: int = field(default=0, init=False)

    def measure(self) -> Measurement:
        """Ask. Raises NotMeasuredError where it is silent or says what must not be believed."""
        try:
            return self._measure()
        except NotMeasuredError as error:
            raise NotMeasuredError(f"SNTP server {self.host}:{self.port}: {error}") from error
        except OSError as error:
            why = self._silence() if isinstance(error, TimeoutError) else error.strerror or str(error)
            raise NotMeasuredError(f"SNTP server {self.host}:{self.port}: {why}") from error
        except UnicodeError as error:  # how getaddrinfo refuses what can be no name
            raise NotMeasuredError(f"SNTP server {self.host}:{self.port}: this can be no host's name") from error

    def _silence(self) -> str:
        if not self.strangers:
            return "no answer"
        return f"no answer; {self.strangers} packets so far that answer no question of ours"

    def _measure(self) -> Measurement:
        """Ask a few times, and each of the name's addresses in turn."""
        best, silent = None, None
        addresses = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_DGRAM)
        for number in range(TRIES):
            try:
                measured, delay_ms = self._ask(addresses[number % len(addresses)])
            except OSError as error:
                silent = error
                continue
            if best is None or delay_ms < best[1]:
                best = measured, delay_ms
            if delay_ms <= ENOUGH_MS:
                break
        if best is None:
            raise silent or TimeoutError
        return best[0]

    def _ask(self, place: Place) -> tuple[Measurement, float]:
        """Return one measurement and the delay of its answer on the way, ms."""
        family, kind, protocol, _, address = place
        with socket.socket(family, kind, protocol) as line:
            line.connect(address)  # what comes from another address is not handed to us
            nonce = secrets.randbits(63) + 1
            asked = self.look()
            line.send(request(nonce))
            answer = answer_of(self._hear(line, nonce))
            heard = self.look()
        went_ms = heard.monotonic_ms - asked.monotonic_ms
        delay_ms = went_ms - (answer.sent_ms - answer.received_ms)
        if answer.sent_ms < answer.received_ms or delay_ms < -READ_MS:
            raise NotMeasuredError("its times contradict each other")
        asked_ms = heard.wall_ms - went_ms  # by one setting of the wall clock, also where it was set meanwhile
        offset_ms = ((asked_ms - answer.received_ms) + (heard.wall_ms - answer.sent_ms)) / 2
        doubt_ms = max(delay_ms, 0.0) / 2 + answer.doubt_ms + READ_MS
        return Measurement(ClockReference.SNTP, heard, offset_ms, doubt_ms, answer.leap_ms), delay_ms

    def _hear(self, line: socket.socket, nonce: int) -> bytes:
        """Wait for the answer to our question; what is none is counted. Raises TimeoutError."""
        until_s = time.monotonic() + self.wait_s
        while (left_s := until_s - time.monotonic()) > 0:
            line.settimeout(left_s)
            packet = line.recv(BYTES_MAX)
            if is_answer_to(nonce, packet):
                return packet
            self.strangers += 1
        raise TimeoutError
