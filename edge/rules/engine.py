"""The engine lists the rules and keeps who is dealing with which zone; it decides nothing itself. Pure."""

from collections.abc import Iterable

from calibration.rule_parameters import in_force
from calibration.scene import Scene
from contract.messages import RuleApplied
from contract.words import RoadUserKind, ViolationKind
from edge.observations import Judged, Observation, RoadUser
from edge.rules import red_light
from edge.rules.passage import Zone
from edge.rules.red_light import PedestrianOnCrosswalk, RedLightParams
from edge.signals.hand_off import HandOff
from edge.signals.timeline import Signals

RULE = ViolationKind.PEDESTRIAN_RED_LIGHT


class RuleEngine:
    """Judges one camera's observations; its memory is bounded by who was seen in the last ``forget_s`` seconds."""

    def __init__(self, scene: Scene, signals: Signals, *, hand_off: HandOff | None = None) -> None:  # noqa: ARG002 - soon
        self._params = RedLightParams(**in_force(RULE.value, scene.rules))
        self._zones = tuple(Zone.of(crosswalk) for crosswalk in scene.crosswalks)
        self._signals = signals
        self._on_foot: dict[int, tuple[PedestrianOnCrosswalk, ...]] = {}
        self._seen_ms: dict[int, int] = {}
        self._last_ms: int | None = None

    def observe(self, observation: Observation) -> Judged:
        """Take one instant in. Raises ValueError where a time goes back."""
        t_ms = observation.t_ms
        if self._last_ms is not None and t_ms < self._last_ms:
            raise ValueError(f"expected observations in time order, found {t_ms} ms after {self._last_ms} ms")
        self._last_ms = t_ms
        judged = self._forget(t_ms)
        seen = (user for user in observation.road_users if user.seen)  # where nobody looked, nothing is judged
        for user in sorted(seen, key=_row_order):
            judged += [crossing.see(t_ms, user) for crossing in self._crossings(user)]
            self._seen_ms[user.track_id] = t_ms
        return _together(judged)

    def finish(self) -> Judged:
        """Close every open passage."""
        return _together(self._end(list(self._seen_ms)))

    def rule_applied(self) -> RuleApplied:
        """Return the rule with the thresholds in force, as an event names them."""
        values = {name: float(getattr(self._params, name)) for name in self._params.__dataclass_fields__}
        return RuleApplied(name=RULE, version=red_light.VERSION, parameters=values)

    def _crossings(self, user: RoadUser) -> tuple[PedestrianOnCrosswalk, ...]:
        known = self._on_foot.get(user.track_id)
        if known is None:
            if user.settled and user.kind is not RoadUserKind.PEDESTRIAN:
                return ()
            known = tuple(
                PedestrianOnCrosswalk(user.track_id, zone, self._signals, self._params) for zone in self._zones
            )
            self._on_foot[user.track_id] = known
        return known

    def _forget(self, now_ms: int) -> list[Judged]:
        limit_ms = now_ms - self._params.forget_s * 1000
        return self._end([track for track, seen_ms in self._seen_ms.items() if seen_ms < limit_ms])

    def _end(self, tracks: Iterable[int]) -> list[Judged]:
        judged = []
        for track in sorted(tracks):
            del self._seen_ms[track]
            judged += [crossing.end() for crossing in self._on_foot.pop(track, ())]
        return judged


def _row_order(user: RoadUser) -> tuple[int, bool, float, float]:
    """Rows of one instant in an order of their own, the doubtful kind first: the file's order must not matter."""
    return user.track_id, user.kind is RoadUserKind.PEDESTRIAN, user.x_m, user.y_m


def _together(judged: Iterable[Judged]) -> Judged:
    parts = [j for j in judged if j.violations or j.passages]
    return Judged(
        violations=tuple(v for j in parts for v in j.violations),
        passages=tuple(p for j in parts for p in j.passages),
    )
