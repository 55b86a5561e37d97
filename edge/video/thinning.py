"""Which of a camera's pictures are filmed: at most so many a second of capture time. Pure."""


class Thinning:
    """Takes pictures as evenly as they come; one that comes a little early is made up for by the next."""

    def __init__(self, fps_max: float) -> None:
        self._interval_ms = 1000 / fps_max
        self._due_ms: float | None = None
        self._last_ms = -1

    def takes(self, t_ms: int) -> bool:
        """Tell whether the picture of this instant is filmed; an instant is filmed once."""
        if t_ms <= self._last_ms or (self._due_ms is not None and t_ms < self._due_ms):
            return False
        before_ms = t_ms if self._due_ms is None else max(self._due_ms, t_ms - self._interval_ms)
        self._due_ms, self._last_ms = before_ms + self._interval_ms, t_ms
        return True
