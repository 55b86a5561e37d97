"""Which bytes of a file a browser asks for (RFC 9110 section 14): one range, as players of films do. A value only."""

import re
from dataclasses import dataclass

ONE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@dataclass(frozen=True, slots=True)
class Bytes:
    """The bytes from ``start`` up to and without ``end``; ``whole`` if that is what is to be answered with 200."""

    start: int
    end: int
    whole: bool = False


def asked_for(header: str | None, size_bytes: int) -> Bytes | None:
    """Return the bytes that a Range header asks for; None if the file has none of them (416).

    What is not one range of bytes is ignored, as the RFC has it: the answer is the whole file.
    """
    found = ONE.fullmatch(header or "")
    first, last = found.groups() if found else ("", "")
    if not first and not last:
        return Bytes(0, size_bytes, whole=True)
    if not first:  # the last so many bytes
        return Bytes(max(0, size_bytes - int(last)), size_bytes) if int(last) and size_bytes else None
    if last and int(last) < int(first):
        return Bytes(0, size_bytes, whole=True)
    end = min(int(last) + 1, size_bytes) if last else size_bytes
    return Bytes(int(first), end) if int(first) < size_bytes else None
