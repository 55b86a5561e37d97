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
from typing import Final

from rich.console import Console

from datasets.histories.law import steps
from datasets.histories.money_oracle import book_problems
from datasets.histories.playing import BEGAN_MS, Played, Wanted, Where, played
from datasets.histories.reading import close_book
from datasets.histories.stage import centre
from datasets.postgres import cluster, programs
from datasets.progress import counting

PROBLEMS_SHOWN: Final = 20


class Database(StrEnum):
    """Which database."""

    POSTGRESQL = "postgresql"
    SQLITE = "sqlite"


class HistoriesWrongError(Exception):
    """Some history broke what must hold."""

    exit_status = 1


@dataclass(slots=True)
class Figures:
    """What came of the histories on one database. ``not_walked``: steps of the law that no case took."""

    database: str
    seed: int
    histories: int = 0
    acts: int = 0
    acts_longest: int = 0
    refused: int = 0
    entries: int = 0
    came_fen: int = 0
    went_back_fen: int = 0
    seconds: float = 0.0
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
            f"{self.refused} refused, {self.entries} entries, "
            f"{of_all - len(self.not_walked)} of {of_all} steps walked, "
            f"{len(self.problems)} problems, {self.seconds:.0f} s"
        )

    def add(self, group: Played) -> None:
        """Add what came of a group."""
        self.histories += len(group.ended)
        self.acts += sum(acts for _, acts in group.ended)
        self.acts_longest = max(self.acts_longest, *(acts for _, acts in group.ended))
        self.ended = dict(Counter(self.ended) + Counter(state for state, _ in group.ended))
        self.did = dict(Counter(self.did) + group.did)
        self.refused = sum(count for name, count in self.did.items() if name.startswith("refused"))
        self.came_fen += group.came_fen
        self.went_back_fen += group.went_fen
        self.problems += group.problems


def bench_histories(wanted: Wanted, databases: Sequence[Database], console: Console, *, as_json: bool) -> None:
    """Play the histories on each database and print figures. Raises HistoriesWrongError."""
    found = []
    for database in databases:
        with counting(console, database.value, wanted.histories) as step, _where(database) as where:
            found.append(play(wanted, database, where, step))
        console.print(found[-1].line)
        for problem in found[-1].problems[:PROBLEMS_SHOWN]:
            console.print(f"  {problem}", markup=False)
    if as_json:
        print(json.dumps([asdict(figures) for figures in found], indent=2, ensure_ascii=False))
    wrong = sum(len(figures.problems) for figures in found)
    if wrong:
        raise HistoriesWrongError(f"{wrong} things that must hold did not, seed {wanted.seed}: see above")


@contextmanager
def _where(database: Database) -> Iterator[Where]:
    with tempfile.TemporaryDirectory(prefix="lukou-histories-") as name:
        folder = Path(name)
        if database is Database.SQLITE:
            yield f"sqlite:///{folder / 'histories.sqlite'}", folder
            return
        with cluster(programs(), fsync=False) as server:
            yield server.url(), folder


def play(wanted: Wanted, database: Database, where: Where, step: Callable[[str], None]) -> Figures:
    """Play the histories on a database, which may be empty; ``step`` hears of each."""
    began_s, figures = time.monotonic(), Figures(database.value, wanted.seed)
    walked: set[tuple[str, str, str]] = set()
    latest_ms = BEGAN_MS
    with centre(*where) as made:
        for group in played(wanted, where):
            figures.add(group)
            walked |= group.steps
            latest_ms = max(latest_ms, group.latest_ms)
            for _ in group.ended:
                step(f"{figures.histories} histories, {figures.acts} acts, {len(figures.problems)} problems")
        book = close_book(made, latest_ms, (figures.came_fen, figures.went_back_fen))
    figures.problems += book_problems(book)
    figures.entries = len(book.entries)
    figures.not_walked = sorted(" ".join(one) for one in steps() - walked)
    figures.seconds = round(time.monotonic() - began_s, 1)
    return figures
