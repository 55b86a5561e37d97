"""Who was where in the last minutes, so that a verdict can be judged again by what it rested on. Pure.

Bounded by seconds and by rows: a crowd shortens what is remembered, and never fills the memory.
"""

from collections import deque
from dataclasses import dataclass, field

from edge.observations import Observation


@dataclass(slots=True)
class History:
    """Remembers observations as the rules saw them; the oldest leave first.

    ``span_ms`` covers an act that is judged a minute after it began. 60,000 rows are some 23 MB (docs/replay.md).
    """

    span_ms: int = 180_000
    rows_max: int = 60_000
    _observations: deque[Observation] = field(default_factory=deque)
    _rows: int = 0
    _forgot: bool = False

    def add(self, observation: Observation) -> None:
        """Take the next observation in; they come in time order."""
        self._observations.append(observation)
        self._rows += _rows_of(observation)
        oldest_ms = observation.t_ms - self.span_ms
        while len(self._observations) > 1 and (self._rows > self.rows_max or self._observations[0].t_ms < oldest_ms):
            self._rows -= _rows_of(self._observations.popleft())
            self._forgot = True

    @property
    def last_ms(self) -> int:
        """Return the time of the newest observation, 0 where there is none."""
        return self._observations[-1].t_ms if self._observations else 0

    def since(self, from_ms: int | None = None) -> tuple[Observation, ...]:
        """Return what is remembered from a time on, or all of it, in time order."""
        return tuple(o for o in self._observations if from_ms is None or o.t_ms >= from_ms)

    def reaches(self, t_ms: int) -> bool:
        """Tell whether everything from a time on is remembered."""
        return not self._forgot or self._observations[0].t_ms <= t_ms

    def first_ms(self, track_id: int) -> int | None:
        """Return the time of the first remembered observation that shows a track."""
        return next((o.t_ms for o in self._observations if any(u.track_id == track_id for u in o.road_users)), None)


def _rows_of(observation: Observation) -> int:
    return max(1, len(observation.road_users))  # an instant at which nobody was seen is a row as well
