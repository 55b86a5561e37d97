"""Who is struck when: a seeded list of blows, so that a run can be repeated."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

ALL: Final = ("feeder", "camera", "publisher", "box", "broker", "centre", "worker", "database")
DOWN_S: Final = (0.1, 2.0)


@dataclass(frozen=True, slots=True)
class Strike:
    """After ``wait_s`` without a blow, ``whom`` is killed and stays down for ``down_s``."""

    wait_s: float
    whom: str
    down_s: float


def strikes(seed: int, mean_s: float, whom: Sequence[str] = ALL) -> Iterator[Strike]:
    """Yield blows without an end: waits as of chance (exponential), every one of ``whom`` as often as the others."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    while True:
        for name in chance.sample(list(whom), len(whom)):
            yield Strike(min(chance.expovariate(1 / mean_s), 4 * mean_s), name, chance.uniform(*DOWN_S))
