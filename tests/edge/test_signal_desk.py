"""One camera's desk: pictures and words from outside come together, and the rules see only what is settled."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from calibration.scene import Crosswalk, FixedPlan, Scene, Signal
from contract.words import LampSource, LampState
from edge.errors import InputProblemError
from edge.observations import Judged, Observation
from edge.open_signals import SignalsFrom, desk_of
from edge.pipeline import Frame
from edge.signal_desk import SettledRules, SignalDesk
from edge.signal_table import unknown_lines
from edge.signals.fusion import FusedSignals
from edge.signals.heard import HeardVoice
from edge.signals.reading import Reading
from edge.signals.timeline import LampChange

RED, GREEN, UNKNOWN = LampState.RED, LampState.GREEN, LampState.UNKNOWN
PICTURE = np.zeros((4, 4, 3), np.uint8)


@dataclass
class LateLamps:
    """A lamp port that says each change 0.4 s after it, as a reader that must be sure does."""

    changes: list[LampChange]
    delay_ms: int = 400

    def read(self, frame: Frame) -> tuple[LampChange, ...]:
        due = [change for change in self.changes if change.t_ms + self.delay_ms <= frame.t_ms]
        self.changes = self.changes[len(due) :]
        return tuple(due)


@dataclass
class Asked:
    """Rules that note what the lamp showed at each instant, and 0.2 s before it."""

    signals: FusedSignals
    seen: list[tuple[int, LampState]] = field(default_factory=list)

    def observe(self, observation: Observation) -> Judged:
        self.seen.append((observation.t_ms, self.signals.shown("p", observation.t_ms).state))
        return Judged()

    def finish(self) -> Judged:
        return Judged()


STEP_MS = 50


def played(lamps: LateLamps, words: list[Reading], sources: list[LampSource]) -> tuple[Asked, SignalDesk]:
    """Play 10 s: each frame is read as it comes, each instant judged half a second later."""
    desk = SignalDesk(FusedSignals({"p": [HeardVoice(source, 1000) for source in sources]}), lamps=lamps)
    asked = Asked(desk.signals)
    rules = SettledRules(asked, desk.settle)
    for t_ms in range(0, 10_001, STEP_MS):
        desk.inbox.put(word for word in words if t_ms - STEP_MS < word.heard_ms <= t_ms)
        desk.read_lamps(Frame(t_ms, PICTURE))
        if t_ms >= 500:
            rules.observe(Observation(t_ms - 500, ()))
    rules.finish()
    return asked, desk


def test_a_lamp_that_is_read_late_is_known_in_time_for_the_rules():
    lamps = LateLamps([LampChange(0, "p", GREEN), LampChange(3000, "p", RED), LampChange(7000, "p", GREEN)])
    asked, _ = played(lamps, [], [LampSource.LAMP])
    assert [state for t_ms, state in asked.seen if 3000 <= t_ms < 7000] == [RED] * 80
    assert {state for t_ms, state in asked.seen if t_ms >= 7000 or t_ms < 3000} == {GREEN}


def test_a_lamp_and_a_feed_that_is_cut_off():
    lamps = LateLamps([LampChange(0, "p", RED)])
    feed = [Reading(LampSource.FEED, "p", t, t, RED) for t in range(0, 4001, 100)]
    asked, desk = played(lamps, feed, [LampSource.LAMP, LampSource.FEED])
    assert {t_ms for t_ms, state in asked.seen if state is RED} == set(range(0, 5001, 50))
    assert {state for t_ms, state in asked.seen if t_ms > 5000} == {UNKNOWN}
    (health,) = desk.health()
    assert (health.signal_id, health.known_s, health.stale_s, health.disagreements) == ("p", 5, 4, 0)
    (line,) = unknown_lines(desk.signals)
    assert line.startswith("signal p: unknown for 4.5 s of 9.5 s (4.5 s stale)")


def test_a_lamp_and_a_feed_that_contradict_each_other():
    lamps = LateLamps([LampChange(0, "p", RED)])
    feed = [Reading(LampSource.FEED, "p", t, t, RED if t < 4000 else GREEN) for t in range(0, 10_001, 100)]
    asked, desk = played(lamps, feed, [LampSource.LAMP, LampSource.FEED])
    assert {state for t_ms, state in asked.seen if t_ms > 4000} == {UNKNOWN}
    assert (desk.health()[0].disagreements, desk.health()[0].disagreeing_s) == (1, 5)


def scene(*signals: Signal) -> Scene:
    zones = tuple(Crosswalk(s.id, s.id, ((0, 0), (9, 0), (9, 3), (0, 3)), (1, 0)) for s in signals)
    return Scene("s", "s", "c", "n", (100, 100), None, signals, zones, (), ())


def test_a_scenes_plan_needs_nothing_from_outside(tmp_path):
    desk = desk_of(
        scene(Signal("p", "pedestrian", FixedPlan(40, 0, (20, 40)))), tmp_path / "s.yaml", 10_000, SignalsFrom()
    )
    shown = desk.signals.shown("p", 1000)
    assert (shown.state, shown.since_ms) == (RED, -10_000)
    assert [said.source for said in desk.signals.said("p", 1000)] == [LampSource.PLAN]
    assert desk.links == {}


def test_a_signal_that_nobody_speaks_of_is_refused_and_all_such_at_once(tmp_path):
    with pytest.raises(InputProblemError) as raised:
        desk_of(scene(Signal("p", "pedestrian"), Signal("q", "vehicle")), tmp_path / "s.yaml", 0, SignalsFrom())
    assert len(raised.value.problems) == 2
    assert "signals: p: needs a lamp, a plan, a source in edge.yaml, or --signals" in raised.value.problems[0]


def test_a_given_file_is_the_only_source(tmp_path):
    (tmp_path / "g.csv").write_text("t_ms,signal_id,state\n0,p,red\n5000,p,green\n")
    desk = desk_of(scene(Signal("p", "pedestrian")), tmp_path / "s.yaml", 0, SignalsFrom(tmp_path / "g.csv"))
    assert [desk.signals.shown("p", t).state for t in (100, 5000)] == [RED, GREEN]
    assert [said.source for said in desk.signals.said("p", 100)] == [LampSource.FILE]
