"""What the engine keeps does not grow: not with those who pass, nor with who stays, nor in a crowd of doubts."""

import gc
import sys
import tracemalloc
from types import FunctionType, ModuleType

import pytest

from calibration.scene import Crosswalk, Lane, Scene, StopLine
from contract.words import LampState, RoadUserKind
from edge.observations import Observation, RoadUser
from edge.rules.engine import RuleEngine
from edge.signals.timeline import Said, Shown

WALKER, RIDER, CAR = RoadUserKind.PEDESTRIAN, RoadUserKind.RIDER, RoadUserKind.CAR
SCENE = Scene(
    site_id="s",
    site_name="site",
    camera_id="c",
    direction="north",
    size_px=(100, 100),
    ground=None,
    signals=(),
    crosswalks=(Crosswalk("walk", "lamp", ((0.0, 0.0), (5.0, 0.0), (5.0, 10.0), (0.0, 10.0)), (0.0, 1.0)),),
    lanes=(Lane("bikes", ("rider",), ((-20.0, 0.0), (-2.0, 0.0), (-2.0, 3.0), (-20.0, 3.0)), (1.0, 0.0)),),
    stop_lines=(StopLine("line", "lamp", ("rider",), ((-2.0, 0.0), (-2.0, 3.0)), (0.0, 1.5)),),
)
STEP_MS = 500
LIFE = 8
"""So many steps is everybody in sight."""


class Blinking:
    """A lamp that is red for every other half minute, for ever (edge.signals.timeline.Signals)."""

    def shown(self, signal_id: str, t_ms: int) -> Shown:
        since_ms = t_ms - t_ms % 30_000
        state = LampState.RED if since_ms % 60_000 == 0 else LampState.GREEN
        return Shown(state, since_ms, since_ms + 30_000)

    def said(self, signal_id: str, t_ms: int) -> tuple[Said, ...]:
        return ()


def passing(steps: int, at_once: int):
    """Everybody new after LIFE steps: over the crosswalk, through the lane (either way), on by car; some lost."""
    for step in range(steps):
        users = []
        for place in range(at_once):
            turn, age = divmod(step + place, LIFE)
            if (age, turn % 3) == (4, 0):
                continue
            # each third takes another number on the way; each seventh pair goes on as each other
            number = turn * at_once + place + (1_000_000 if turn % 3 == 0 and age > 4 else 0)
            if turn % 7 == 0 and age > 6:
                number ^= 1
            users.append(RoadUser(number, *_way(place % 4, place, turn, age / (LIFE - 1))))
        yield Observation(step * STEP_MS, tuple(users))


def _way(kind: int, place: int, turn: int, share: float):
    if kind == 0:
        return WALKER, 1 + place % 7 / 2, -2 + 14 * share + place % 2 * 0.3
    if kind <= 2:
        return RIDER, (-20 + 24 * share if turn % 2 else 4 - 24 * share), 1.5
    return CAR, 2.5, 12 - 14 * share


def standing(steps: int):
    """The same two walkers, a rider and a car, on the crosswalk and beyond the line for ever, and one passes by."""
    for step in range(steps):
        turn, age = divmod(step, LIFE)
        staying = (
            RoadUser(1, WALKER, 2.0, 5.0),
            RoadUser(2, WALKER, 2.4, 5.0),
            RoadUser(3, RIDER, -20 + min(step, 40) / 2, 1.5),
            RoadUser(4, CAR, 2.5, 2 + 8 * max(0, 5 - step) / 5),
        )
        passer = RoadUser(100 + turn, WALKER, 4.0, -2 + 14 * age / (LIFE - 1))
        yield Observation(step * STEP_MS, (*staying, passer))


def kept_bytes(engine: RuleEngine) -> int:
    """Return the size of all that can be reached from an engine."""
    seen, total, todo = set(), 0, [engine]
    while todo:
        one = todo.pop()
        if id(one) in seen or isinstance(one, type | ModuleType):
            continue
        seen.add(id(one))
        total += sys.getsizeof(one)
        todo += one.__closure__ or () if isinstance(one, FunctionType) else gc.get_referents(one)
    return total


def kept_over(observations, every: int):
    """Return the most kept in each stretch of ``every`` steps: (bytes, tracks), all numbers, what was said."""
    engine, stretches, numbers, said = RuleEngine(SCENE, Blinking()), [], set(), set()
    for step, observation in enumerate(observations):
        judged = engine.observe(observation)
        said |= {name for name in ("violations", "passages", "yields") if getattr(judged, name)}
        numbers |= {user.track_id for user in observation.road_users}
        if step % every == 0:
            stretches.append((0, 0))
        if step % 100 == 99:
            size, held = stretches[-1]
            stretches[-1] = max(size, kept_bytes(engine)), max(held, engine.tracks_held)
    return stretches, numbers, said


@pytest.mark.parametrize(
    ("name", "observations", "every", "tracks_least", "says"),
    [
        ("many pass, are lost and exchanged", passing(2800, 60), 700, 20_000, {"violations", "passages", "yields"}),
        ("some never leave", standing(4800), 1200, 600, {"violations", "passages"}),
    ],
)
def test_what_is_kept_does_not_grow(name, observations, every, tracks_least, says):
    stretches, numbers, said = kept_over(observations, every)
    assert len(numbers) >= tracks_least
    assert said == says
    warm_bytes, warm_held = stretches[1]
    for size, held in stretches[2:]:
        assert size <= 1.05 * warm_bytes
        assert held <= warm_held


def test_python_s_memory_does_not_grow():
    engine, sizes = RuleEngine(SCENE, Blinking()), []
    tracemalloc.start()
    for step, observation in enumerate(passing(450, 20)):
        engine.observe(observation)
        if step % 150 == 149:
            del observation
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert sizes[2] <= 1.05 * sizes[1]


def test_nothing_is_kept_of_who_is_gone():
    engine = RuleEngine(SCENE, Blinking())
    for observation in passing(100, 60):
        engine.observe(observation)
    last_ms = 100 * STEP_MS
    for t_ms in range(last_ms, last_ms + 120_000, 1000):
        engine.observe(Observation(t_ms, ()))
    assert engine.tracks_held == 0
