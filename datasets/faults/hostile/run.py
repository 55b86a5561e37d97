"""The run of hostile messages: the bulk against the intake in this process, a part by a real broker and HTTP."""

import time
from pathlib import Path
from typing import Any

from datasets.debian import Say
from datasets.faults.hostile.assault import assault
from datasets.faults.hostile.intake_door import open_door


def hostile(folder: Path, count: int, seed: int, now_ms: int, say: Say) -> dict[str, Any]:
    """Send ``count`` messages; return the figures, ``problems`` among them."""
    begun_s = time.monotonic()
    folder.mkdir(parents=True)
    door = open_door(f"sqlite:///{folder / 'centre.sqlite'}", now_ms)
    done = assault(door, count, seed, say)
    return {
        "run": "hostile",
        "seed": seed,
        "sent": done.sent,
        "refused": done.refused,
        "replays": done.replays,
        "crashes": len(done.crashes),
        "accepted": sum(done.uncounted.values()),
        "seconds": round(time.monotonic() - begun_s, 1),
        "problems": done.problems(),
    }
