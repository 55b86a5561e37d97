"""When a frame was taken: by the stream's own clock where it has one that can be believed, else by its arrival. Pure.

RTP carries wall-clock time in RTCP sender reports (RFC 3550, 6.4.1). A camera whose clock is far from the box's is not
believed: the box's clock is the one that is kept synchronised and told in the evidence.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

from contract.fields import ClockSource
from edge.errors import PartMissingError

OFFSET_MAX_MS: Final = 2000
"""Further from the arrival than this, the stream's clock is wrong."""
BACK_MAX_MS: Final = 3 * OFFSET_MAX_MS
"""Further back than this, it was the box's own clock that was set."""


class Stamp(NamedTuple):
    """``t_ms`` since the first frame, and whose clock says so."""

    t_ms: int
    clock_source: ClockSource


@dataclass(slots=True)
class FrameClock:
    """Gives each frame of a live stream a time that never stands still or goes back, also across reconnections."""

    start_ms: int | None = None
    """Capture time of the first frame, ms since the Unix epoch; None before it."""
    camera_offset_ms: int | None = None
    """The camera's clock minus the box's, less the way of the last frame; None where the stream does not say."""
    _last_ms: int = -1
    _caught_lying: bool = False

    def connected(self) -> None:
        """Begin another connection: the camera may have set its clock meanwhile."""
        self._caught_lying = False
        self.camera_offset_ms = None

    def time_of(self, stream_ms: int | None, arrived_ms: int) -> Stamp | None:
        """Return when a frame was taken; None for one that is not later than the last: two clocks overlap there.

        A clock that was once wrong is not asked again in the same connection, so that time does not jump to and fro.

        Args:
            stream_ms: when the stream says that it was taken, ms since the Unix epoch; None where it does not say.
            arrived_ms: when it came, by the box's clock.

        Raises:
            PartMissingError: the box's own clock was set back, and nothing can be timed by what was before.
        """
        self.camera_offset_ms = None if stream_ms is None else stream_ms - arrived_ms
        if self.camera_offset_ms is not None and abs(self.camera_offset_ms) > OFFSET_MAX_MS:
            self._caught_lying = True
        captured_ms, source = self._believed(stream_ms, arrived_ms)
        if self.start_ms is None:
            self.start_ms = captured_ms
        t_ms = captured_ms - self.start_ms
        if t_ms <= self._last_ms:
            self._see_that_it_is_little(self._last_ms - t_ms)
            return None
        self._last_ms = t_ms
        return Stamp(t_ms, source)

    def _believed(self, stream_ms: int | None, arrived_ms: int) -> tuple[int, ClockSource]:
        if stream_ms is None or self._caught_lying:
            return arrived_ms, "arrival"
        return stream_ms, "stream"

    def _see_that_it_is_little(self, back_ms: int) -> None:
        if back_ms > BACK_MAX_MS:
            raise PartMissingError(
                "the box's clock", f"it was set back by {back_ms / 1000:.0f} s", "The camera is started anew by it"
            )
