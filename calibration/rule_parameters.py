"""The parameters that a scene may set for each rule, with unit, default and range. One table; docs/rules.md shows it.

They stand with the scene because scene.yaml is where an operator sets them; the rules only take the values.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One threshold. The unit is the last part of its name: ``_m`` metres, ``_s`` seconds, ``_min`` a share of 1."""

    default: float
    minimum: float
    maximum: float
    meaning: str


PARAMETERS: Mapping[str, Mapping[str, Parameter]] = {
    "pedestrian_red_light": {
        "advance_m": Parameter(3.0, 0.5, 50.0, "advance into the crosswalk on red that makes a violation"),
        "lamp_grace_s": Parameter(0.5, 0.0, 10.0, "an entry so soon after the lamp turned red is lawful"),
        "entry_gap_s": Parameter(2.0, 0.1, 30.0, "unseen for longer around the kerb: the entry was not seen"),
        "track_gap_s": Parameter(2.0, 0.1, 30.0, "unseen for longer on the crosswalk: identity not sure, abstain"),
        "reentry_s": Parameter(1.0, 0.0, 30.0, "out for no longer than this is still the same passage"),
        "reentry_m": Parameter(0.5, 0.0, 5.0, "beside it by no more than this is still the same passage"),
        "forget_s": Parameter(5.0, 0.5, 600.0, "a road user unseen for so long is gone"),
        "identity_min": Parameter(0.9, 0.0, 1.0, "how sure that who advanced is who entered; less, abstain"),
    },
    "rider_red_light": {
        "advance_m": Parameter(3.0, 0.5, 50.0, "advance beyond the line on red that makes a violation"),
    },
    "wrong_way": {
        "distance_m": Parameter(8.0, 1.0, 500.0, "ridden against the lane"),
        "duration_s": Parameter(2.0, 0.5, 600.0, "ridden against the lane for"),
    },
    "stop_line": {
        "stop_s": Parameter(5.0, 1.0, 600.0, "stopped beyond the line on red for"),
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
