"""Whatever the shadow does, the live verdicts are those of the live rules alone, and its trouble is told."""

import threading

import pytest

from contract.words import RoadUserKind, ViolationKind
from edge.observations import Judged, Observation, Violation
from edge.shadow import MissedLine, ViolationLine
from edge.shadow_beside import FAILURES_MAX, UNSAID_MAX, Shadow, ShadowedRules

OBSERVATIONS = [Observation(100 * n, ()) for n in range(40)]


def accusing(t_ms: int) -> Judged:
    return Judged((Violation(ViolationKind.WRONG_WAY, t_ms, "n", None, t_ms, t_ms, 9.0, RoadUserKind.RIDER),))


class Accuses:
    """Rules that accuse at every instant, and once more at the end."""

    def observe(self, observation):
        return accusing(observation.t_ms)

    def finish(self):
        return accusing(9999)


class Fails(Accuses):
    """Rules that fail at some instants."""

    def __init__(self, at_ms):
        self.at_ms = at_ms

    def observe(self, observation):
        if observation.t_ms in self.at_ms:
            raise ZeroDivisionError("a mistake")
        return super().observe(observation)


class Hangs(Accuses):
    """Rules that are stuck until they are let go."""

    def __init__(self):
        self.stuck, self.let_go = threading.Event(), threading.Event()

    def observe(self, observation):
        self.stuck.set()
        assert self.let_go.wait(20)
        return super().observe(observation)


class Told:
    """Keeps what was written and said; the disk is full from some line on."""

    def __init__(self, full_after=10**6):
        self.lines, self.trouble, self.full_after = [], [], full_after

    def tell(self, t_ms, line):
        if len(self.lines) >= self.full_after:
            raise OSError("no space left")
        self.lines.append(line)

    def of(self, side):
        return [line.track_id for line in self.lines if isinstance(line, ViolationLine) and line.side == side]

    @property
    def missed(self):
        return [line for line in self.lines if isinstance(line, MissedLine)]


def watched(anew, told, *, waiting_max=512) -> list[Judged]:
    rules = ShadowedRules(Accuses(), Shadow(anew, told.tell, told.trouble.append), waiting_max)
    return [*(rules.observe(observation) for observation in OBSERVATIONS), rules.finish()]


LIVE = [*(accusing(o.t_ms) for o in OBSERVATIONS), accusing(9999)]
SAID = [*(o.t_ms for o in OBSERVATIONS), 9999]


def test_both_sides_are_written_in_their_order():
    told = Told()
    assert watched(Accuses, told) == LIVE
    assert (told.of("live"), told.of("shadow"), told.missed, told.trouble) == (SAID, SAID, [], [])


@pytest.mark.parametrize(
    ("story", "failing_ms", "gaps"),
    [
        ("once", {300}, [(300, 300)]),
        ("twice", {300, 500}, [(300, 300), (500, 500)]),
        ("at the last instant", {3900}, [(3900, 3900)]),
        ("at every one", set(range(0, 4000, 100)), [(t_ms, t_ms) for t_ms in range(0, 900, 100)] + [(900, 2**53 - 1)]),
    ],
)
def test_a_shadow_that_fails_is_begun_anew_and_told_and_touches_nothing(story, failing_ms, gaps):
    told = Told()
    assert watched(lambda: Fails(failing_ms), told) == LIVE
    assert told.of("live") == SAID
    assert [(gap.from_ms, gap.to_ms) for gap in told.missed] == gaps
    assert told.missed[0].why == "failed: ZeroDivisionError: a mistake"
    assert len(told.trouble) == min(len(failing_ms), FAILURES_MAX)
    if len(failing_ms) < FAILURES_MAX:
        assert told.of("shadow") == [t_ms for t_ms in SAID if t_ms not in failing_ms]
    else:
        assert told.trouble[-1].endswith("given up (at 900 ms, 10 times)")


def test_rules_that_cannot_even_begin_touch_nothing():
    told = Told()

    def broken():
        raise RuntimeError("no rules")

    assert watched(broken, told) == LIVE
    assert (told.of("live"), told.of("shadow")) == (SAID, [])


def test_a_slow_shadow_misses_instants_and_the_live_rules_do_not_wait():
    told, slow = Told(), Hangs()
    rules = ShadowedRules(Accuses(), Shadow(lambda: slow, told.tell, told.trouble.append), 4)
    judged = [rules.observe(OBSERVATIONS[0])]
    assert slow.stuck.wait(20)
    judged += [rules.observe(observation) for observation in OBSERVATIONS[1:]]  # it returns while the shadow hangs
    assert judged == LIVE[:-1]
    slow.let_go.set()
    assert rules.finish() == LIVE[-1]
    assert told.of("live") == SAID  # none of the live verdicts is lost from the file
    (gap,) = told.missed
    assert (gap.from_ms, gap.to_ms, gap.observations) == (500, OBSERVATIONS[-1].t_ms, len(OBSERVATIONS) - 5)
    assert len(told.of("shadow")) == 5 + 1
    assert len(told.trouble) == 1


def test_a_hung_shadow_does_not_fill_the_memory():
    told, hung = Told(), Hangs()
    rules = ShadowedRules(Accuses(), Shadow(lambda: hung, told.tell, told.trouble.append), 4)
    many = [Observation(100 * n, ()) for n in range(2 * UNSAID_MAX)]
    rules.observe(many[0])
    assert hung.stuck.wait(20)
    for observation in many[1:]:
        assert rules.observe(observation) == accusing(observation.t_ms)
    hung.let_go.set()
    rules.finish()
    (gap,) = told.missed
    assert gap.live_lost == len(many) - 5 - UNSAID_MAX
    assert len(told.of("live")) + gap.live_lost == len(many) + 1


def test_a_full_disk_touches_nothing():
    told = Told(full_after=10)
    assert watched(Accuses, told) == LIVE
    assert "no space left" in told.trouble[0]
    assert len(told.trouble) == FAILURES_MAX
