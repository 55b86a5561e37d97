"""The run of clocks: an hour ahead, an hour behind, a week ahead and offline; what is seen then proves nothing."""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import create_engine, text

from contract.words import ClockStatus
from datasets.demo.reference_clock import ReferenceClock
from datasets.faults.feeder import write_plan
from datasets.faults.keeper import Keeper
from datasets.faults.run import LIMIT_S, Figures, Scale, at_rest, staged
from datasets.faults.shifted_box import ShiftedClock
from datasets.faults.stage import Stage
from datasets.faults.strikes import Strike
from edge.clock_records import recorded_clock
from edge.config import load_config

HOUR_MS: Final = 3_600_000
WEEK_MS: Final = 7 * 24 * HOUR_MS
ACQUAINTED_S: Final = 60.0
FRESH_MS: Final = 120_000


@dataclass(frozen=True, slots=True)
class Phase:
    """A share of the acts, made while the clock is off by ``shift_ms``, with or without the centre."""

    name: str
    shift_ms: int
    offline: bool = False

    @property
    def status(self) -> ClockStatus:
        """Return what the packages of this phase must say."""
        return ClockStatus.VALID if self.shift_ms == 0 else ClockStatus.INVALID


PHASES: Final = (
    Phase("right", 0),
    Phase("an hour ahead", HOUR_MS),
    Phase("an hour behind", -HOUR_MS),
    Phase("right again", 0),
    Phase("a week ahead and offline", WEEK_MS, offline=True),
    Phase("right at last", 0),
)


def clocks(scale: Scale) -> Figures:
    """Set the box's clock, and hold what it and the centre say of every act against what is true."""
    with ReferenceClock() as reference:
        clock = {"source": "sntp", "server": reference.address, "every_s": 1}
        program = (sys.executable, "-m", "datasets.faults.shifted_box", str(scale.folder / "clocks"))
        wish = scale.wish("clocks", box_settings={"clock": clock}, box_program=program, frames=1)
        with staged(scale, wish, feeding=False) as (stage, keeper, figures):
            expected = dict(_play(scale, stage, keeper))
            invalid = sum(status is ClockStatus.INVALID for status in expected.values())
            keeper.until(lambda: at_rest(stage), LIMIT_S)
            wrong = [*_said_wrongly(stage, expected), *_held_wrongly(stage, invalid)]
            figures |= {"invalid": invalid, "problems": [*wrong, *_heartbeat_stale(stage, keeper)]}
    return figures


def _play(scale: Scale, stage: Stage, keeper: Keeper) -> Iterator[tuple[str, ClockStatus]]:
    names = [str(name) for name in stage.plan.event_ids()]
    done, clock = 0, ShiftedClock(stage.wish.folder)
    for number, phase in enumerate(PHASES, 1):
        clock.shift(phase.shift_ms)
        keeper.until(lambda phase=phase: _proof(stage) is phase.status, ACQUAINTED_S)  # type: ignore[misc]
        if phase.offline:
            for whom in ("broker", "centre"):
                keeper.strike(Strike(0, whom, scale.harm_s))
        upto = scale.events * number // len(PHASES)
        write_plan(replace(stage.plan, events=upto, measured_clock=True), stage.wish.folder)
        keeper.fed = False
        stage.feeder.start()
        keeper.until(lambda: keeper.fed, LIMIT_S)
        if phase.offline:
            keeper.until(lambda: False, scale.harm_s)
        yield from ((name, phase.status) for name in names[done:upto])
        done = upto


def _proof(stage: Stage) -> ClockStatus:
    config, now_ms = load_config(stage.wish.folder / "edge.yaml"), ShiftedClock(stage.wish.folder)
    return recorded_clock(config.data, config.clock.source, config.clock.drift_ppm, now_ms).current_proof().status


def _said_wrongly(stage: Stage, expected: dict[str, ClockStatus]) -> list[str]:
    """Return the acts whose package says another clock, in numbers."""
    said = {}
    for path in (stage.data / "evidence").glob("*/*/manifest.json"):
        body: dict[str, Any] = json.loads(path.read_bytes())["body"]
        said[body["event_id"]] = body["clock"]["status"]
    wrong = [name for name, status in expected.items() if said.get(name) != status]
    return [f"packages whose clock is not what it was: expected 0, found {len(wrong)}"] if wrong else []


def _held_wrongly(stage: Stage, invalid: int) -> list[str]:
    """Return whether the centre held back what proves nothing, and nothing else."""
    engine = create_engine(stage.database_url)
    with engine.connect() as connection:
        held = connection.execute(text("SELECT count(*) FROM events WHERE held_because = 'clock'")).scalar_one()
        cases = "SELECT count(*) FROM cases JOIN events USING (event_id) WHERE held_because = 'clock'"
        as_cases = connection.execute(text(cases)).scalar_one()
    engine.dispose()
    problems = [] if held == invalid else [f"held for their clock: expected {invalid}, found {held}"]
    return problems + ([f"cases of what is held: expected 0, found {as_cases}"] if as_cases else [])


def _heartbeat_stale(stage: Stage, keeper: Keeper) -> list[str]:
    """Return whether the centre still hears the box whose clock had been a week ahead."""
    engine = create_engine(stage.database_url)

    def fresh() -> bool:
        with engine.connect() as connection:
            told_ms = connection.execute(text("SELECT max(sent_at_ms) FROM cameras_heard")).scalar_one()
        return told_ms is not None and abs(told_ms - time.time_ns() // 1_000_000) < FRESH_MS

    heard = keeper.until(fresh, ACQUAINTED_S)
    engine.dispose()
    return [] if heard else ["the centre takes no heartbeat of a box whose clock was ahead"]
