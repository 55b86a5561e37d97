"""The run of hostile messages: the bulk against the intake in this process, a part by a real broker, a part by HTTP."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from datasets.debian import Say
from datasets.faults.hostile.assault import assault
from datasets.faults.hostile.broker_door import BrokerDoor, defects, open_at_broker
from datasets.faults.hostile.http_assault import assault_by_http
from datasets.faults.hostile.intake_door import open_door
from datasets.faults.stage import Stage
from datasets.faults.wish import Wish

BY_BROKER: Final = 0.06
BY_HTTP: Final = 0.05
PROBLEMS_MAX: Final = 20


def hostile(folder: Path, count: int, seed: int, now_ms: int, say: Say) -> dict[str, Any]:
    """Send ``count`` inputs in all; return the figures, ``problems`` among them."""
    begun_s = time.monotonic()
    folder.mkdir(parents=True)
    with closing(open_door(f"sqlite:///{folder / 'centre.sqlite'}", now_ms)) as door:
        done = assault(door, round(count * (1 - BY_BROKER - BY_HTTP)), seed, say)
    with _at_a_centre(folder, now_ms) as (stage, broker):
        sent = assault(broker, round(count * BY_BROKER), seed + 1, lambda text: say(f"broker: {text}"))
        token = (folder / "token").read_text()
        asked = assault_by_http(broker, stage.url, token, round(count * BY_HTTP), seed, say)
        problems = [*done.problems(), *sent.problems(), *asked.problems]
        problems += [f"the centre's log: {text}" for text in (*defects(stage.centre.log), *defects(stage.worker.log))]
        problems += [f"{piece.name} has ended" for piece in (stage.centre, stage.worker) if not piece.runs()]
    return {
        "run": "hostile",
        "seed": seed,
        "sent": done.sent + sent.sent + asked.sent,
        "by_broker": sent.sent,
        "by_http": asked.sent,
        "refused": done.refused + sent.refused + sum(asked.by_status.values()),
        "replays": done.replays + sent.replays,
        "crashes": len(done.crashes) + len(sent.crashes),
        "accepted": sum(done.uncounted.values()) + sum(sent.uncounted.values()),
        "http_status": {str(status): number for status, number in sorted(asked.by_status.items())},
        "seconds": round(time.monotonic() - begun_s, 1),
        "problems": problems[:PROBLEMS_MAX],
    }


@contextmanager
def _at_a_centre(folder: Path, now_ms: int) -> Iterator[tuple[Stage, BrokerDoor]]:
    wish = Wish(folder, events=1, frames=1, with_box=False)
    with Stage(wish, now_ms) as stage, closing(open_at_broker(stage, now_ms)) as door:
        yield stage, door
