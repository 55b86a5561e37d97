"""Whether what box and centre said of every act's clock is true: read from the packages and the centre's rows."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import create_engine, text

from contract.words import ClockStatus
from datasets.faults.box_folder import DEVICE
from datasets.faults.clock_phases import Phase
from datasets.faults.stage import Stage

ROUNDED_MS: Final = 1.0
"""The wall clock is read in whole ms."""
Body = Mapping[str, Any]


def bodies(stage: Stage) -> dict[str, Body]:
    """Return what the centre has of every act, by its name."""
    engine = create_engine(stage.database_url)
    with engine.connect() as connection:
        rows = [json.loads(row[0]) for row in connection.execute(text("SELECT body FROM events"))]
    engine.dispose()
    return {body["event_id"]: body for body in rows}


def said_wrongly(stage: Stage, expected: Mapping[str, Phase]) -> Iterator[str]:
    """Yield how many acts' packages say another clock than was true, or bound it by less than it was off."""
    said = {}
    for path in (stage.data / "evidence").glob("*/*/manifest.json"):
        body: Body = json.loads(path.read_bytes())["body"]
        said[body["event_id"]] = body["clock"]
    if wrong := [name for name, phase in expected.items() if _status(said.get(name)) != phase.status]:
        yield f"packages whose clock is not what it was: expected 0, found {len(wrong)}"
    if wrong := [name for name, phase in expected.items() if not is_bounded(said.get(name), phase.off_ms)]:
        yield f"packages whose clock was further off than they say: expected 0, found {len(wrong)}"


def _status(clock: Body | None) -> object:
    return None if clock is None else clock["status"]


def is_bounded(clock: Body | None, off_ms: float) -> bool:
    """Tell whether what a package says of its clock is no less than what it was off."""
    return clock is not None and (clock["uncertainty_ms"] or 0.0) + ROUNDED_MS >= abs(off_ms)


def held_wrongly(stage: Stage, expected: Mapping[str, Phase]) -> Iterator[str]:
    """Yield whether the centre held back anything but what proves nothing, or made a case of that."""
    invalid = {name for name, phase in expected.items() if phase.status is ClockStatus.INVALID}
    engine = create_engine(stage.database_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT event_id FROM events WHERE held_because = 'clock'"))
        held = {str(row[0]) for row in rows}
        cases = "SELECT count(*) FROM cases JOIN events USING (event_id) WHERE held_because = 'clock'"
        as_cases = connection.execute(text(cases)).scalar_one()
    engine.dispose()
    if held != invalid:
        yield f"held for their clock: expected {len(invalid)}, found {len(held)}, of them {len(held & invalid)} rightly"
    if as_cases:
        yield f"cases of what is held: expected 0, found {as_cases}"


def ordered_wrongly(acts: Sequence[Body]) -> Iterator[str]:
    """Yield whether acts, given in the order in which they were made, are numbered in another."""
    numbers = [int(act["sequence"]) for act in acts]
    if wrong := sum(later <= earlier for earlier, later in pairwise(numbers)):
        yield f"acts with a lower number than the one before: expected 0, found {wrong}"


def beside_the_leap(acts: Sequence[Body], leap_at_ms: int) -> Iterator[str]:
    """Yield whether acts, in the order in which they were made, were not seen before the leap second and after it."""
    seen = [int(act["seen_at_ms"]) for act in acts]
    if not seen or not seen[0] < leap_at_ms <= seen[-1]:
        yield "acts before and after the leap second: expected both, found one"


def steps_back(acts: Sequence[Body]) -> int:
    """Count the acts that were seen before the one that was made before them, by the box's clock."""
    return sum(later["seen_at_ms"] < earlier["seen_at_ms"] for earlier, later in pairwise(acts))


def last_heard(stage: Stage) -> tuple[int, int]:
    """Return which heartbeat of the box the centre has: its start and its number."""
    engine = create_engine(stage.database_url)
    with engine.connect() as connection:
        told = connection.scalars(text("SELECT body FROM cameras_heard WHERE device_id = :id"), {"id": DEVICE}).all()
    engine.dispose()
    said = [json.loads(heartbeat) for heartbeat in told]
    return max(((beat.get("start") or 0, beat.get("number") or 0) for beat in said), default=(0, 0))
