"""Whether two tracks may have exchanged their numbers, by the places alone. Pure.

Where two road users of a kind come near each other, a tracker may give each the other's number. What each did just
before and just after is a straight line; two hypotheses say which goes on as which. Doubt begins where the exchange
explains the places better by a log-likelihood ratio (Neyman and Pearson, 1933); two who walk side by side, or stand
together, raise none.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contract.words import RoadUserKind
from edge.observations import RoadUser
from edge.rules.params import TrackParams
from edge.rules.windows import Lines, Windows, line_at

Floats = NDArray[np.float64]
SAMPLES_MIN: Final = 3
SPAN_S: Final = 1.0
"""What is looked at before and after."""
PLACE_SIGMA_M: Final = 0.12
"""How far a straight line misses somebody who walks a slight curve."""
SPEED_SIGMA_MPS: Final = 0.7
"""By how much somebody changes their speed within a second for reasons of their own."""
EXPLAINS: Final = 0.4
"""Where somebody stops at once or turns on the spot, both hypotheses are bad, and the less bad one proves nothing."""
KINDS: Final = {kind: number for number, kind in enumerate(RoadUserKind)}


At = tuple[Sequence[RoadUser], NDArray[np.intp], Floats, Floats]
"""Road users, their slots (n,), places (n, 2) in metres, and jitter (n,) in metres."""


def exchanged(windows: Windows, t_ms: int, at: At, params: TrackParams) -> dict[int, int]:
    """Return whose numbers may have been exchanged about this time: index to index, both ways."""
    users, slots, places, jitter_m = at
    one, other = _near(users, places, params.near_m)
    if not len(one):
        return {}
    concerned, back = np.unique(np.concatenate([one, other]), return_inverse=True)
    one, other = back[: len(one)], back[len(one) :]
    tau_s, xy = windows.around(t_ms, slots[concerned], SPAN_S)
    before = line_at(tau_s, xy, (tau_s <= 0) & (tau_s >= -SPAN_S))
    after = line_at(tau_s, xy, (tau_s > 0) & (tau_s <= SPAN_S))
    jitter = jitter_m[concerned]
    same = _cost((before, after), (one, one), jitter) + _cost((before, after), (other, other), jitter)
    crossed = _cost((before, after), (one, other), jitter) + _cost((before, after), (other, one), jitter)
    known = (before.count >= SAMPLES_MIN) & (after.count >= SAMPLES_MIN)
    better = (same - crossed > params.exchange_llr) & (crossed < EXPLAINS * same)
    doubt = known[one] & known[other] & better
    pairs = list(zip(concerned[one[doubt]].tolist(), concerned[other[doubt]].tolist(), strict=True))
    return dict(pairs) | {b: a for a, b in pairs}


def _near(users: Sequence[RoadUser], places: Floats, near_m: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    kinds = np.fromiter((KINDS[user.kind] for user in users), np.int8, len(users))
    x, y = places[:, 0], places[:, 1]
    near = (np.abs(x[:, None] - x) <= near_m) & (np.abs(y[:, None] - y) <= near_m) & (kinds[:, None] == kinds)
    one, other = np.nonzero(np.triu(near, 1))
    close = np.hypot(x[one] - x[other], y[one] - y[other]) <= near_m
    return one[close], other[close]


def _cost(lines: tuple[Lines, Lines], pair: tuple[NDArray[np.intp], NDArray[np.intp]], jitter_m: Floats) -> Floats:
    """Return (n,) how badly what was before ``pair[0]`` goes on as what was after ``pair[1]``: chi squared."""
    (before, after), (came, went) = lines, pair
    place = ((after.places[went] - before.places[came]) ** 2).sum(axis=1)
    speed = ((after.speeds[went] - before.speeds[came]) ** 2).sum(axis=1)
    came_var, went_var = jitter_m[came] ** 2, jitter_m[went] ** 2
    place_var = before.place_var[came] * came_var + after.place_var[went] * went_var + PLACE_SIGMA_M**2
    speed_var = before.speed_var[came] * came_var + after.speed_var[went] * went_var + SPEED_SIGMA_MPS**2
    cost: Floats = place / place_var + speed / speed_var
    return cost
