"""A process that makes the plan's acts as a camera's process would: real pictures, packages, seals, the box's outbox.

It notes nothing itself. Killed and started again, it seals what was closed (``recover``) and makes what the outbox
lacks, as a camera's process does. `python -m datasets.faults.feeder FOLDER`.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from contract.evidence import ClockProof
from contract.words import ClockReference, ClockStatus, LampSource, LampState
from datasets.faults.plan import Plan, sights
from datasets.faults.shifted_box import ShiftedClock
from edge import keys
from edge.both_clocks import look
from edge.clock import Instant
from edge.clock_records import recorded_clock
from edge.config import load_config
from edge.evidence.package import Packager
from edge.evidence.ring import Kept, encode_jpeg
from edge.evidence.sealing import Closed, Seal, close
from edge.evidence.stamp import Stamper
from edge.observations import Violation
from edge.outbox import Outbox
from edge.outbox_sink import NowMs, put_closed, recover
from edge.report import act_reported
from edge.signals.timeline import Said

PLAN: Final = "plan.json"
SIZE_PX: Final = (320, 240)
SAID: Final = (Said(LampSource.FILE, LampState.RED, None, None),)
ROOM: Final = "planned"
"""Below the box's evidence: no camera's process looks into it, so two never repair the same package."""


def write_plan(plan: Plan, folder: Path) -> None:
    """Leave the plan where the process reads it."""
    (folder / PLAN).write_text(json.dumps(asdict(plan)))


def read_plan(folder: Path) -> Plan:
    """Read the plan."""
    return Plan(**json.loads((folder / PLAN).read_text()))


def feed(folder: Path) -> None:
    """Make what the outbox lacks of the plan, then return."""
    plan, data, now_ms = read_plan(folder), folder / "data", ShiftedClock(folder)
    clock = _measured(folder, now_ms) if plan.measured_clock else _good_clock
    by = Seal(plan.device_id, keys.load_private_key(folder / "device-key.pem"))
    root = data / "evidence" / ROOM
    packager, place = Packager(root, Stamper(None)), plan.place()
    with closing(Outbox(data / "outbox.sqlite")) as outbox:
        recover(root, outbox, by, now_ms())
        while now_ms() < plan.made_from_ms:
            time.sleep(0.02)
        for act in plan.violations():
            if not outbox.knows(str(place.event_id(act))):
                seen = look(now_ms)
                put_closed(outbox, _packed(plan, act, packager, clock(seen), seen.wall_ms), by, now_ms())
                time.sleep(1 / plan.per_s)


def _packed(plan: Plan, act: Violation, packager: Packager, clock: ClockProof, seen_at_ms: int) -> Closed:
    place = plan.place()
    kept = [Kept(sight, _picture(act.track_id, step), SIZE_PX) for step, sight in enumerate(sights(act))]
    clip = random.Random(act.track_id).randbytes(plan.clip_bytes)  # noqa: S311 - bytes to carry, no secret
    package = packager.write(place, act, kept, record={"clip.mp4": clip})
    return close(package, act_reported(place, act, SAID, package.clock_source, clock, seen_at_ms))


def _picture(track_id: int, step: int) -> bytes:
    """Return a JPEG of SIZE_PX that no other act has."""
    grain = np.random.default_rng((track_id, step)).integers(0, 255, (SIZE_PX[1] // 8, SIZE_PX[0] // 8, 3), np.uint8)
    return encode_jpeg(np.asarray(cv2.resize(grain, SIZE_PX), np.uint8), 80)


def _good_clock(seen: Instant) -> ClockProof:
    return ClockProof(
        status=ClockStatus.VALID,
        source=ClockReference.SNTP,
        offset_ms=2.0,
        uncertainty_ms=12.0,
        synchronised_at_ms=seen.wall_ms - 30_000,
    )


def _measured(folder: Path, now_ms: NowMs) -> Callable[[Instant], ClockProof]:
    config = load_config(folder / "edge.yaml")
    return recorded_clock(config.data, config.clock.source, config.clock.drift_ppm, now_ms).proof_at


if __name__ == "__main__":
    feed(Path(sys.argv[1]))
