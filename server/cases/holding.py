"""What the centre holds back from becoming a case, decided by its own look at what the box sent. Pure.

A box's word "valid" is not taken: the offset and the doubt that it gives must be small enough (GA/T 832-2014: 1.0 s).
A held event is stored, receipted and keeps its evidence; it makes no case, and a case that it made is not confirmed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from contract.evidence import CLOCK_OFF_MAX_MS, MANIFEST, ClockProof, EvidenceFile, Manifest
from contract.messages import ViolationReported
from contract.words import ClockReference, ClockStatus


class HeldBecause(StrEnum):
    """Why an event is held back; where there are several reasons, the first of this list is the one that is kept."""

    MANIFEST = "manifest"
    CHAIN = "chain"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Hold:
    """A reason, and what was expected and found."""

    because: HeldBecause
    detail: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """One place of a chain: the manifest there, and the one that stood before it when it was sealed."""

    manifest_sha256: str
    previous_sha256: str | None


def graver(known: HeldBecause | None, new: HeldBecause) -> bool:
    """Tell whether a new reason takes the place of the known one."""
    order = list(HeldBecause)
    return known is None or order.index(new) < order.index(known)


def clock_hold(clock: ClockProof | None) -> Hold | None:
    """Return why the time of an act proves nothing, None where it may be believed."""
    problem = "the box says nothing of its clock" if clock is None else _clock_problem(clock)
    return None if problem is None else Hold(HeldBecause.CLOCK, problem)


def _clock_problem(clock: ClockProof) -> str | None:
    if clock.status is not ClockStatus.VALID:
        return f"the box says itself: {clock.reason}"
    if clock.source is ClockReference.NONE or clock.synchronised_at_ms is None:
        return "it was never synchronised"
    measured = {
        "offset": clock.offset_ms,
        "uncertainty": clock.uncertainty_ms,
        "the camera's own offset": clock.camera_offset_ms or 0.0,
    }
    for name, found_ms in measured.items():
        if found_ms is None:
            return f"{name}: not told"
        if abs(found_ms) > CLOCK_OFF_MAX_MS:
            return f"{name}: expected at most {CLOCK_OFF_MAX_MS:.0f} ms, found {found_ms:.0f} ms"
    return None


def broken_links(chain: Mapping[int, Numbered]) -> dict[int, str]:
    """Return what is wrong at each number of what is here of one chain, neighbours side by side.

    A link that does not fit accuses both of its ends: either may be the one that was exchanged.
    """
    found: dict[int, str] = {}
    for number, here in chain.items():
        if (number == 1) != (here.previous_sha256 is None):
            found[number] = f"number {number} names {here.previous_sha256 or 'nothing'} before it"
        before = chain.get(number - 1)
        if before is not None and here.previous_sha256 != before.manifest_sha256:
            problem = f"number {number} names {here.previous_sha256 or 'nothing'} before it, {number - 1} is another"
            found.setdefault(number, problem)
            found.setdefault(number - 1, problem)
    return found


def manifest_problems(manifest: Manifest, report: ViolationReported) -> tuple[str, ...]:
    """Return in what a manifest is not that of its event."""
    told = {
        "event_id": report.event_id,
        "device_id": report.device_id,
        "sequence": report.sequence,
        "previous_sha256": report.previous_manifest_sha256,
        "camera_id": report.camera_id,
        "kind": report.kind,
        "track_id": report.track_id,
        "clock_source": report.clock_source,
        "clock": report.clock,
    }
    found = [name for name, value in told.items() if getattr(manifest, name) != value]
    used = manifest.versions
    of_report = (report.software_version, report.scene_sha256, report.rule, report.model)
    if (used.software, used.scene_sha256, used.rule, used.model) != of_report:
        found.append("versions")
    if _by_name(manifest.files) != _by_name(file for file in report.evidence if file.name != MANIFEST):
        found.append("files")
    return tuple(found)


def _by_name(files: Iterable[EvidenceFile]) -> list[EvidenceFile]:
    return sorted(files, key=lambda file: (file.name, file.sha256))
