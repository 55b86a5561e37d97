"""Which moments of an act become pictures: before entry, at entry, advanced (DB4403/T 150: at least three). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import dist

from contract.words import StillRole
from edge.observations import Observation, RoadUser, Violation

VISIBLE_DISPLACEMENT_M = 0.5
"""GA/T 832: a moving target must have moved visibly between two pictures."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A kept observation that shows one stage of the act."""

    role: StillRole
    t_ms: int


def moments(kept: Sequence[Observation], violation: Violation) -> tuple[Moment, ...]:
    """Choose the observations of the three stills.

    Args:
        kept: the observations of which a picture is kept, in time order.
        violation: what was seen.

    Returns:
        The roles in time order; a stage of which no picture of the road user is kept is left out, and no
        observation serves twice.
    """
    seen = [(o.t_ms, user) for o in kept if (user := _find(o, violation.track_id)) is not None]
    entry = next(((t, user) for t, user in seen if t >= violation.entered_ms), None)
    before = _before([(t, user) for t, user in seen if t < violation.entered_ms], entry)
    advanced = _advanced([t for t, _ in seen], violation.confirmed_ms)
    chosen = (
        (StillRole.BEFORE, before),
        (StillRole.ENTRY, entry[0] if entry else None),
        (StillRole.ADVANCED, advanced),
    )
    taken: dict[int, StillRole] = {}
    for role, t_ms in chosen:
        if t_ms is not None:
            taken.setdefault(t_ms, role)
    return tuple(Moment(role, t_ms) for t_ms, role in taken.items())


def _before(earlier: Sequence[tuple[int, RoadUser]], entry: tuple[int, RoadUser] | None) -> int | None:
    """Return the last moment before entry from which the way to the entry is visible, else the earliest there is."""
    if not earlier:
        return None
    if entry is not None:
        for t_ms, user in reversed(earlier):
            if dist((user.x_m, user.y_m), (entry[1].x_m, entry[1].y_m)) >= VISIBLE_DISPLACEMENT_M:
                return t_ms
    return earlier[0][0]


def _advanced(times_ms: Sequence[int], confirmed_ms: int) -> int | None:
    """Return the first moment that shows the whole advance, else the last there is."""
    return next((t_ms for t_ms in times_ms if t_ms >= confirmed_ms), times_ms[-1] if times_ms else None)


def _find(observation: Observation, track_id: int) -> RoadUser | None:
    return next((user for user in observation.road_users if user.track_id == track_id), None)
