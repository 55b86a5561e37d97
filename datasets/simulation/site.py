"""What a seed decides: the form of the intersection, its signals, and how much traffic of which habits there is."""

from dataclasses import dataclass
from math import cos, radians, sin
from typing import Final

import numpy as np

from calibration.geometry import PointM

ARM_LENGTH_M: Final = 110.0
T_ARMS: Final = (0, 90, 180)
CROSS_ARMS: Final = (0, 90, 180, 270)


@dataclass(frozen=True, slots=True)
class Arm:
    """One road into the junction. ``bearing_deg`` is where it lies, counter-clockwise from east."""

    number: int
    bearing_deg: float
    car_lanes: int
    bike_lane_m: float
    crosswalk_m: float

    @property
    def end_m(self) -> PointM:
        """Return where the arm ends; the junction is at 0, 0."""
        bearing = radians(self.bearing_deg)
        return ARM_LENGTH_M * cos(bearing), ARM_LENGTH_M * sin(bearing)


@dataclass(frozen=True, slots=True)
class Site:
    """One intersection.

    ``flash_s`` is how long the pedestrians' green flashes before it ends; ``wrong_share`` the share of the played
    riders in bike lanes who go the wrong way, which may be most of them.
    """

    seed: int
    arms: tuple[Arm, ...]
    pavement_m: float
    cycle_s: int
    yellow_s: int
    all_red_s: int
    flash_s: float
    wrong_share: float

    def ways_from(self, arm: Arm) -> tuple[Arm, Arm | None]:
        """Return the arm to which one goes on, and the one to the right, where there is one."""
        count = len(self.arms)
        if count == len(CROSS_ARMS):
            return self.arms[(arm.number + 2) % count], self.arms[(arm.number + 1) % count]
        ahead = (2, 0, 0)[arm.number]
        right = (1, 2, None)[arm.number]
        return self.arms[ahead], None if right is None else self.arms[right]


def draw_site(seed: int) -> Site:
    """Return the seed's intersection: the same for the same seed."""
    random = np.random.default_rng([seed, 1])
    around = float(random.uniform(0, 90))
    bearings = T_ARMS if random.random() < 0.4 else CROSS_ARMS
    arms = tuple(
        Arm(
            number,
            around + bearing + float(random.uniform(-8, 8)),
            int(random.integers(1, 4)),
            float(random.choice([2.0, 2.5, 3.0])),
            float(random.choice([3.0, 4.0, 5.0, 6.0])),
        )
        for number, bearing in enumerate(bearings)
    )
    return Site(
        seed=seed,
        arms=arms,
        pavement_m=float(random.choice([3.0, 4.0])),
        cycle_s=int(random.choice([60, 75, 90, 120])),
        yellow_s=3,
        all_red_s=int(random.choice([1, 2, 3])),
        flash_s=float(random.choice([0, 3, 5])),
        wrong_share=float(random.choice([0.2, 0.4, 0.8])),
    )
