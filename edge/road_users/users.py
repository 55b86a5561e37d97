"""Turns tracks into road users: person and machine that move together become one rider, with the wheels' foot point.

The memory is bounded by who was seen in the last ``FORGET_S`` seconds. Pure: time comes with the instants.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from calibration.geometry import PointM
from edge.observations import Followed, RoadUser, TrackedBox
from edge.road_users.evidence import MOVING_MPS, Evidence
from edge.road_users.riding import Stance, stance, union
from edge.road_users.verdict import kind_of

FORGET_S: Final = 10.0
JOINED_S: Final = 0.6
"""Person and machine are one rider when they have moved so long together."""
JOINED_SHARE: Final = 0.6
"""And for this share of the time in which both were seen and the machine moved."""
PARKED_WAY_M: Final = 1.0
"""A machine that has not gone so far stands there; it is nobody's, and no road user."""
OFFSET_GAIN: Final = 0.2

InLane = Callable[[PointM], bool]


@dataclass(slots=True)
class _Pair:
    """A person's and a machine's time together, in seconds."""

    both_s: float = 0.0
    together_s: float = 0.0


@dataclass(slots=True)
class _Life:
    evidence: Evidence = field(default_factory=Evidence)
    seen_ms: int = 0
    machine: int | None = None  # the machine track that this person rides
    pairs: dict[int, _Pair] = field(default_factory=dict)
    offset_m: PointM = (0.0, 0.0)  # from the person's foot to the wheels


class RoadUsers:
    """One camera's road users."""

    def __init__(self, in_lane: InLane) -> None:
        self._in_lane = in_lane
        self._lives: dict[int, _Life] = {}

    def road_users(self, followed: Followed) -> tuple[RoadUser, ...]:
        """Return who is there at one instant."""
        self._forget(followed.t_ms)
        for box in followed.boxes:
            self._learn(followed.t_ms, box)
        evidence = {box.track_id: self._lives[box.track_id].evidence for box in followed.boxes}
        machines = [box for box in followed.boxes if evidence[box.track_id].is_machine]
        vehicles = [box for box in followed.boxes if evidence[box.track_id].is_vehicle]
        people = [box for box in followed.boxes if box not in machines and box not in vehicles]
        for person in people:
            for machine in machines:
                self._meet(person, machine)
        return tuple(self._users(people, machines, vehicles))

    def _forget(self, now_ms: int) -> None:
        for number in [n for n, life in self._lives.items() if now_ms - life.seen_ms > FORGET_S * 1000]:
            del self._lives[number]

    def _learn(self, t_ms: int, box: TrackedBox) -> None:
        life = self._lives.setdefault(box.track_id, _Life())
        if box.seen:
            life.evidence.see(t_ms, box, in_lane=self._in_lane((box.x_m, box.y_m)))
        life.seen_ms = t_ms

    def _meet(self, person: TrackedBox, machine: TrackedBox) -> None:
        """Learn from one picture with both whether they belong together."""
        if not (person.seen and machine.seen):
            return
        life, other = self._lives[person.track_id], self._lives[machine.track_id].evidence
        if other.way_m < PARKED_WAY_M or other.speed_mps <= MOVING_MPS:
            return
        pair = life.pairs.setdefault(machine.track_id, _Pair())
        dt_s = life.evidence.last_dt_s
        pair.both_s += dt_s
        how = stance(person.box_xyxy_px, machine.box_xyxy_px)
        if how is Stance.APART:
            return
        pair.together_s += dt_s
        life.evidence.with_machine_s += dt_s
        life.evidence.on_foot_s += dt_s * (how is Stance.BESIDE)
        if pair.together_s >= JOINED_S and pair.together_s >= JOINED_SHARE * pair.both_s:
            life.machine = machine.track_id
            gone_m = (machine.x_m - person.x_m, machine.y_m - person.y_m)
            life.offset_m = _towards(life.offset_m, gone_m)

    def _users(
        self, people: list[TrackedBox], machines: list[TrackedBox], vehicles: list[TrackedBox]
    ) -> list[RoadUser]:
        present = {machine.track_id: machine for machine in machines}
        ridden: dict[int, list[TrackedBox]] = {}
        users = []
        for person in people:
            machine = self._lives[person.track_id].machine
            if machine is None:
                users.append(self._user(person.track_id, [person]))
            else:
                ridden.setdefault(machine, []).append(person)
        for number, riders in ridden.items():
            lead = min(riders, key=lambda rider: rider.track_id)
            members = [lead, *(r for r in riders if r is not lead), *([present[number]] if number in present else [])]
            users.append(self._user(lead.track_id, members))
        alone = [box for box in machines if box.track_id not in ridden]
        users += [self._user(b.track_id, [b]) for b in alone if self._lives[b.track_id].evidence.way_m >= PARKED_WAY_M]
        users += [self._user(box.track_id, [box]) for box in vehicles]
        return sorted(users, key=lambda user: user.track_id)

    def _user(self, number: int, members: list[TrackedBox]) -> RoadUser:
        """Make one road user of its tracks; the first one leads, a machine comes last."""
        life = self._lives[number]
        kind = kind_of(life.evidence)
        x_m, y_m = self._foot(life, members)
        scores = [member.score for member in members if member.score is not None]
        return RoadUser(
            track_id=number,
            kind=kind.kind,
            x_m=x_m,
            y_m=y_m,
            box_xyxy_px=union([member.box_xyxy_px for member in members]),
            score=max(scores, default=None),
            settled=kind.settled,
            seen=any(member.seen for member in members),
            identity=min(member.identity for member in members),
        )

    def _foot(self, life: _Life, members: list[TrackedBox]) -> PointM:
        """Return where the wheels touch the ground: the machine's place, or the rider's with what lies between."""
        lead = members[0]
        if life.machine is None:
            return lead.x_m, lead.y_m
        machine = next((m for m in members if m.track_id == life.machine), None)
        if machine is not None:
            return machine.x_m, machine.y_m
        return lead.x_m + life.offset_m[0], lead.y_m + life.offset_m[1]


def _towards(old: PointM, new: PointM) -> PointM:
    """Return a place a fifth of the way from one to the other."""
    return old[0] + OFFSET_GAIN * (new[0] - old[0]), old[1] + OFFSET_GAIN * (new[1] - old[1])
