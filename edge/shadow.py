"""Two rule sets on the same observations: a line of shadow.jsonl for each thing that either said, and how they differ.

Pure. The shadow accuses nobody: its verdicts are for whoever decides whether a new rule set or scene may go live.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from calibration.rule_parameters import PARAMETERS, in_force
from calibration.scene import Crosswalk, Lane, Scene, StopLine
from contract.fields import EpochMs, Identifier
from contract.words import PassageVerdict, RoadUserKind, ViolationKind
from edge.observations import Judged, Passage, Violation

Side = Literal["live", "shadow"]
SIDES: Final[tuple[Side, Side]] = ("live", "shadow")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Terms(_Part):
    """By what one side judges: every threshold in force, and its shapes in metres by their id."""

    scene_sha256: str
    rules: dict[str, dict[str, float]]
    zones: dict[str, dict[str, JsonValue]] = Field(description="by id: crosswalk.polygon_m, stop_line.line_m, ...")


class RulesLine(_Part):
    """The head of a run: what follows was said by these two. Times count from ``start_ms``."""

    what: Literal["rules"] = "rules"
    camera_id: Identifier
    start_ms: EpochMs
    live: Terms
    shadow: Terms

    def of(self, side: Side) -> Terms:
        """Return the terms of a side."""
        return self.live if side == "live" else self.shadow


class ViolationLine(_Part):
    """One side accuses."""

    what: Literal["violation"] = "violation"
    side: Side
    kind: ViolationKind
    track_id: int
    zone_id: str
    entered_ms: int
    confirmed_ms: int
    measure: Annotated[float, Field(allow_inf_nan=False)]


class PassageLine(_Part):
    """One side has closed a passage, and says why it judged it so."""

    what: Literal["passage"] = "passage"
    side: Side
    track_id: int
    user: RoadUserKind
    zone_id: str
    entered_ms: int | None
    left_ms: int
    verdict: PassageVerdict
    reason: str


class MissedLine(_Part):
    """The shadow did not see these instants, or failed on them: around them nothing is compared."""

    what: Literal["missed"] = "missed"
    from_ms: int
    to_ms: int
    observations: int
    live_lost: int = Field(default=0, description="things said live in there that are not in the file either")
    why: str


Line = Annotated[RulesLine | ViolationLine | PassageLine | MissedLine, Field(discriminator="what")]
LINE: Final[TypeAdapter[Line]] = TypeAdapter(Line)


def head(camera_id: str, start_ms: int, live: Scene, shadow: Scene) -> RulesLine:
    """Return the first line of a run."""
    return RulesLine(camera_id=camera_id, start_ms=start_ms, live=_terms(live), shadow=_terms(shadow))


def lines_of(side: Side, judged: Judged) -> Iterator[Line]:
    """Yield what one side said at one instant, metres to the millimetre."""
    for violation in judged.violations:
        yield _violation(side, violation)
    for passage in judged.passages:
        yield _passage(side, passage)


def _violation(side: Side, said: Violation) -> ViolationLine:
    return ViolationLine(
        side=side,
        kind=said.kind,
        track_id=said.track_id,
        zone_id=said.zone_id,
        entered_ms=said.entered_ms,
        confirmed_ms=said.confirmed_ms,
        measure=round(said.measure, 3),
    )


def _passage(side: Side, said: Passage) -> PassageLine:
    return PassageLine(
        side=side,
        track_id=said.track_id,
        user=said.user,
        zone_id=said.zone_id,
        entered_ms=said.entered_ms,
        left_ms=said.left_ms,
        verdict=said.verdict,
        reason=said.reason,
    )


def _terms(scene: Scene) -> Terms:
    zones: dict[str, dict[str, JsonValue]] = {}
    for word, drawn in (("crosswalk", scene.crosswalks), ("lane", scene.lanes), ("stop_line", scene.stop_lines)):
        for zone in drawn:
            zones.setdefault(zone.id, {}).update(_shape(word, zone))  # a crosswalk and a stop line may share an id
    rules = {rule: in_force(rule, scene.rules) for rule in PARAMETERS}
    return Terms(scene_sha256=scene.sha256, rules=rules, zones=zones)


def _shape(word: str, zone: Crosswalk | Lane | StopLine) -> dict[str, JsonValue]:
    return {f"{word}.{f.name}": _plain(getattr(zone, f.name)) for f in fields(zone) if f.name != "id"}


def _plain(value: object) -> JsonValue:
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return round(float(value), 3) if isinstance(value, float) else None if value is None else str(value)
