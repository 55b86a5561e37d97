"""When a frame was taken: by the stream's own clock where it has one that can be believed, else by its arrival. Pure.

RTP carries wall-clock time in RTCP sender reports (RFC 3550, 6.4.1). A camera whose clock is far from the box's is not
believed: the box's clock is the one that is kept synchronised and told in the evidence.
"""

from dataclasses import dataclass
from typing import Final

from contract.messages import ClockSource

OFFSET_MAX_MS: Final = 2000
"""Further from the arrival than this, the stream's clock is wrong."""


@dataclass(slots=True)
class FrameClock:
    """Gives each frame of a live stream a time that never stands still or goes back, also across reconnections."""

    start_ms: int | None = None
    """Capture time of the first frame, ms since the Unix epoch; None before it."""
    _last_ms: int = -1

    def time_of(self, stream_ms: int | None, arrived_ms: int) -> tuple[int, ClockSource]:
        """Return ``t_ms`` since the first frame, and whose clock says so.

        Args:
            stream_ms: when the stream says that it was taken, ms since the Unix epoch; None where it does not say.
            arrived_ms: when it came, by the box's clock.
        """
        believed = stream_ms is not None and abs(stream_ms - arrived_ms) <= OFFSET_MAX_MS
        captured_ms = stream_ms if believed and stream_ms is not None else arrived_ms
        if self.start_ms is None:
            self.start_ms = captured_ms
        self._last_ms = max(captured_ms - self.start_ms, self._last_ms + 1)
        return self._last_ms, "stream" if believed else "arrival"
