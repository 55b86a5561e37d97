"""What every source of frames has in common, and which kind a given word means."""

from collections.abc import Iterator
from typing import Final, Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from edge.pipeline import Frame

STREAMS: Final = frozenset({"rtsp", "rtsps", "http", "https"})


class Source(Protocol):
    """Where frames come from. After the last one, ``problem`` says what was wrong, if anything was."""

    frames_expected: int
    size_px: tuple[int, int]
    problem: str | None

    def frames(self) -> Iterator[Frame]:
        """Yield the frames in time order."""
        ...


def is_stream(source: str) -> bool:
    """Tell whether a source is the address of a stream; else it is the path of a file."""
    return urlsplit(source).scheme in STREAMS


def without_secret(source: str) -> str:
    """Return an address as it may be shown: the user's name and password are left out."""
    if not is_stream(source):
        return source
    parts = urlsplit(source)
    place = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, f"{place}{port}", parts.path, "", ""))


def with_password(source: str, username: str, password: str) -> str:
    """Return a stream's address with the credentials that stand in a file of their own."""
    parts = urlsplit(source)
    return urlunsplit(parts._replace(netloc=f"{quote(username, safe='')}:{quote(password, safe='')}@{parts.netloc}"))
