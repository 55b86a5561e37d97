"""From a verdict to the message about it. Pure: every fact comes in as a value."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from contract.evidence import ClockProof, EvidenceFile, ModelUsed, RuleApplied
from contract.fields import ClockSource
from contract.identity import event_id
from contract.messages import (
    ActReported,
    LampAtEntry,
    PassageCount,
    PassageCounts,
    SourceSaid,
    ViolationReported,
    YieldCount,
)
from contract.words import ViolationKind
from edge.chain import Link
from edge.observations import Passage, Violation, Yielding
from edge.signals.timeline import Said


@dataclass(frozen=True, slots=True)
class Place:
    """Where and with what a camera watches: the same for every event of one run.

    ``start_ms`` is the capture time of the first frame (ms since the Unix epoch); every ``t_ms`` counts from it.
    ``lane_directions`` are the unit vectors of the lanes' lawful ways, by the lane's id.
    """

    device_id: str
    site_id: str
    site_name: str
    camera_id: str
    direction: str
    start_ms: int
    demonstration: bool
    rules: Mapping[ViolationKind, RuleApplied]
    model: ModelUsed
    scene_sha256: str
    software_version: str
    lane_directions: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def event_id(self, violation: Violation) -> UUID:
        """Return the violation's name; judging the same footage again gives the same."""
        return event_id(self.camera_id, violation.kind, violation.track_id, self.start_ms + violation.entered_ms)


def act_reported(
    place: Place,
    violation: Violation,
    said: Sequence[Said],
    clock_source: ClockSource,
    clock: ClockProof,
    seen_at_ms: int,
) -> ActReported:
    """Return what is reported of one violation.

    Args:
        place: the camera's facts.
        violation: what was judged.
        said: what each source said of its signal at the entry.
        clock_source: whose clock the pictures are timed by.
        clock: how far the box's clock could be believed then.
        seen_at_ms: the box's clock when the confirming frame came from the camera.
    """
    return ActReported(
        event_id=place.event_id(violation),
        device_id=place.device_id,
        site_id=place.site_id,
        site_name=place.site_name,
        camera_id=place.camera_id,
        direction=place.direction,
        kind=violation.kind,
        user=violation.user,
        track_id=violation.track_id,
        zone_id=violation.zone_id,
        signal_id=violation.signal_id,
        entered_at_ms=place.start_ms + violation.entered_ms,
        confirmed_at_ms=place.start_ms + violation.confirmed_ms,
        entered_at_m=_to_mm(violation.entered_at_m),
        heading=_heading(place, violation),
        measure=round(violation.measure, 3),
        rule=place.rules[violation.kind],
        lamp=_lamp(place, violation, said),
        model=place.model,
        scene_sha256=place.scene_sha256,
        seen_at_ms=seen_at_ms,
        software_version=place.software_version,
        demonstration=place.demonstration,
        clock_source=clock_source,
        clock=clock,
    )


def violation_reported(act: ActReported, link: Link, evidence: Sequence[EvidenceFile]) -> ViolationReported:
    """Return the message about one act: its number in the device's chain, and its files, the manifest among them."""
    return ViolationReported(
        **{name: getattr(act, name) for name in type(act).model_fields},
        sequence=link.sequence,
        previous_manifest_sha256=link.previous_sha256,
        evidence=tuple(evidence),
    )


def _to_mm(place_m: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if place_m is None else (round(place_m[0], 3), round(place_m[1], 3))


def _heading(place: Place, violation: Violation) -> tuple[float, float] | None:
    """Return the way that was ridden: against the lane. By it the centre knows one ride in two cameras' stretches."""
    direction = place.lane_directions.get(violation.zone_id) if violation.kind is ViolationKind.WRONG_WAY else None
    return None if direction is None else (round(-direction[0], 4), round(-direction[1], 4))


def _lamp(place: Place, violation: Violation, said: Sequence[Said]) -> LampAtEntry | None:
    if violation.lamp is None:
        return None
    sources = tuple(
        SourceSaid(source=each.source, state=each.state, since_ms=_epoch_ms(place, each.since_ms), age_ms=each.age_ms)
        for each in said
    )
    return LampAtEntry(state=violation.lamp, since_ms=_epoch_ms(place, violation.lamp_since_ms), sources=sources)


def _epoch_ms(place: Place, t_ms: int | None) -> int | None:
    """Return a time of day; nothing for one before 1970, where a plan of footage without a start may reach."""
    return None if t_ms is None or place.start_ms + t_ms < 0 else place.start_ms + t_ms


def passage_counts(
    place: Place, passages: Sequence[Passage], sequence: int, *, yields: Sequence[Yielding] = ()
) -> PassageCounts:
    """Return how many passages ended with which verdict, and how many vehicles yielded; one of the two is given."""
    counted = Counter((p.zone_kind, p.zone_id, p.user, p.lamp_at_entry, p.verdict) for p in passages)
    times_ms = [p.left_ms for p in passages] + [met.entered_ms for met in yields]
    return PassageCounts(
        device_id=place.device_id,
        site_id=place.site_id,
        camera_id=place.camera_id,
        sequence=sequence,
        from_ms=place.start_ms + min(times_ms),
        to_ms=place.start_ms + max(times_ms),
        counts=tuple(
            PassageCount(zone_kind=of, zone_id=zone, user=user, lamp_at_entry=lamp, verdict=verdict, count=count)
            for (of, zone, user, lamp, verdict), count in sorted(counted.items())
        ),
        yields=yield_counts(yields),
    )


def yield_counts(yields: Sequence[Yielding]) -> tuple[YieldCount, ...]:
    """Return how many vehicles yielded, or did not, at each crosswalk."""
    counted = Counter((met.zone_id, met.user, met.yielded) for met in yields)
    return tuple(
        YieldCount.model_validate({"zone_id": zone, "user": user, "yielded": yielded, "count": count})
        for (zone, user, yielded), count in sorted(counted.items())
    )
