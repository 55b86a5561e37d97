"""When each frame of a clip was taken, from clip.csv: for stepping, and for a time that counts from the entry. Pure."""

from dataclasses import dataclass

from server.record.rows import rows_of

COLUMNS = ("number", "epoch_ms", "clip_ms")
FRAMES_MAX = 2000
"""A clip of 45 s at 30 pictures a second has fewer."""


@dataclass(frozen=True, slots=True)
class Film:
    """``frames_ms`` are the player's times; so is ``entry_ms``, which may lie before the clip's beginning."""

    frames_ms: tuple[int, ...]
    entry_ms: int


def film_of(data: bytes, entered_at_ms: int) -> Film | None:
    """Return a clip's times, None where it has no frame. The player's time runs as the capture time does."""
    frames = [(row.whole("clip_ms"), row.whole("epoch_ms")) for row in rows_of("clip.csv", data, COLUMNS)]
    if not frames:
        return None
    clip_ms, epoch_ms = frames[0]
    return Film(tuple(at_ms for at_ms, _ in frames[:FRAMES_MAX]), clip_ms + entered_at_ms - epoch_ms)
