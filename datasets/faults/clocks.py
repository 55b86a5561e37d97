"""The run of clocks: set by an hour or a week, a leap second, a week of drift; what was seen then says what is true."""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from contract.words import ClockStatus
from datasets.demo.reference_clock import ReferenceClock
from datasets.faults import clock_verdicts, later_start
from datasets.faults.clock_phases import DRIFT_PPM, DRIFTING, LAST, LEAP_ACTS_S, SET, Phase, leap_second
from datasets.faults.feeder import write_plan
from datasets.faults.keeper import Keeper
from datasets.faults.run import LIMIT_S, Figures, Scale, at_rest, staged
from datasets.faults.shifted_box import ShiftedClock
from datasets.faults.stage import Stage
from datasets.faults.strikes import Strike
from edge.both_clocks import look
from edge.clock import LEAP_MS
from edge.clock_records import recorded_clock
from edge.config import load_config

ACQUAINTED_S: Final = 60.0
HEARD_S: Final = 60.0
"""A box says every 5 s how it is."""
ACTS_MIN: Final = 8
"""In each phase: so many must be made around a leap second to be seen on both its sides."""
Made = dict[Phase, list[str]]


def clocks(scale: Scale) -> Figures:
    """Set the box's clock, and hold what it and the centre say of every act against what is true."""
    lacking = later_start.problem()
    drifting = DRIFTING if lacking is None else LAST
    wanted = replace(scale, events=max(scale.events, ACTS_MIN * (len(SET) + 1 + len(drifting))))
    with ReferenceClock() as reference:
        clock = {"source": "sntp", "server": reference.address, "every_s": 1, "drift_ppm": DRIFT_PPM}
        program = (sys.executable, "-m", "datasets.faults.shifted_box", str(scale.folder / "clocks"))
        wish = wanted.wish("clocks", box_settings={"clock": clock}, box_program=program, frames=1)
        with staged(wanted, wish, feeding=False) as (stage, keeper, figures):
            turned = _Turned(wanted, reference, stage, keeper)
            made = dict(turned.play(SET, drifting))
            keeper.until(lambda: at_rest(stage), LIMIT_S)
            figures.update(_verdict(stage, made, turned.unheard))
    return figures if lacking is None else figures | {"not_proved": f"a week of drift: {lacking}"}


def _verdict(stage: Stage, made: Made, unheard: Sequence[Phase]) -> Figures:
    expected = {name: phase for phase, names in made.items() for name in names}
    here = clock_verdicts.bodies(stage)
    acts = {phase: [here[name] for name in names if name in here] for phase, names in made.items()}
    problems = [
        *clock_verdicts.said_wrongly(stage, expected),
        *clock_verdicts.held_wrongly(stage, expected),
        *clock_verdicts.ordered_wrongly([act for of_phase in acts.values() for act in of_phase]),
    ]
    problems += [f"the centre hears nothing of the box while its clock is {phase.name}" for phase in unheard]
    for phase, of_phase in acts.items():
        if phase.leap_at_ms is not None:
            problems += clock_verdicts.beside_the_leap(of_phase, phase.leap_at_ms)
    invalid = sum(phase.status is ClockStatus.INVALID for phase in expected.values())
    back = {phase.name: clock_verdicts.steps_back(of_phase) for phase, of_phase in acts.items() if phase.leap_at_ms}
    return {"invalid": invalid, "steps_back": back, "problems": problems}


@dataclass(slots=True)
class _Turned:
    """The stage whose clocks are turned, phase by phase."""

    scale: Scale
    reference: ReferenceClock
    stage: Stage
    keeper: Keeper
    clock: ShiftedClock = field(init=False)
    programs: dict[str, tuple[str, ...]] = field(init=False)
    unheard: list[Phase] = field(default_factory=list)
    passed_ms: int = 0
    done: int = 0

    def __post_init__(self) -> None:
        self.clock = ShiftedClock(self.stage.wish.folder)
        self.programs = {piece.name: tuple(piece.words) for piece in (self.stage.box, self.stage.feeder)}

    def play(self, before: tuple[Phase, ...], after: tuple[Phase, ...]) -> Iterator[tuple[Phase, list[str]]]:
        """Play the phases, a leap second between; yield each with the names of the acts that were made in it."""
        phases = (*before, None, *after)
        for number, known in enumerate(phases, 1):
            phase = known or leap_second(time.time_ns() // 1_000_000)
            yield phase, self._phase(phase, self.scale.events * number // len(phases))

    def _phase(self, phase: Phase, upto: int) -> list[str]:
        self._turn_to(phase)
        self.keeper.until(lambda: self._is_known(phase), ACQUAINTED_S)
        if phase.offline:
            for whom in ("broker", "centre"):
                self.keeper.strike(Strike(0, whom, self.scale.harm_s))
        before = clock_verdicts.last_heard(self.stage)
        self._make(phase, upto)
        if phase.offline:
            self.keeper.until(lambda: False, self.scale.harm_s)
        if not self.keeper.until(lambda: clock_verdicts.last_heard(self.stage) > before, HEARD_S):
            self.unheard.append(phase)
        names = [str(name) for name in self.stage.plan.event_ids()[self.done : upto]]
        self.done = upto
        return names

    def _turn_to(self, phase: Phase) -> None:
        """Set all three clocks. Where the monotonic one goes on, the box's programs are started anew."""
        leaps = {"leap": 0 if phase.leap_at_ms is None else 1, "leaps_at_ms": phase.leap_at_ms}
        self.reference.become(offset_ms=phase.reference_ms, silent=phase.silent, **leaps)
        if phase.passed_ms != self.passed_ms:
            self.keeper.strike(Strike(0, "box", 0.0))
            for piece in (self.stage.box, self.stage.feeder):
                piece.words = (*later_start.later(phase.passed_ms // 1000), *self.programs[piece.name])
        self.passed_ms = phase.passed_ms
        self.clock.shift(phase.shift_ms, phase.leap_at_ms)

    def _make(self, phase: Phase, upto: int) -> None:
        plan = replace(self.stage.plan, events=upto, measured_clock=True)
        if phase.leap_at_ms is not None:
            from_ms = phase.leap_at_ms - round(LEAP_ACTS_S * 500)
            plan = replace(plan, made_from_ms=from_ms, per_s=(upto - self.done) / LEAP_ACTS_S)
        write_plan(plan, self.stage.wish.folder)
        self.keeper.fed = False
        self.stage.feeder.start()
        self.keeper.until(lambda: self.keeper.fed, LIMIT_S)

    def _is_known(self, phase: Phase) -> bool:
        """Tell whether the box knows of its clock what is true in this phase."""
        config = load_config(self.stage.wish.folder / "edge.yaml")
        now = look(self.clock, lambda: time.monotonic() + phase.passed_ms / 1000)
        known = recorded_clock(config.data, config.clock.source, config.clock.drift_ppm, self.clock).known()
        announced = any(measured.leap_ms == -LEAP_MS for measured in known.measurements[-1:])
        return known.proof_at(now).status is phase.status and announced is (phase.leap_at_ms is not None)
