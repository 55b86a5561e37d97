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


def problem_of(address: str) -> str | None:
    """Return what is wrong with a stream's address; None where nothing is."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        return f"expected an address, found one that is none ({error})"
    if not parts.hostname:
        return "expected an address with a host, found none in it"
    if parts.password is not None:
        return "an address holds no password, since it is logged: give username and password_file"
    return None


def without_secret(source: str) -> str:
    """Return an address as it may be shown: name, password and what follows a question mark are left out."""
    if not is_stream(source):
        return source
    parts = urlsplit(source)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def with_password(source: str, username: str, password: str) -> str:
    """Return a stream's address with the credentials that stand in a file of their own."""
    parts = urlsplit(source)
    return urlunsplit(parts._replace(netloc=f"{quote(username, safe='')}:{quote(password, safe='')}@{parts.netloc}"))
