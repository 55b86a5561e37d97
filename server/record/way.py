"""The way of one road user: where they stood and when, from a package's tracks.csv. Pure."""

from dataclasses import dataclass

from server.record.rows import rows_of

COLUMNS = ("t_ms", "track_id", "kind", "x_m", "y_m")
SIGHTS_MAX = 600
"""So many dots a drawing has at most: 50 s of a camera."""
BOX = ("x1_px", "y1_px", "x2_px", "y2_px")


@dataclass(frozen=True, slots=True)
class Sight:
    """One sight: ``t_ms`` from the entry (below 0: before it), the place in metres, the foot point in the picture."""

    t_ms: int
    place_m: tuple[float, float]
    foot_px: tuple[float, float] | None = None


def way_of(data: bytes, track_id: int, entered_ms: int) -> tuple[Sight, ...]:
    """Return the sights of a track in time order; ``entered_ms`` is the entry as the file counts. UnreadableError."""
    number, found = str(track_id), []
    for row in rows_of("tracks.csv", data, COLUMNS):
        if row.values["track_id"] != number:
            continue
        foot = None
        if all(row.given(name) for name in BOX):
            left, _, right, bottom = (row.number(name) for name in BOX)
            foot = ((left + right) / 2, bottom)
        found.append(Sight(row.whole("t_ms") - entered_ms, (row.number("x_m"), row.number("y_m")), foot))
    return tuple(sorted(found, key=lambda sight: sight.t_ms))


def within(way: tuple[Sight, ...], from_ms: int, to_ms: int) -> tuple[Sight, ...]:
    """Return the sights of a span of time."""
    return tuple(sight for sight in way if from_ms <= sight.t_ms <= to_ms)


def thinned(way: tuple[Sight, ...], most: int = SIGHTS_MAX) -> tuple[Sight, ...]:
    """Return every n-th sight and the last one where there are too many to be told apart in a picture."""
    step = -(-len(way) // most)
    return way if step <= 1 else (*way[:-1:step], way[-1])
