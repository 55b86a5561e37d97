"""The values that flow through the edge, from camera to rule. Plain data: no clock, no disk, no OpenCV.

Time is ``t_ms``: whole milliseconds since the first frame of the source. Ground positions are metres on the scene's
plane. Boxes are ``x1, y1, x2, y2`` in pixels of the full picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from contract.words import LampState, PassageVerdict, RoadUserKind, ViolationKind, ZoneKind

BoxXyxyPx = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Detection:
    """One box in one frame, before anyone knows whose it is. ``label`` is the model's class name.

    ``colours`` (K,) float32 is a histogram of what is in the box, where one was taken.
    """

    box_xyxy_px: BoxXyxyPx
    score: float
    label: str
    colours: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TrackedBox:
    """Where a track is at one instant; its number belongs to the tracker that gave it.

    ``label`` and ``score`` are those of the detection, None where the track was not seen and its place is foretold
    from its motion. ``identity`` (0 to 1) is how sure it is that this is still who the track began with.
    """

    track_id: int
    box_xyxy_px: BoxXyxyPx
    x_m: float
    y_m: float
    label: str | None
    score: float | None
    identity: float = 1.0

    @property
    def seen(self) -> bool:
        """Tell whether there was a detection."""
        return self.label is not None


@dataclass(frozen=True, slots=True)
class Followed:
    """All tracks at one instant."""

    t_ms: int
    boxes: tuple[TrackedBox, ...]


@dataclass(frozen=True, slots=True)
class RoadUser:
    """One road user at one instant: a row of tracks.csv. ``x_m, y_m`` is where it touches the ground.

    ``settled`` is False while it is open what kind it is; ``seen`` is False where its place is foretold and nobody
    saw it; ``identity`` (0 to 1) is how sure it is that this is still who the track began with.
    """

    track_id: int
    kind: RoadUserKind
    x_m: float
    y_m: float
    box_xyxy_px: BoxXyxyPx | None = None
    score: float | None = None
    settled: bool = True
    seen: bool = True
    identity: float = 1.0


@dataclass(frozen=True, slots=True)
class Observation:
    """Everybody seen at one instant."""

    t_ms: int
    road_users: tuple[RoadUser, ...]


def as_written(observation: Observation) -> Observation:
    """Return an observation as tracks.csv holds it: metres and shares to the thousandth, pixels to a tenth.

    It is rounded once, before it is judged, so that the rules, the file and a replay go by the same numbers.
    """
    return Observation(observation.t_ms, tuple(_rounded(user) for user in observation.road_users))


def _rounded(user: RoadUser) -> RoadUser:
    box = user.box_xyxy_px
    return replace(
        user,
        x_m=round(float(user.x_m), 3),
        y_m=round(float(user.y_m), 3),
        box_xyxy_px=None if box is None else _tenths(*box),
        score=None if user.score is None else round(float(user.score), 3),
        identity=round(float(user.identity), 3),
    )


def _tenths(x1: float, y1: float, x2: float, y2: float) -> BoxXyxyPx:
    return round(float(x1), 1), round(float(y1), 1), round(float(x2), 1), round(float(y2), 1)


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: a line of violations.jsonl.

    ``measure`` is metres advanced on red (red light), metres ridden (wrong way) or seconds stopped (stop line).
    ``confirmed_ms`` is the capture time of the observation at which the rule was met. ``lamp`` is what the signal
    showed at entry and ``lamp_since_ms`` since when (None where unknown or where no signal is concerned).
    ``entered_at_m`` is the place of entry on the ground, by which one act seen by two cameras is known as one.
    """

    kind: ViolationKind
    track_id: int
    zone_id: str
    signal_id: str | None
    entered_ms: int
    confirmed_ms: int
    measure: float
    user: RoadUserKind
    lamp: LampState | None = None
    lamp_since_ms: int | None = None
    entered_at_m: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """One road user's way over one zone, lawful or not: a line of passages.jsonl, the denominator of every rate.

    ``entered_ms`` is None when the road user was first seen inside. ``reason`` says in one word why it was judged so.
    """

    track_id: int
    user: RoadUserKind
    zone_kind: ZoneKind
    zone_id: str
    signal_id: str | None
    entered_ms: int | None
    left_ms: int
    lamp_at_entry: LampState
    advance_m: float
    verdict: PassageVerdict
    reason: str


@dataclass(frozen=True, slots=True)
class Yielding:
    """One vehicle that met somebody on or entering a crosswalk: a line of yields.jsonl. A measure, never a case.

    ``gap_s`` is by how much the vehicle came later than the pedestrian to the place where their ways cross (below 0: it
    went first); ``distance_m`` is how far the pedestrian was from that place when the vehicle was in it.
    """

    track_id: int
    user: RoadUserKind
    zone_id: str
    pedestrian_id: int
    entered_ms: int
    yielded: bool
    gap_s: float
    distance_m: float


@dataclass(frozen=True, slots=True)
class Judged:
    """What one step of the rules gave.

    ``foreseen`` are acts that may still become another kind of violation or none (a rider beyond the line may yet go
    on, or turn right): their pictures must be kept now, since the verdict may come a minute later. A violation that
    was foreseen has the same track, zone and entry.
    """

    violations: tuple[Violation, ...] = field(default=())
    passages: tuple[Passage, ...] = field(default=())
    yields: tuple[Yielding, ...] = field(default=())
    foreseen: tuple[Violation, ...] = field(default=())


def together(judged: Sequence[Judged]) -> Judged:
    """Return what several steps of the rules gave, in their order."""
    if not judged:
        return Judged()
    return Judged(
        violations=tuple(v for j in judged for v in j.violations),
        passages=tuple(p for j in judged for p in j.passages),
        yields=tuple(y for j in judged for y in j.yields),
        foreseen=tuple(f for j in judged for f in j.foreseen),
    )
