"""From the parts of a scene file to shapes in metres, with the checks that need more than one part. Pure."""

from collections import Counter
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np
from pydantic import BaseModel

from calibration import scene_file
from calibration.geometry import PointM, longer_axis, overlap, polygon_problem, unit
from calibration.ground import Ground
from calibration.scene import Crosswalk, FixedPlan, Lane, Signal, StopLine

LENGTH_MIN_M: Final = 0.1
Parts = list[tuple[str, BaseModel]]


@dataclass(frozen=True, slots=True)
class Shapes:
    """Everything that a scene draws, in metres."""

    signals: tuple[Signal, ...]
    crosswalks: tuple[Crosswalk, ...]
    lanes: tuple[Lane, ...]
    stop_lines: tuple[StopLine, ...]


class Resolver:
    """Turns parts into shapes; what cannot hold is added to ``problems`` and left out."""

    def __init__(self, ground: Ground | None, ground_given: bool, problems: list[str]) -> None:  # noqa: FBT001 - a fact
        self._ground = ground
        self._ground_given = ground_given
        self._problems = problems

    def resolve(self, lists: dict[str, Parts], named: set[str]) -> Shapes:
        """Check and resolve all lists; ``named`` are the signals that the file names, right or wrong."""
        for parts in lists.values():
            self._unique(parts)
        signals = tuple(_signal(p) for _, p in lists["signals"] if isinstance(p, scene_file.SignalPart))
        ids = named | {signal.id for signal in signals}
        crosswalks = [self._crosswalk(w, p, ids) for w, p in lists["crosswalks"]]
        lanes = [self._lane(w, p) for w, p in lists["lanes"]]
        stop_lines = [self._stop_line(w, p, ids) for w, p in lists["stop_lines"]]
        return Shapes(
            signals,
            tuple(c for c in crosswalks if c is not None),
            tuple(lane for lane in lanes if lane is not None),
            tuple(line for line in stop_lines if line is not None),
        )

    def _unique(self, parts: Parts) -> None:
        ids = Counter(part.id for _, part in parts if hasattr(part, "id"))
        seen: set[str] = set()
        for where, part in parts:
            part_id = getattr(part, "id", "")
            if ids[part_id] > 1 and part_id in seen:
                self._problems.append(f"{where}.id: {part_id!r} is taken, needs one of its own")
            seen.add(part_id)

    def _signal_known(self, where: str, signal: str, ids: set[str]) -> None:
        if signal not in ids:
            known = ", ".join(sorted(ids)) or "none is defined"
            self._problems.append(f"{where}.signal: no signal {signal!r}, needs one of signals ({known})")

    def _crosswalk(self, where: str, part: BaseModel, ids: set[str]) -> Crosswalk | None:
        if not isinstance(part, scene_file.CrosswalkPart):
            return None
        self._signal_known(where, part.signal, ids)
        polygon = self._polygon(f"{where}.polygon", part.polygon)
        across = self._way(f"{where}.across", part.across) if part.across is not None else None
        carriageway = None
        if part.carriageway is not None:
            carriageway = self._polygon(f"{where}.carriageway", part.carriageway)
            if polygon is not None and carriageway is not None and not overlap(polygon, carriageway):
                self._problems.append(f"{where}.carriageway: does not touch the crosswalk, needs the road around it")
        if polygon is None or (part.across is not None and across is None):
            return None
        return Crosswalk(part.id, part.signal, polygon, across or longer_axis(polygon), carriageway)

    def _lane(self, where: str, part: BaseModel) -> Lane | None:
        if not isinstance(part, scene_file.LanePart):
            return None
        polygon = self._polygon(f"{where}.polygon", part.polygon)
        direction = self._way(f"{where}.direction", part.direction)
        if polygon is None or direction is None:
            return None
        return Lane(part.id, part.users, polygon, direction, part.two_way)

    def _stop_line(self, where: str, part: BaseModel, ids: set[str]) -> StopLine | None:
        if not isinstance(part, scene_file.StopLinePart):
            return None
        self._signal_known(where, part.signal, ids)
        line = self._line(f"{where}.line", part.line)
        beyond = self._points(f"{where}.beyond", scene_file.Shape(px=_one(part.beyond.px), m=_one(part.beyond.m)))
        right_turn = None
        if part.right_turn is not None:
            right_turn = self._polygon(f"{where}.right_turn", part.right_turn)
        if line is None or beyond is None:
            return None
        return StopLine(part.id, part.signal, part.users, line, beyond[0], right_turn)

    def _polygon(self, where: str, shape: scene_file.Shape) -> tuple[PointM, ...] | None:
        if len(shape.points()) < 3:
            self._problems.append(f"{where}: {len(shape.points())} points, needs 3")
            return None
        points = self._points(where, shape)
        if points is None:
            return None
        problem = polygon_problem(points)
        if problem is not None:
            self._problems.append(f"{where}: {problem}")
            return None
        return points

    def _line(self, where: str, shape: scene_file.Shape) -> tuple[PointM, PointM] | None:
        if len(shape.points()) != 2:
            self._problems.append(f"{where}: {len(shape.points())} points, needs 2")
            return None
        points = self._points(where, shape)
        if points is None:
            return None
        (x1, y1), (x2, y2) = points
        if hypot(x2 - x1, y2 - y1) < LENGTH_MIN_M:
            self._problems.append(f"{where}: its ends are less than {LENGTH_MIN_M} m apart")
            return None
        return points[0], points[1]

    def _way(self, where: str, shape: scene_file.Shape) -> PointM | None:
        line = self._line(where, shape)
        return None if line is None else unit((line[1][0] - line[0][0], line[1][1] - line[0][1]))

    def _points(self, where: str, shape: scene_file.Shape) -> tuple[PointM, ...] | None:
        if shape.px is None:
            return shape.points()
        if self._ground is None:
            if not self._ground_given:  # a ground that is wrong has its own line already
                self._problems.append(f"{where}: is in px, needs ground.points (or give it in m)")
            return None
        mapped = self._ground.to_metres(np.array(shape.px, dtype=np.float64))
        if not np.all(np.isfinite(mapped)):
            self._problems.append(f"{where}: a point lies at or over the horizon, needs all on the ground")
            return None
        return tuple((float(x), float(y)) for x, y in mapped)


def _one(point: PointM | None) -> tuple[PointM, ...] | None:
    return None if point is None else (point,)


def _signal(part: scene_file.SignalPart) -> Signal:
    plan = part.plan
    fixed = None if plan is None else FixedPlan(plan.cycle_s, plan.offset_s, plan.green_s, plan.yellow_s)
    return Signal(part.id, part.user, fixed, None if part.lamp is None else part.lamp.px)
