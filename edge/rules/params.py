"""The thresholds of each rule, as values. Meanings, units, ranges and defaults stand in calibration.rule_parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from calibration.rule_parameters import in_force

Given = Mapping[str, Mapping[str, float]]
"""The section ``rules`` of a scene."""


class _FromScene:
    """Reads itself out of a scene's rules; what is not said there has its default."""

    @classmethod
    def of(cls, rule: str, given: Given) -> Self:
        """Return the thresholds in force of one rule."""
        names = {field.name for field in fields(cls)}  # type: ignore[arg-type]  # every subclass is a dataclass
        values: dict[str, Any] = {name: value for name, value in in_force(rule, given).items() if name in names}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class TrackParams(_FromScene):
    """Section ``tracks``: what holds for all rules."""

    look_ahead_s: float
    steady_s: float
    jitter_m: float
    near_m: float
    exchange_llr: float
    resume_s: float
    resume_m: float


@dataclass(frozen=True, slots=True)
class CrossingParams(_FromScene):
    """What the rules for people on foot and for riders ask on a crosswalk; each has its own values."""

    advance_m: float
    lamp_grace_s: float
    entry_gap_s: float
    track_gap_s: float
    reentry_s: float
    reentry_m: float
    road_m: float
    kerb_m: float
    aslant_max: float
    along_m: float
    use_m: float
    identity_min: float


@dataclass(frozen=True, slots=True)
class LineParams(_FromScene):
    """What is asked of a rider at a stop line, for riding on red."""

    advance_m: float
    lamp_grace_s: float
    entry_gap_s: float
    track_gap_s: float
    back_m: float
    past_end_m: float
    leaves_m: float
    use_m: float
    identity_min: float


@dataclass(frozen=True, slots=True)
class StandingParams(_FromScene):
    """What is asked of a rider who stands beyond a stop line."""

    stop_s: float
    rear_m: float
    still_m: float


@dataclass(frozen=True, slots=True)
class WrongWayParams(_FromScene):
    """What is asked of a rider in a lane."""

    distance_m: float
    duration_s: float
    riding_mps: float
    pace_s: float
    pause_s: float
    track_gap_s: float
    use_m: float
    identity_min: float


@dataclass(frozen=True, slots=True)
class YieldingParams(_FromScene):
    """Who meets whom at a crosswalk."""

    near_m: float
    close_s: float
