"""What a whole track says of its kind, counted in seconds: labels, speed, shape, place, and the machine with it. Pure.

Seconds, and not frames, so that a dropped frame changes nothing; what was not seen counts for nothing.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from edge.observations import TrackedBox

MACHINE_LABELS: Final = frozenset({"bicycle", "motorcycle"})
VEHICLE_LABELS: Final = frozenset({"car", "bus", "truck"})
INTERVAL_MAX_S: Final = 0.5
"""After a longer gap a sight speaks for so long at most."""
SPEED_WINDOW_MS: Final = 1000
SPEED_WINDOW_MIN_MS: Final = 500
"""Speed is way over time across about a second: a box that jumps once moves it little."""
SPEEDS_MPS: Final = (2.5, 2.8, 4.5, 6.5)
"""Brisk walk; slow ride; fast run; faster than anybody runs across a street."""
MOVING_MPS: Final = 0.5
WIDE_BELOW: Final = 1.7
SLIM_ABOVE: Final = 2.0
"""Height over width of a box: somebody walking is slim, a rider from the side is wide."""


@dataclass(slots=True)
class Evidence:
    """One track's evidence so far."""

    first_label: str | None = None
    person_s: float = 0.0
    machine_s: float = 0.0
    vehicle_s: dict[str, float] = field(default_factory=dict)
    wide_s: float = 0.0
    slim_s: float = 0.0
    moving_s: float = 0.0
    in_lane_s: float = 0.0
    with_machine_s: float = 0.0  # a machine that moves along was in the right place
    on_foot_s: float = 0.0  # beside the machine, with the feet on the ground
    speed_s: float = 0.0  # for so long its speed was known
    faster_s: list[float] = field(default_factory=lambda: [0.0] * len(SPEEDS_MPS))
    way_m: float = 0.0
    last_dt_s: float = 0.0
    _path: deque[tuple[int, float, float]] = field(default_factory=deque)
    _last_ms: int | None = None

    def see(self, t_ms: int, box: TrackedBox, *, in_lane: bool) -> None:
        """Take one sight in; it speaks for the seconds since the one before."""
        dt_s = 0.0 if self._last_ms is None else min((t_ms - self._last_ms) / 1000, INTERVAL_MAX_S)
        self._last_ms, self.last_dt_s = t_ms, dt_s
        self.first_label = self.first_label or box.label
        self._count_label(box, dt_s)
        self._count_shape(box, dt_s)
        speed = self._speed(t_ms, box)
        if speed is not None:
            self.speed_s += dt_s
            self.moving_s += dt_s * (speed > MOVING_MPS)
            self.in_lane_s += dt_s * (in_lane and speed > SPEEDS_MPS[0])
            for index, limit in enumerate(SPEEDS_MPS):
                self.faster_s[index] += dt_s * (speed > limit)

    @property
    def is_vehicle(self) -> bool:
        """Tell whether it has mostly been a car, bus or truck; at first, what it was first."""
        vehicle_s, other_s = sum(self.vehicle_s.values()), self.person_s + self.machine_s
        return vehicle_s > other_s if vehicle_s != other_s else self.first_label in VEHICLE_LABELS

    @property
    def is_machine(self) -> bool:
        """Tell whether it has mostly been a two-wheeler, and no vehicle."""
        if self.is_vehicle:
            return False
        return self.machine_s > self.person_s if self.machine_s != self.person_s else self.first_label in MACHINE_LABELS

    @property
    def speed_mps(self) -> float:
        """Return the speed over the last second, 0 while it is not known."""
        if len(self._path) < 2 or self._path[-1][0] - self._path[0][0] < SPEED_WINDOW_MIN_MS:
            return 0.0
        (t0, x0, y0), (t1, x1, y1) = self._path[0], self._path[-1]
        return float(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 / ((t1 - t0) / 1000))

    def _count_label(self, box: TrackedBox, dt_s: float) -> None:
        if box.label == "person":
            self.person_s += dt_s
        elif box.label in MACHINE_LABELS:
            self.machine_s += dt_s
        elif box.label is not None:
            self.vehicle_s[box.label] = self.vehicle_s.get(box.label, 0.0) + dt_s

    def _count_shape(self, box: TrackedBox, dt_s: float) -> None:
        x1, y1, x2, y2 = box.box_xyxy_px
        ratio = (y2 - y1) / max(x2 - x1, 1e-6)
        self.wide_s += dt_s * (ratio < WIDE_BELOW)
        self.slim_s += dt_s * (ratio > SLIM_ABOVE)

    def _speed(self, t_ms: int, box: TrackedBox) -> float | None:
        if self._path:
            _, x_m, y_m = self._path[-1]
            self.way_m += float(((box.x_m - x_m) ** 2 + (box.y_m - y_m) ** 2) ** 0.5)
        self._path.append((t_ms, box.x_m, box.y_m))
        while len(self._path) > 2 and t_ms - self._path[1][0] >= SPEED_WINDOW_MS:
            self._path.popleft()
        return self.speed_mps if t_ms - self._path[0][0] >= SPEED_WINDOW_MIN_MS else None
