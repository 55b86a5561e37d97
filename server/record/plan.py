"""The act from above, in metres: the shapes on the road, the way with its times, the entry, the advance. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

from markupsafe import Markup

from calibration.geometry import PointM
from server.record.svg import Canvas, PointPx, Words
from server.record.way import Sight
from server.record.window import Window, areas_within, inside, lines_within
from server.record.zones import Shape, Zone

WIDTH, HEIGHT, EDGE = 480.0, 360.0, 26.0
SPAN_MIN_M: Final = 6.0
SPAN_MAX_M: Final = 400.0
"""A place further off than this is none on a crossing: it is left out, and the picture stays readable."""
MARGIN_M: Final = 1.0
SMALL, LABELS_APART_PX = 12.0, 24.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn. Times are ms from the entry; ``measured`` is the measure in words, with its unit."""

    zones: tuple[Zone, ...]
    way: tuple[Sight, ...]
    entry_m: PointM | None
    confirmed_ms: int
    measured: str


def plan_svg(plan: Plan, words: Words) -> Markup:
    """Draw an act from above; north is where the scene's y axis points."""
    ground = _Ground(_window(plan))
    canvas = Canvas(WIDTH, HEIGHT, words("plan.name"), "plan")
    canvas.box((0, 0), WIDTH, HEIGHT, "road")
    for line in ground.grid():
        canvas.line(line, "grid")
    for zone in plan.zones:
        _zone(canvas, ground, zone, words)
    _lines(canvas, ground, plan)
    _times(canvas, ground, plan)
    _moments(canvas, ground, plan, words)
    _scale(canvas, ground, words)
    return canvas.markup()


class _Ground:
    """Metres to places in the picture; y points up on the ground and down in the picture."""

    def __init__(self, window: Window) -> None:
        left, bottom, right, top = window
        self.px_per_m = min((WIDTH - 2 * EDGE) / (right - left), (HEIGHT - 2 * EDGE) / (top - bottom))
        wide, tall = WIDTH / self.px_per_m, HEIGHT / self.px_per_m
        x, y = (left + right) / 2, (bottom + top) / 2
        self.window: Window = (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)

    def at(self, place: PointM) -> PointPx:
        return (place[0] - self.window[0]) * self.px_per_m, (self.window[3] - place[1]) * self.px_per_m

    def grid(self) -> Iterator[tuple[PointPx, PointPx]]:
        """Yield a line a metre, or one in five where those would be a grey field."""
        left, bottom, right, top = self.window
        step = 1 if self.px_per_m > 12 else 5
        for x in range(int(left // step + 1) * step, int(right) + 1, step):
            if x <= right:
                yield self.at((x, bottom)), self.at((x, top))
        for y in range(int(bottom // step + 1) * step, int(top) + 1, step):
            if y <= top:
                yield self.at((left, y)), self.at((right, y))


def _window(plan: Plan) -> Window:
    """Return what must be seen: the zone concerned, the way, the entry."""
    places = [point for zone in plan.zones if zone.concerned for point in zone.points_m]
    middle = plan.entry_m or (places[0] if places else None) or (plan.way[0].place_m if plan.way else (0.0, 0.0))
    places += [sight.place_m for sight in plan.way] + [middle]
    near = [p for p in places if hypot(p[0] - middle[0], p[1] - middle[1]) <= SPAN_MAX_M]
    sides = []
    for axis in (0, 1):
        low, high = min(p[axis] for p in near) - MARGIN_M, max(p[axis] for p in near) + MARGIN_M
        more = max(0.0, SPAN_MIN_M - (high - low)) / 2
        sides.append((low - more, high + more))
    return sides[0][0], sides[1][0], sides[0][1], sides[1][1]


def _zone(canvas: Canvas, ground: _Ground, zone: Zone, words: Words) -> None:
    of = f"zone {zone.shape}{' concerned' if zone.concerned else ''}"
    pieces = lines_within if zone.is_line else areas_within
    draw = canvas.line if zone.is_line else canvas.area
    corners = []
    for piece in pieces(zone.points_m, ground.window):
        places = [ground.at(place) for place in piece]
        draw(places, of)
        corners += places
    if zone.concerned and corners:
        x, y = min(corners, key=lambda corner: (corner[1], corner[0]))
        canvas.text((x, y - 5), f"{words(f'zone.{zone.shape}')} {zone.id}", SMALL, "zone-name")
    if zone.way is not None and zone.shape is Shape.LANE:
        _arrow(canvas, ground, zone.points_m, zone.way)


def _arrow(canvas: Canvas, ground: _Ground, points_m: Sequence[PointM], way: PointM) -> None:
    """Draw a lane's lawful direction in its middle, a metre and a half long."""
    x = sum(p[0] for p in points_m) / len(points_m)
    y = sum(p[1] for p in points_m) / len(points_m)
    tip, tail = (x + 0.75 * way[0], y + 0.75 * way[1]), (x - 0.75 * way[0], y - 0.75 * way[1])
    barbs = [
        (tip[0] - 0.5 * way[0] + side * 0.3 * way[1], tip[1] - 0.5 * way[1] - side * 0.3 * way[0]) for side in (1, -1)
    ]
    if all(inside(point, ground.window) for point in (tip, tail, *barbs)):
        canvas.line(map(ground.at, (tail, tip)), "arrow")
        canvas.line(map(ground.at, (barbs[0], tip, barbs[1])), "arrow")


def _lines(canvas: Canvas, ground: _Ground, plan: Plan) -> None:
    """Draw the way before the entry and from it on."""
    entry = [] if plan.entry_m is None else [plan.entry_m]
    before = [sight.place_m for sight in plan.way if sight.t_ms <= 0] + entry
    after = entry + [sight.place_m for sight in plan.way if sight.t_ms > 0]
    for places, of in ((before, "way before"), (after, "way")):
        for piece in lines_within(places, ground.window):
            canvas.line(map(ground.at, piece), of)


def _times(canvas: Canvas, ground: _Ground, plan: Plan) -> None:
    """Draw a dot a sight, and the time of the first one in each second where there is room for it."""
    seen = [sight for sight in plan.way if inside(sight.place_m, ground.window)]
    confirmed = _confirmed(plan)
    moments = [plan.entry_m, None if confirmed is None else confirmed.place_m]
    told: list[PointPx] = [ground.at(place) for place in moments if place is not None]
    for before, sight in zip([None, *seen], seen, strict=False):
        at = ground.at(sight.place_m)
        canvas.dot(at, 1.8, "sight")
        second = before is None or before.t_ms // 1000 != sight.t_ms // 1000
        if second and all(hypot(at[0] - x, at[1] - y) > LABELS_APART_PX for x, y in told):
            told.append(at)
            canvas.text((at[0] + 6, at[1] + 4), f"{sight.t_ms / 1000:+.1f} s", SMALL, "time")


def _confirmed(plan: Plan) -> Sight | None:
    return min(plan.way, key=lambda sight: abs(sight.t_ms - plan.confirmed_ms), default=None)


def _moments(canvas: Canvas, ground: _Ground, plan: Plan, words: Words) -> None:
    if plan.entry_m is not None and inside(plan.entry_m, ground.window):
        x, y = ground.at(plan.entry_m)
        canvas.dot((x, y), 6, "entry")
        canvas.text((x + 10, y + 16), f"{words('plan.entry')} 0 s", SMALL + 1, "entry")
    confirmed = _confirmed(plan)
    if confirmed is not None and inside(confirmed.place_m, ground.window):
        x, y = ground.at(confirmed.place_m)
        canvas.dot((x, y), 6, "advance")
        told = f"{words('plan.advance')} {plan.confirmed_ms / 1000:+.1f} s · {plan.measured}"
        canvas.text((x + 10, y - 6), told, SMALL + 1, "advance")


def _scale(canvas: Canvas, ground: _Ground, words: Words) -> None:
    metres = 1 if ground.px_per_m > 60 else 5 if ground.px_per_m > 12 else 20
    right, y = WIDTH - 10, HEIGHT - 10
    left = max(10.0, right - metres * ground.px_per_m)
    canvas.line([(left, y), (right, y)], "scale")
    canvas.text((left, y - 5), f"{metres} {words('plan.metres')}", SMALL, "time")
