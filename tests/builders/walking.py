"""Who was where, when: ways in seconds and metres become what the rules see, and what they said of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from calibration.scene import Crosswalk, Lane, Scene, StopLine
from contract.words import LampState, RoadUserKind
from edge.observations import Judged, Observation, RoadUser
from edge.rules.engine import RuleEngine
from edge.signals.hand_off import HandOff
from edge.signals.timeline import LampChange, SignalTimeline

RED, GREEN, YELLOW = LampState.RED, LampState.GREEN, LampState.YELLOW
DARK, UNKNOWN = LampState.DARK, LampState.UNKNOWN
WALKER, RIDER, CAR = RoadUserKind.PEDESTRIAN, RoadUserKind.RIDER, RoadUserKind.CAR
Row = tuple[int, RoadUser]

CROSSWALK = Crosswalk("walk", "lamp", ((0.0, 0.0), (5.0, 0.0), (5.0, 10.0), (0.0, 10.0)), (0.0, 1.0))
"""From the kerb at y = 0 to the kerb at y = 10 m; x from 0 to 5 m."""
LINE = StopLine("line", "lamp", ("rider",), ((0.0, 0.0), (3.5, 0.0)), (1.0, 4.0))
"""Riders come from below, y < 0; the junction is above."""
LANE = Lane("lane", ("rider",), ((0.0, 0.0), (3.0, 0.0), (3.0, 60.0), (0.0, 60.0)), (0.0, 1.0))
"""60 m long, its way is up: growing y."""


def scene(*zones: Crosswalk | Lane | StopLine, **rules: dict[str, float]) -> Scene:
    """Return a scene with these zones."""
    return Scene(
        "site",
        "a site",
        "camera",
        "north",
        (100, 100),
        None,
        (),
        tuple(z for z in zones if isinstance(z, Crosswalk)),
        tuple(z for z in zones if isinstance(z, Lane)),
        tuple(z for z in zones if isinstance(z, StopLine)),
        rules,
    )


def lamp(*changes: tuple[float, LampState]) -> SignalTimeline:
    """Return the lamp of all zones: (seconds, what it shows from then on)."""
    return SignalTimeline(LampChange(round(t_s * 1000), "lamp", state) for t_s, state in changes)


def go(
    *stops: tuple[float, float, float], kind: RoadUserKind = WALKER, number: int = 1, step_s: float = 0.1
) -> list[Row]:
    """Go evenly through (t_s, x_m, y_m), seen every ``step_s``."""
    rows: list[Row] = []
    for (t1, x1, y1), (t2, x2, y2) in pairwise(stops):
        count = max(1, round((t2 - t1) / step_s))
        for i in range(count):
            share = i / count
            place = (x1 + share * (x2 - x1), y1 + share * (y2 - y1))
            rows.append((round(1000 * (t1 + share * (t2 - t1))), RoadUser(number, kind, *place)))
    t_s, x, y = stops[-1]
    return [*rows, (round(1000 * t_s), RoadUser(number, kind, x, y))]


def ride(*stops: tuple[float, float, float], number: int = 1, step_s: float = 0.1) -> list[Row]:
    """Ride through (t_s, x_m, y_m)."""
    return go(*stops, kind=RIDER, number=number, step_s=step_s)


def unseen(rows: Iterable[Row], from_s: float, to_s: float) -> list[Row]:
    """Return the rows without those between two times."""
    return [row for row in rows if not from_s * 1000 < row[0] < to_s * 1000]


def seen(*ways: Sequence[Row]) -> list[Observation]:
    """Return the instants at which anybody was seen."""
    at = defaultdict[int, list[RoadUser]](list)
    for way in ways:
        for t_ms, user in way:
            at[t_ms].append(user)
    return [Observation(t_ms, tuple(at[t_ms])) for t_ms in sorted(at)]


def judge(
    observations: Sequence[Observation], where: Scene, signals: SignalTimeline, hand_off: HandOff | None = None
) -> Judged:
    """Return all that the rules say of a stretch of time, from its first instant to its last."""
    engine = RuleEngine(where, signals, hand_off)
    return together([*(engine.observe(o) for o in observations), engine.finish()])


def together(judged: Iterable[Judged]) -> Judged:
    """Return one after another as one."""
    parts = list(judged)
    return Judged(
        tuple(v for j in parts for v in j.violations),
        tuple(p for j in parts for p in j.passages),
        tuple(y for j in parts for y in j.yields),
        tuple(f for j in parts for f in j.foreseen),
    )


def kinds(judged: Judged) -> list[str]:
    """Return what was violated, in the order in which it was said."""
    return [violation.kind.value for violation in judged.violations]


def reasons(judged: Judged) -> list[str]:
    """Return why each passage was judged so."""
    return [passage.reason for passage in judged.passages]
