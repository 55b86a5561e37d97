"""What a detector's labels have in common: how people, two-wheelers and vehicles move, and how big they are. Pure."""

from dataclasses import dataclass
from enum import Enum
from typing import Final


@dataclass(frozen=True, slots=True)
class Form:
    """How road users of one family move and how tall they look, in metres to the side (see perspective)."""

    speed_sigma_mps: float
    acceleration_mps2: float
    height_m: tuple[float, float]


class Family(Enum):
    """Detections of one family continue each other's tracks."""

    PERSON = Form(1.0, 2.5, (0.9, 2.8))
    TWO_WHEELER = Form(4.0, 3.0, (0.6, 2.8))
    VEHICLE = Form(8.0, 4.0, (0.8, 6.0))

    @property
    def form(self) -> Form:
        """Return how it moves and how tall it is."""
        return self.value


FAMILY_OF_LABEL: Final = {
    "person": Family.PERSON,
    "bicycle": Family.TWO_WHEELER,
    "motorcycle": Family.TWO_WHEELER,
    "car": Family.VEHICLE,
    "bus": Family.VEHICLE,
    "truck": Family.VEHICLE,
}
RIDDEN: Final = frozenset({Family.PERSON, Family.TWO_WHEELER})
"""A rider is now a person, now a machine to a detector: these continue each other where nothing of their own does."""
