"""The written plan of a run: acts 1 to N of one camera, each the same whenever it is made. Pure.

The plan is the truth that a run is held against: whoever makes the acts keeps no record of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from contract.evidence import ModelUsed, RuleApplied
from contract.words import LampState, RoadUserKind, ViolationKind
from edge.observations import Observation, RoadUser, Violation
from edge.report import Place

KIND: Final = ViolationKind.PEDESTRIAN_RED_LIGHT
FIRST_TRACK: Final = 1_000_000
"""Far above the numbers that a watch of some minutes gives: the planned acts are none of the footage's."""
APART_MS: Final = 15_000
"""Two acts are never near enough to be one (server/law/offences.toml)."""
BEFORE_MS: Final = 1000
ADVANCE_MS: Final = 2000


@dataclass(frozen=True, slots=True)
class Plan:
    """So many acts, the first of which began at ``first_ms`` (ms since the Unix epoch).

    ``clip_bytes`` is the size of each act's clip; ``per_s`` is how many are made in a second at most. With
    ``measured_clock`` the acts say of the box's clock what its records say, else that it was right. None is made before
    the box's clock says ``made_from_ms``.
    """

    device_id: str
    site_id: str
    camera_id: str
    first_ms: int
    events: int
    clip_bytes: int = 100_000
    per_s: float = 20.0
    measured_clock: bool = False
    made_from_ms: int = 0

    def place(self) -> Place:
        """Return the camera's facts."""
        return Place(
            device_id=self.device_id,
            site_id=self.site_id,
            site_name="fault run",
            camera_id=self.camera_id,
            direction="north",
            start_ms=self.first_ms,
            demonstration=True,
            rules={kind: RuleApplied(name=kind, version=1, parameters={"advance_m": 3.0}) for kind in ViolationKind},
            model=ModelUsed(name="planned", sha256="0" * 64),
            scene_sha256="1" * 64,
            software_version="0.1.0",
        )

    def violations(self) -> Iterator[Violation]:
        """Yield the acts in their order."""
        for number in range(1, self.events + 1):
            yield violation(number)

    def event_ids(self) -> list[UUID]:
        """Return the acts' names in their order."""
        place = self.place()
        return [place.event_id(act) for act in self.violations()]


def violation(number: int) -> Violation:
    """Return one act of the plan; the first is number 1."""
    entered_ms = number * APART_MS
    return Violation(
        kind=KIND,
        track_id=FIRST_TRACK + number,
        zone_id="n",
        signal_id="ped-n",
        entered_ms=entered_ms,
        confirmed_ms=entered_ms + ADVANCE_MS,
        measure=3.1,
        user=RoadUserKind.PEDESTRIAN,
        lamp=LampState.RED,
        lamp_since_ms=entered_ms - 5000,
        entered_at_m=(float(number % 40), 0.0),
    )


def sights(act: Violation) -> tuple[Observation, ...]:
    """Return the three sights of which a picture is kept: before the entry, at it, advanced."""
    times_ms = (act.entered_ms - BEFORE_MS, act.entered_ms, act.confirmed_ms)
    return tuple(
        Observation(
            t_ms,
            (RoadUser(act.track_id, act.user, 0.0, 1.5 * step, (100.0, 40.0 + 20 * step, 130.0, 120.0 + 20 * step)),),
        )
        for step, t_ms in enumerate(times_ms)
    )
