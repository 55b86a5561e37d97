"""A heartbeat as a person reads it: which facts, in which order, and which of them somebody must look at. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from contract.messages import Heartbeat
from contract.words import CameraState, ClockStatus, DiskState

HOT_C: Final = 85.0
"""Where most boards' processors slow down by themselves."""
OLD_S: Final = 600
"""An event that has waited so long: the network is away, or the centre takes nothing."""
GIB: Final = 2**30


@dataclass(frozen=True, slots=True)
class Fact:
    """One line. ``label`` and ``word`` are keys of server.pages.texts; ``value`` is shown as it is."""

    label: str
    value: str = ""
    word: str | None = None
    problem: bool = False


def facts(beat: Heartbeat) -> tuple[Fact, ...]:
    """Return what is shown of one camera; what an older box does not say is left out."""
    found = (fact(beat) for fact in FACTS)
    return tuple(fact for fact in found if fact is not None)


def _camera(beat: Heartbeat) -> Fact:
    state = beat.camera_state
    return Fact("box.camera", word=f"camera.{state.value}", problem=state is not CameraState.OK)


def _frames(beat: Heartbeat) -> Fact:
    lost = f", -{beat.frames_dropped}" if beat.frames_dropped else ""
    return Fact("box.frames", f"{beat.frames_processed}{lost} ({beat.frames_per_second:.1f}/s)")


def _signals(beat: Heartbeat) -> Fact | None:
    unknown = [
        f"{s.signal_id} {s.silent_s + s.stale_s + s.unsure_s + s.disagreeing_s} s"
        for s in beat.signals
        if s.silent_s + s.stale_s + s.unsure_s + s.disagreeing_s
    ]
    return Fact("box.signals_unknown", ", ".join(unknown)) if unknown else None


def _clock(beat: Heartbeat) -> Fact | None:
    clock = beat.clock
    if clock is None:
        return None
    if clock.status is ClockStatus.INVALID:
        return Fact("box.clock", clock.reason or "", "clock.invalid", problem=True)
    return Fact("box.clock", "" if clock.offset_ms is None else f"{clock.offset_ms:+.0f} ms", "clock.valid")


def _disk(beat: Heartbeat) -> Fact | None:
    disk = beat.disk
    if disk is None:
        return None
    used = (disk.evidence_bytes + disk.video_bytes + disk.outbox_bytes) / GIB
    room = f"{used:.1f} GiB + {disk.free_bytes / GIB:.1f} GiB"
    return Fact("box.disk", room, f"disk.{disk.state.value}", problem=disk.state is not DiskState.OK)


def _temperature(beat: Heartbeat) -> Fact | None:
    hot = beat.temperature_c
    return None if hot is None else Fact("box.temperature", f"{hot:.0f} °C", problem=hot >= HOT_C)


def _queue(beat: Heartbeat) -> Fact:
    age_s = (beat.oldest_waiting_ms or 0) // 1000
    waits = f"{beat.events_waiting} + {beat.files_waiting}" + (f" ({age_s} s)" if age_s else "")
    return Fact("box.queue", waits, problem=age_s >= OLD_S)


def _refused(beat: Heartbeat) -> Fact | None:
    return Fact("box.refused", str(beat.events_refused), problem=True) if beat.events_refused else None


def _not_kept(beat: Heartbeat) -> Fact | None:
    lost = beat.dropped
    if not (lost.clip_frames or lost.events_disk_full or lost.prompts):
        return None
    told = f"{lost.clip_frames} / {lost.events_disk_full} / {lost.prompts}"
    return Fact("box.not_kept", told, problem=lost.events_disk_full > 0)


def _runs(beat: Heartbeat) -> Fact | None:
    if beat.uptime_s is None:
        return None
    hours, minutes = divmod(beat.uptime_s // 60, 60)
    return Fact("box.runs", f"{hours}:{minutes:02d} h, {beat.restarts or 0}", problem=bool(beat.restarts))


def _software(beat: Heartbeat) -> Fact | None:
    return None if beat.software_version is None else Fact("box.software", beat.software_version)


FACTS: Final[tuple[Callable[[Heartbeat], Fact | None], ...]] = (
    _camera,
    _frames,
    _signals,
    _clock,
    _disk,
    _temperature,
    _queue,
    _refused,
    _not_kept,
    _runs,
    _software,
)
