"""The parameters that a scene may set for each rule, with unit, default and range. One table; docs/rules.md shows it.

They stand with the scene because scene.yaml is where an operator sets them; the rules only take the values.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One threshold. The unit is the last part of its name.

    ``_m`` metres, ``_s`` seconds, ``_mps`` metres a second, ``_min`` a share of 1, ``_llr`` a log-likelihood ratio.
    """

    default: float
    minimum: float
    maximum: float
    meaning: str


_ENTRY_GAP = Parameter(2.0, 0.1, 30.0, "unseen for longer around the edge: the entry was not seen, abstain")
_TRACK_GAP = Parameter(2.0, 0.1, 30.0, "unseen for longer on the way: identity not sure, abstain")
_IDENTITY = Parameter(0.9, 0.0, 1.0, "how sure that who is accused is who entered; less, abstain")
_GRACE = Parameter(0.5, 0.0, 10.0, "an entry so soon after the lamp turned red is lawful")
_REENTRY = Parameter(1.0, 0.0, 30.0, "out for no longer than this is still the same passage")
_BESIDE = Parameter(0.5, 0.0, 5.0, "beside it by no more than this is still the same passage")
_ROAD = Parameter(5.0, 0.0, 20.0, "so far beside a crosswalk, between its kerbs, is the road that it leads over")
_KERB = Parameter(1.5, 0.0, 10.0, "who comes in from the side nearer than this to an end comes from the kerb")
_ASLANT = Parameter(0.5, 0.0, 10.0, "a rider further aside than this share of the advance goes over it, not along it")
_ALONG = Parameter(6.0, 0.0, 50.0, "who rides along a crosswalk for so much, or half of it, uses it; else the road")
_USE = Parameter(1.0, 0.0, 10.0, "who came less far has not used it: no passage is counted")

PARAMETERS: Mapping[str, Mapping[str, Parameter]] = {
    "pedestrian_red_light": {
        "advance_m": Parameter(3.0, 0.5, 50.0, "advance into the crosswalk on red that makes a violation"),
        "lamp_grace_s": _GRACE,
        "entry_gap_s": _ENTRY_GAP,
        "track_gap_s": _TRACK_GAP,
        "reentry_s": _REENTRY,
        "reentry_m": _BESIDE,
        "road_m": _ROAD,
        "kerb_m": _KERB,
        "aslant_max": _ASLANT,
        "along_m": _ALONG,
        "use_m": _USE,
        "forget_s": Parameter(5.0, 0.5, 600.0, "a road user unseen for so long is gone"),
        "identity_min": _IDENTITY,
    },
    "rider_red_light": {
        "advance_m": Parameter(3.0, 0.5, 50.0, "advance beyond the line, or over the crosswalk, on red"),
        "lamp_grace_s": _GRACE,
        "entry_gap_s": _ENTRY_GAP,
        "track_gap_s": _TRACK_GAP,
        "reentry_s": _REENTRY,
        "reentry_m": _BESIDE,
        "road_m": _ROAD,
        "kerb_m": _KERB,
        "aslant_max": _ASLANT,
        "along_m": _ALONG,
        "back_m": Parameter(0.3, 0.0, 5.0, "so far back before the line: the next crossing is a new one"),
        "past_end_m": Parameter(0.5, 0.0, 5.0, "a crossing so far past an end of the line still counts as over it"),
        "leaves_m": Parameter(4.0, 0.5, 50.0, "so much further from the right-turn area again: does not turn right"),
        "use_m": _USE,
        "identity_min": _IDENTITY,
    },
    "wrong_way": {
        "distance_m": Parameter(8.0, 1.0, 500.0, "ridden against the lane"),
        "duration_s": Parameter(2.0, 0.5, 600.0, "ridden against the lane for"),
        "riding_mps": Parameter(1.7, 0.5, 10.0, "slower is no riding: a bicycle is pushed at up to 1.5 m/s"),
        "pace_s": Parameter(0.6, 0.2, 5.0, "the time over which the speed is taken"),
        "pause_s": Parameter(0.5, 0.0, 10.0, "out of the lane or slower for longer: the ride against it has ended"),
        "track_gap_s": _TRACK_GAP,
        "use_m": Parameter(3.0, 0.0, 50.0, "who was in the lane for less has not used it: no passage is counted"),
        "identity_min": _IDENTITY,
    },
    "stop_line": {
        "stop_s": Parameter(5.0, 1.0, 600.0, "stopped beyond the line on red for"),
        "rear_m": Parameter(0.9, 0.0, 5.0, "from where a vehicle touches the ground (its middle) to its rear wheel"),
        "still_m": Parameter(0.5, 0.1, 3.0, "who stays within this has stopped"),
    },
    "yielding": {
        "near_m": Parameter(10.0, 1.0, 50.0, "a vehicle so near before the crosswalk meets whoever is on it"),
        "close_s": Parameter(4.0, 0.5, 30.0, "who pass by more than this apart had nothing to do with each other"),
    },
    "tracks": {
        "look_ahead_s": Parameter(1.0, 0.0, 5.0, "so much later is judged, knowing what came next"),
        "steady_s": Parameter(0.6, 0.0, 2.0, "places that jitter are steadied over so much before and after, at most"),
        "jitter_m": Parameter(0.05, 0.0, 1.0, "places that jitter by less (one sigma) are taken as they are"),
        "near_m": Parameter(2.5, 0.0, 10.0, "two of a kind that come so near may have exchanged their numbers"),
        "exchange_llr": Parameter(12.0, 1.0, 100.0, "how much better an exchange explains the places: doubt from here"),
        "resume_s": Parameter(3.0, 0.0, 30.0, "a new number so soon after a lost one may be the same road user"),
        "resume_m": Parameter(1.5, 0.0, 10.0, "and so near to where that one would be by then, and 1 m/s more"),
    },
}


def in_force(rule: str, given: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return every parameter of a rule: what the scene says, else the default."""
    said = given.get(rule, {})
    return {name: float(said.get(name, parameter.default)) for name, parameter in PARAMETERS[rule].items()}


def problems(given: Mapping[str, object]) -> list[str]:
    """List what is wrong with a scene's ``rules`` section, each with its path."""
    found: list[str] = []
    for rule, values in given.items():
        if rule not in PARAMETERS:
            found.append(f"rules.{rule}: no such rule, needs one of {', '.join(PARAMETERS)}")
        elif not isinstance(values, dict):
            found.append(f"rules.{rule}: {values!r}, needs names with numbers")
        else:
            found += [p for name, value in values.items() if (p := _problem(rule, name, value)) is not None]
    return found


def _problem(rule: str, name: object, value: object) -> str | None:
    parameter = PARAMETERS[rule].get(str(name))
    if parameter is None:
        return f"rules.{rule}.{name}: no such parameter, needs one of {', '.join(PARAMETERS[rule])}"
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and parameter.minimum <= value <= parameter.maximum
    ):
        return None
    return f"rules.{rule}.{name}: {value!r}, needs a number from {parameter.minimum:g} to {parameter.maximum:g}"
