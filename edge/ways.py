"""The way that each road user of a tracks.csv went, as the calibration looks at it."""

from pathlib import Path

from calibration.flows import Way
from edge.trajectories import read_tracks


def ways_of(tracks: Path) -> list[Way]:
    """Return the observed ways, one a track. Raises InputProblemError."""
    kinds: dict[int, str] = {}
    points: dict[int, list[tuple[float, float]]] = {}
    for observation in read_tracks(tracks):
        for user in observation.road_users:
            kinds[user.track_id] = user.kind.value
            points.setdefault(user.track_id, []).append((user.x_m, user.y_m))
    return [Way(kinds[number], tuple(way)) for number, way in points.items()]
