"""The 48 bytes that an SNTP client sends and believes (RFC 4330, sections 4 and 5). Pure.

``ntplib`` would read the same bytes, but compares no origin, so that anybody could answer, and reads the clock itself.
"""

import struct
from dataclasses import dataclass
from typing import Final

from edge.clock import LEAP_MS, NotMeasuredError

LAYOUT: Final = struct.Struct("!BBbbII4sQQQQ")
"""Leap, version and mode; stratum; poll; precision; root delay; root dispersion; reference; and four timestamps."""
VERSION: Final = 4
CLIENT: Final = 3
SERVER: Final = 4
STRATUM_MAX: Final = 15
UNSYNCHRONISED: Final = 3
LEAPS_MS: Final = {0: 0, 1: -LEAP_MS, 2: LEAP_MS}
EPOCH_S: Final = 2_208_988_800
"""From 1900 to 1970."""
ERA_S: Final = 2**32


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer: ms since the Unix epoch by its clock, and what it may itself be off."""

    received_ms: float
    sent_ms: float
    doubt_ms: float
    leap_ms: int


def request(nonce: int) -> bytes:
    """Return a question. ``nonce`` (64 bits, not to be guessed) stands for our time, which is nobody's business."""
    return LAYOUT.pack(VERSION << 3 | CLIENT, 0, 0, 0, 0, 0, b"", 0, 0, 0, nonce)


def is_answer_to(nonce: int, packet: bytes) -> bool:
    """Return whether a packet repeats our nonce: whoever does not see our question cannot (RFC 4330, section 5)."""
    return len(packet) >= LAYOUT.size and LAYOUT.unpack_from(packet)[8] == nonce


def answer_of(packet: bytes) -> Answer:
    """Return what a server said. Raises NotMeasuredError where it must not be believed."""
    first, stratum, _, precision, delay, dispersion, word, _, _, received, sent = LAYOUT.unpack_from(packet)
    if first & 7 != SERVER:
        raise NotMeasuredError(f"expected a server's answer (mode 4), found mode {first & 7}")
    if stratum == 0:
        raise NotMeasuredError(f"it sends us away ({_letters(word)})")
    if first >> 6 == UNSYNCHRONISED or stratum > STRATUM_MAX:
        raise NotMeasuredError("its own clock is not synchronised")
    if not received or not sent:
        raise NotMeasuredError("its answer holds no time")
    doubt_ms = (delay / 2 + dispersion) / 65.536 + 2.0 ** min(precision, 10) * 1000
    return Answer(_epoch_ms(received), _epoch_ms(sent), doubt_ms, LEAPS_MS[first >> 6])


def _letters(word: bytes) -> str:
    """Return a kiss code: four letters, or nothing that belongs on a terminal."""
    return word.decode("ascii") if word.isalpha() else "no code"


def _epoch_ms(timestamp: int) -> float:
    """Return ms since the Unix epoch: seconds without the first bit are of the era from 2036 (RFC 4330, section 3)."""
    seconds, fraction = timestamp >> 32, timestamp & 0xFFFFFFFF
    era_s = 0 if seconds >> 31 else ERA_S
    return (seconds + era_s - EPOCH_S) * 1000 + fraction * 1000 / ERA_S
