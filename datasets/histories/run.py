"""`lukou bench histories`: thousands of random histories on both databases, and what was found to be wrong."""

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Final

from rich.console import Console

from datasets.histories.law import DAY_MS, steps
from datasets.histories.money_oracle import book_problems
from datasets.histories.reading import close_book
from datasets.histories.stage import Centre, Clock, centre
from datasets.histories.working import Group
from datasets.postgres import cluster, programs
from datasets.progress import counting
from server.errors import ServerError

BEGAN_MS: Final = 1_790_000_000_000
"""September 2026; the groups begin on days of the three years that follow."""
PROBLEMS_SHOWN: Final = 20


class Base(StrEnum):
    """Which database."""

    POSTGRESQL = "postgresql"
    SQLITE = "sqlite"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much: so many histories, in groups of some cases, on which some officers work at once, each some turns."""

    histories: int = 10_000
    seed: int = 1
    cases: int = 8
    officers: int = 4
    turns: int = 40


@dataclass(slots=True)
class Figures:
    """What came of the histories on one database. ``not_walked``: steps of the law that no case took."""

    database: str
    seed: int
    histories: int = 0
    acts: int = 0
    acts_longest: int = 0
    entries: int = 0
    came_fen: int = 0
    went_back_fen: int = 0
    seconds: float = 0.0
    refused: int = 0
    ended: dict[str, int] = field(default_factory=dict)
    did: dict[str, int] = field(default_factory=dict)
    not_walked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """Return them as one line."""
        of_all = len(steps())
        return (
            f"{self.database}: {self.histories} histories, {self.acts} acts (the longest {self.acts_longest}), "
            f"{self.refused} refused, {self.entries} entries, {of_all - len(self.not_walked)} of {of_all} steps walked, "
            f"{len(self.problems)} problems, {self.seconds:.0f} s"
        )


class HistoriesWrongError(ServerError):
    """Some history broke what must hold."""

    exit_status = 1


def bench_histories(wanted: Wanted, bases: Sequence[Base], console: Console, *, as_json: bool) -> list[Figures]:
    """Play the histories on each database, print figures, and return them. Raises HistoriesWrongError."""
    found = []
    for base in bases:
        with counting(console, base.value, wanted.histories) as step, _url(base) as (url, folder):
            found.append(play(wanted, base, (url, folder), step))
        console.print(found[-1].line)
        for problem in found[-1].problems[:PROBLEMS_SHOWN]:
            console.print(f"  {problem}", markup=False)
    if as_json:
        print(json.dumps([asdict(figures) for figures in found], indent=2, ensure_ascii=False))
    wrong = sum(len(figures.problems) for figures in found)
    if wrong:
        raise HistoriesWrongError(f"{wrong} things that must hold did not, seed {wanted.seed}: see above")
    return found


@contextmanager
def _url(base: Base) -> Iterator[tuple[str, Path]]:
    with tempfile.TemporaryDirectory(prefix="lukou-histories-") as name:
        folder = Path(name)
        if base is Base.SQLITE:
            yield f"sqlite:///{folder / 'histories.sqlite'}", folder
            return
        with cluster(programs(), fsync=False) as server:
            yield server.url(), folder


def play(wanted: Wanted, base: Base, where: tuple[str, Path], step: Callable[[str], None]) -> Figures:
    """Play so many histories on a database; ``step`` hears of each."""
    began_s, figures = time.monotonic(), Figures(base.value, wanted.seed)
    did: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    latest_ms = BEGAN_MS
    with centre(*where) as made:
        for number, count in enumerate(_groups(wanted)):
            group = _group(made, wanted, number, count)
            for case in group.work(wanted.officers):
                ended[case.state] += 1
                figures.acts += len(case.acts)
                figures.acts_longest = max(figures.acts_longest, len(case.acts))
                step(f"{sum(ended.values())} histories")
            figures.problems += group.problems
            did += group.did
            latest_ms = max(latest_ms, group.clock.now_ms)
        _close(made, figures, latest_ms)
    figures.histories, figures.ended, figures.did = sum(ended.values()), dict(ended), dict(did)
    figures.refused = sum(count for name, count in did.items() if name.startswith("refused"))
    figures.seconds = round(time.monotonic() - began_s, 1)
    return figures


def _groups(wanted: Wanted) -> Iterator[int]:
    for begun in range(0, wanted.histories, wanted.cases):
        yield min(wanted.cases, wanted.histories - begun)


def _group(made: Centre, wanted: Wanted, number: int, count: int) -> Group:
    seed = wanted.seed * 1_000_003 + number
    entered_ms = BEGAN_MS + Random(seed).randrange(3 * 365) * DAY_MS  # noqa: S311 - no secret
    return Group(made, seed, made.open_cases(count, entered_ms), Clock(entered_ms + 60_000), wanted.turns)


def _close(made: Centre, figures: Figures, latest_ms: int) -> None:
    book = close_book(made, latest_ms)
    figures.problems += book_problems(book)
    figures.entries, figures.came_fen, figures.went_back_fen = len(book.entries), book.came_fen, book.went_fen
    figures.not_walked = sorted(" ".join(one) for one in steps() - made.walked)
