"""The first proof: N acts while everything is killed (-9) at random times. Nothing is lost, doubled or broken."""

import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from datasets.faults.audit import audit
from datasets.faults.keeper import Keeper
from datasets.faults.stage import Stage, Wish
from datasets.faults.strikes import strikes
from edge.outbox import Outbox

LIMIT_S: Final = 3600.0
CALM_SHARE: Final = 0.9
"""The blows end when so much is delivered: the rest must come in by itself."""


@dataclass(frozen=True, slots=True)
class Kills:
    """How hard: a blow every ``mean_s`` on average, at least ``blows_min`` of them."""

    seed: int
    mean_s: float
    blows_min: int


def run_kills(wish: Wish, kills: Kills, now_ms: int) -> dict[str, Any]:
    """Play it; return the figures, ``problems`` among them."""
    begun_s = time.monotonic()
    with Stage(wish, now_ms) as stage:
        keeper = Keeper(stage)
        stage.feeder.start()

        def enough() -> bool:
            return sum(keeper.struck.values()) >= kills.blows_min and delivered(stage) >= CALM_SHARE * wish.events

        calm = keeper.until(enough, LIMIT_S, strikes(kills.seed, kills.mean_s))
        whole = keeper.until(lambda: keeper.fed and at_rest(stage), LIMIT_S)
        strays = stage.box.strays()
        return told(stage, keeper, time.monotonic() - begun_s) | {
            "seed": kills.seed,
            "in_time": calm and whole,
            "strays": len(strays),
        }


def told(stage: Stage, keeper: Keeper, seconds: float) -> dict[str, Any]:
    """Return the figures of a run that has come to rest."""
    planned = [str(name) for name in stage.plan.event_ids()]
    outcome = audit(planned, stage.wish.folder, stage.database_url, stage.evidence)
    return outcome.figures() | {
        "kills": dict(sorted(keeper.struck.items())),
        "died": dict(sorted(keeper.died.items())),
        "seconds": round(seconds, 1),
        "problems": outcome.problems(),
    }


def delivered(stage: Stage) -> int:
    """Count the events whose receipt the box holds."""
    with closing(Outbox(stage.data / "outbox.sqlite")) as outbox:
        return outbox.counts().delivered


def at_rest(stage: Stage) -> bool:
    """Tell whether the camera has seen its footage to the end, and nothing waits on the box any more."""
    with closing(Outbox(stage.data / "outbox.sqlite")) as outbox:
        counts = outbox.counts()
        watched = any(progress.frames >= stage.wish.frames for progress in outbox.progress().values())
        return watched and counts.waiting == 0 and counts.files_waiting == 0
