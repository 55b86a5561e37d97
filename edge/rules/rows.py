"""The rows of one time, whatever their order: each road user once. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from edge.observations import RoadUser


def once_each(users: Sequence[RoadUser]) -> list[RoadUser]:
    """Return each track once, in the order of numbers, whatever the order of the rows.

    Where rows of one track name two kinds, it is open what it is.
    """
    ordered = sorted(users, key=attrgetter("track_id"))
    if len({user.track_id for user in users}) == len(users):
        return ordered
    ordered.sort(key=_row_order)
    once: list[RoadUser] = []
    for user in ordered:
        if not once or once[-1].track_id != user.track_id:
            once.append(user)
        elif once[-1].kind is not user.kind:
            once[-1] = replace(once[-1], settled=False, identity=0.0)
    return once


def _row_order(user: RoadUser) -> tuple[int, str, float, float, bool, float]:
    return user.track_id, user.kind.value, user.x_m, user.y_m, user.settled, user.identity
