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
from edge.rules.windows import Lines, Windows

Floats = NDArray[np.float64]
SAMPLES_MIN: Final = 3
BEFORE_AND_AFTER: Final = np.array([[[-1.0]], [[1e-6]]]), np.array([[[0.0]], [[1.0]]])
"""What is looked at before and after, in seconds; the instant itself belongs to what was before."""
PLACE_SIGMA_M: Final = 0.12
"""How far a straight line misses somebody who walks a slight curve."""
SPEED_SIGMA_MPS: Final = 0.7
"""By how much somebody changes their speed within a second for reasons of their own."""
EXPLAINS: Final = 0.4
"""Where somebody stops at once or turns on the spot, both hypotheses are bad, and the less bad one proves nothing."""
KINDS: Final = {kind: number for number, kind in enumerate(RoadUserKind)}
ACCUSED: Final = frozenset({RoadUserKind.PEDESTRIAN, RoadUserKind.RIDER})
"""Nobody accuses a vehicle, so it does not matter which of two it is, once it is settled that it is one."""


At = tuple[Sequence[RoadUser], NDArray[np.intp], Floats, Floats]
"""Road users, their slots (n,), places (n, 2) in metres, and jitter (n,) in metres."""
Pairs = tuple[NDArray[np.intp], NDArray[np.intp]]


def exchanged(windows: Windows, t_ms: int, at: At, params: TrackParams) -> dict[int, int]:
    """Return whose numbers may have been exchanged about this time: index to index, both ways.

    Both costs are 0 or more. So an exchange explains a pair better by ``exchange_llr`` only where what the two did cost
    more than that, and one of them half of it: others need not be looked at.
    """
    users, slots, places, jitter_m = at
    chosen = np.flatnonzero(np.fromiter((u.kind in ACCUSED or not u.settled for u in users), np.bool_, len(users)))
    if len(chosen) < 2:
        return {}
    lines, jitter_m = windows.lines(t_ms, slots[chosen], BEFORE_AND_AFTER), jitter_m[chosen]
    everybody = np.arange(len(chosen))
    same = _cost(lines, (everybody, everybody), jitter_m)
    known = (lines[0].count >= SAMPLES_MIN) & (lines[1].count >= SAMPLES_MIN)
    turned = np.flatnonzero(known & (same > params.exchange_llr / 2))
    if not len(turned):
        return {}
    one, other = _near([users[index] for index in chosen.tolist()], places[chosen], turned, params.near_m)
    crossed = _cost(lines, (np.concatenate([one, other]), np.concatenate([other, one])), jitter_m)
    kept, exchange = same[one] + same[other], crossed[: len(one)] + crossed[len(one) :]
    doubt = known[one] & known[other] & (kept - exchange > params.exchange_llr) & (exchange < EXPLAINS * kept)
    pairs = sorted(zip(chosen[one[doubt]].tolist(), chosen[other[doubt]].tolist(), strict=True))
    return dict(pairs) | {b: a for a, b in pairs}


def _near(users: Sequence[RoadUser], places: Floats, turned: NDArray[np.intp], near_m: float) -> Pairs:
    """Return the pairs of a kind that are near each other, of whom one has turned; each pair once, the lower first."""
    kinds = np.fromiter((KINDS[user.kind] for user in users), np.int8, len(users))
    apart_m = np.hypot(*(places[turned, None] - places).transpose(2, 0, 1))
    rows, other = np.nonzero((apart_m <= near_m) & (kinds[turned, None] == kinds))
    one = turned[rows]
    has_turned = np.zeros(len(users), np.bool_)
    has_turned[turned] = True
    once = (one < other) | ((one > other) & ~has_turned[other])
    return np.minimum(one, other)[once], np.maximum(one, other)[once]


def _cost(lines: tuple[Lines, ...], pair: tuple[NDArray[np.intp], NDArray[np.intp]], jitter_m: Floats) -> Floats:
    """Return (n,) how badly what was before ``pair[0]`` goes on as what was after ``pair[1]``: chi squared."""
    (before, after), (came, went) = lines, pair
    place = ((after.places[went] - before.places[came]) ** 2).sum(axis=1)
    speed = ((after.speeds[went] - before.speeds[came]) ** 2).sum(axis=1)
    came_var, went_var = jitter_m[came] ** 2, jitter_m[went] ** 2
    place_var = before.place_var[came] * came_var + after.place_var[went] * went_var + PLACE_SIGMA_M**2
    speed_var = before.speed_var[came] * came_var + after.speed_var[went] * went_var + SPEED_SIGMA_MPS**2
    cost: Floats = place / place_var + speed / speed_var
    return cost
