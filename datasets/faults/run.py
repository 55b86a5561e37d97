"""The frame of every run: the chain is staged, harmed, left to come to rest, and looked at."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from datasets.debian import Say
from datasets.faults.audit import audit
from datasets.faults.keeper import Keeper
from datasets.faults.stage import Stage
from datasets.faults.wish import Wish

Figures = dict[str, Any]
LIMIT_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a run is: a blow every ``blow_s`` on average, a cut or a full disk for ``harm_s``."""

    folder: Path
    events: int
    seed: int
    now_ms: int
    frames: int = 160
    per_s: float = 4.0
    blow_s: float = 2.5
    blows_min: int = 50
    harm_s: float = 60.0
    say: Say = print

    def wish(self, name: str, **changes: Any) -> Wish:  # noqa: ANN401 - the fields of a Wish
        """Return what is to be staged."""
        return replace(Wish(self.folder / name, self.events, self.frames, self.per_s), **changes)


@contextmanager
def staged(scale: Scale, wish: Wish, *, feeding: bool = True) -> Iterator[tuple[Stage, Keeper, Figures]]:
    """Stage the chain and start who makes the acts; after the block let it come to rest, and complete the figures."""
    begun_s = time.monotonic()
    figures: Figures = {"run": wish.folder.name, "seed": scale.seed}
    with Stage(wish, scale.now_ms) as stage:
        keeper = Keeper(stage)
        if feeding:
            stage.feeder.start()
        yield stage, keeper, figures
        rested = keeper.until(lambda: keeper.fed and at_rest(stage), LIMIT_S)
        strays = stage.box.strays()
        outcome = audit(map(str, stage.plan.event_ids()), stage.wish.folder, stage.database_url, stage.evidence)
        problems = [*outcome.problems(), *(["it did not come to rest"] if not rested else [])]
        figures |= outcome.figures() | {
            "kills": dict(sorted(keeper.struck.items())),
            "died": dict(sorted(keeper.died.items())),
            "strays": len(strays),
            "seconds": round(time.monotonic() - begun_s, 1),
            "problems": [*figures.get("problems", []), *problems],
        }


def made(stage: Stage) -> int:
    """Count the violations in the box's outbox."""
    return _ask(stage, "SELECT count(*) FROM messages WHERE event_id IS NOT NULL")


def delivered(stage: Stage) -> int:
    """Count the events whose receipt the box holds."""
    return _ask(stage, "SELECT count(*) FROM messages WHERE event_id IS NOT NULL AND state = 'delivered'")


def at_rest(stage: Stage) -> bool:
    """Tell whether the camera has seen its footage to the end, and nothing waits on the box any more."""
    messages = _ask(stage, "SELECT count(*) FROM messages WHERE state = 'waiting'")
    of_taken = "FROM files JOIN messages USING (event_id) WHERE uploaded = 0 AND state != 'refused'"
    files = _ask(stage, f"SELECT count(*) {of_taken}")
    frames = _ask(stage, "SELECT coalesce(max(json_extract(progress, '$.frames')), 0) FROM cameras")
    return frames >= stage.wish.frames and messages == 0 and files == 0


def _ask(stage: Stage, question: str) -> int:
    """Ask the box's outbox for a number, without writing anything: its disk may be full."""
    path = stage.data / "outbox.sqlite"
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as database:
            return int(database.execute(question).fetchone()[0])
    except sqlite3.OperationalError:  # nobody has made it, or its tables, yet
        return 0
