"""Plays groups of histories in processes of their own: all on one database, so that they meet there."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Final

from datasets.histories.law import DAY_MS
from datasets.histories.stage import Centre, Clock, Till, centre
from datasets.histories.working import Group

BEGAN_MS: Final = 1_790_000_000_000
"""September 2026; the groups begin on days of the three years that follow."""
Where = tuple[str, Path]
"""A database's URL, and the folder of the centre's keys."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much: so many histories, in groups of some cases, on which some officers work at once, each some turns.

    ``processes`` play groups side by side; 0: this one plays them one after the other. After ``minutes`` no further
    group begins.
    """

    histories: int = 10_000
    seed: int = 1
    cases: int = 16
    officers: int = 4
    turns: int = 56
    processes: int = 2
    minutes: float = 240

    @property
    def groups(self) -> int:
        """Return how many groups it takes."""
        return -(-self.histories // self.cases)


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one group: where each case ended and by how many acts, what was done, what came and went back."""

    ended: list[tuple[str, int]]
    did: Counter[str]
    steps: set[tuple[str, str, str]]
    problems: list[str]
    came_fen: int
    went_fen: int
    latest_ms: int


def play_group(made: Centre, wanted: Wanted, number: int) -> Played:
    """Play one group on a centre."""
    own = replace(made, till=Till())
    seed = wanted.seed * 1_000_003 + number
    entered_ms = BEGAN_MS + Random(seed).randrange(3 * 365) * DAY_MS  # noqa: S311 - no secret
    numbers = range(number * wanted.cases, min((number + 1) * wanted.cases, wanted.histories))
    group = Group(own, seed, own.open_cases(numbers, entered_ms), Clock(entered_ms + 60_000), wanted.turns)
    ended = [(case.state, len(case.acts)) for case in group.work(wanted.officers)]
    return Played(ended, group.did, group.steps, group.problems, *own.till.sums_fen, group.clock.now_ms)


def played(wanted: Wanted, where: Where) -> Iterator[Played]:
    """Yield every group as it ends. The database has its tables already."""
    until_s = time.monotonic() + wanted.minutes * 60
    if wanted.processes == 0:
        with centre(*where) as made:
            yield from (play_group(made, wanted, number) for number in _in_time(wanted.groups, until_s))
        return
    context = multiprocessing.get_context("spawn")  # threads and open databases do not survive a fork
    with ProcessPoolExecutor(wanted.processes, context, _open, (where,)) as pool:
        waits = [pool.submit(_play, wanted, number, until_s) for number in range(wanted.groups)]
        for done in as_completed(waits):
            if (found := done.result()) is not None:
                yield found


def _in_time(groups: int, until_s: float) -> Iterator[int]:
    for number in range(groups):
        if time.monotonic() > until_s:
            return
        yield number


_OPEN: Final[list[Centre]] = []
_STACK: Final = ExitStack()


def _open(where: Where) -> None:
    _OPEN.append(_STACK.enter_context(centre(*where)))


def _play(wanted: Wanted, number: int, until_s: float) -> Played | None:
    """CLOCK_MONOTONIC is one for all processes of a machine."""
    return None if time.monotonic() > until_s else play_group(_OPEN[0], wanted, number)
