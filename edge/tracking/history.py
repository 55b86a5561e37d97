"""What the tracker says, a little later than it sees: short gaps are bridged and births are sure by then. Pure."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod

from edge.observations import Followed, TrackedBox
from edge.tracking.settings import TrackerSettings
from edge.tracking.track import Row, Track


@dataclass(slots=True)
class History:
    """The rows of the last ``lag_s`` seconds, not yet said."""

    settings: TrackerSettings
    size_px: tuple[int, int]
    _pending: deque[tuple[int, list[tuple[Track, Row]]]] = field(default_factory=deque)

    def note(self, t_ms: int, rows: list[tuple[Track, Row]]) -> None:
        """Take in where every track is at one instant; a track seen again fills the gap behind it."""
        for track, row in rows:
            if row.label is not None:
                self._bridge(track, row)
                track.seen_row = row
        self._pending.append((t_ms, rows))

    def final(self, now_ms: int) -> Iterator[Followed]:
        """Give out the instants that are ``lag_s`` old."""
        while self._pending and now_ms - self._pending[0][0] >= self.settings.lag_s * 1000:
            yield self._said(*self._pending.popleft())

    def rest(self) -> Iterator[Followed]:
        """Give out everything."""
        while self._pending:
            yield self._said(*self._pending.popleft())

    def _bridge(self, track: Track, row: Row) -> None:
        """Draw the unseen rows that are not yet said onto the straight way between the sights on either side."""
        start = track.seen_row
        if start is None:
            return
        for t_ms, rows in reversed(self._pending):
            if t_ms <= start.t_ms:
                return
            for mine in (mine for whose, mine in rows if whose is track):
                share = (t_ms - start.t_ms) / (row.t_ms - start.t_ms)
                mine.box_xyxy_px = start.box_xyxy_px + (row.box_xyxy_px - start.box_xyxy_px) * share
                mine.place_m = start.place_m + (row.place_m - start.place_m) * share
                mine.unseen_s = 0.0

    def _said(self, t_ms: int, rows: list[tuple[Track, Row]]) -> Followed:
        boxes = tuple(_tracked(track, row) for track, row in rows if self._worth_saying(track, row))
        return Followed(t_ms, boxes)

    def _worth_saying(self, track: Track, row: Row) -> bool:
        if track.number is None or not self._whole(row):
            return False
        if row.label is not None:
            return True
        if track.replaced_from_ms is not None and row.t_ms >= track.replaced_from_ms:
            return False
        return row.unseen_s <= self.settings.coast_s

    def _whole(self, row: Row) -> bool:
        """Tell whether no edge of the picture cuts the box."""
        margin_px, (width_px, height_px) = self.settings.edge_px, self.size_px
        x1, y1, x2, y2 = row.box_xyxy_px
        return bool(x1 >= margin_px and y1 >= margin_px and x2 <= width_px - margin_px and y2 <= height_px - margin_px)


def _tracked(track: Track, row: Row) -> TrackedBox:
    x1, y1, x2, y2 = (float(edge) for edge in row.box_xyxy_px)
    sure = row.identity * prod(1 - chance for rival, chance in row.rivals if rival.confirmed)
    return TrackedBox(
        track_id=track.number if track.number is not None else -1,
        box_xyxy_px=(x1, y1, x2, y2),
        x_m=float(row.place_m[0]),
        y_m=float(row.place_m[1]),
        label=row.label,
        score=row.score,
        identity=round(sure, 3),  # as tracks.csv keeps it, so that judging that again is the same
    )
