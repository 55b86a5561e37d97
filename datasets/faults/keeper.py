"""Starts again what has died, as a service manager would, and strikes whom a list names."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from datasets.errors import PartMissingError
from datasets.faults.stage import Stage
from datasets.faults.strikes import Strike

AGAIN_S: Final = 0.5
"""What dies by itself is started again after so long."""
DIED_MAX: Final = 60
"""Who dies so often cannot work at all: the run ends."""
TICK_S: Final = 0.1


@dataclass(slots=True)
class Keeper:
    """Keeps one stage running. ``struck`` counts the blows, ``died`` the ends that nobody had ordered."""

    stage: Stage
    struck: Counter[str] = field(default_factory=Counter)
    died: Counter[str] = field(default_factory=Counter)
    fed: bool = False
    _down_until_s: dict[str, float] = field(default_factory=dict)

    def until(self, done: Callable[[], bool], limit_s: float, blows: Iterator[Strike] | None = None) -> bool:
        """Keep everything running until ``done``, striking meanwhile; return False where the time was up first."""
        until_s = time.monotonic() + limit_s
        blow = None if blows is None else next(blows)
        strike_s = time.monotonic() + (0.0 if blow is None else blow.wait_s)
        while not done():
            now_s = time.monotonic()
            if now_s > until_s:
                return False
            if blows is not None and blow is not None and now_s >= strike_s:
                self.strike(blow)
                blow = next(blows)
                strike_s = now_s + blow.wait_s
            self.tend(now_s)
            time.sleep(TICK_S)
        return True

    def strike(self, blow: Strike) -> None:
        """Kill, and let nobody start it again for a while. What does not run is not struck."""
        stage, pieces = self.stage, self.stage.pieces
        if blow.whom == "camera":
            self.struck["camera"] += stage.box.kill_child()
            return
        name = "box" if blow.whom == "publisher" else blow.whom
        if name in self._down_until_s or (name in pieces and not pieces[name].runs()):
            return
        if blow.whom == "publisher":
            stage.box.kill_alone()
        elif name in pieces:
            pieces[name].kill()
        elif name == "broker":
            stage.broker.kill()
        else:
            stage.database.kill()
        self.struck[blow.whom] += 1
        self._down_until_s[name] = time.monotonic() + blow.down_s

    def tend(self, now_s: float) -> None:
        """Start again what has been down for long enough."""
        for name, due_s in tuple(self._down_until_s.items()):
            if now_s >= due_s:
                del self._down_until_s[name]
                self._start(name)
        for piece in self.stage.pieces.values():
            if piece.name in self._down_until_s or piece.status() is None:
                continue
            if piece is self.stage.feeder and piece.status() == 0:
                self.fed = True
                continue
            self.died[piece.name] += 1
            if self.died[piece.name] > DIED_MAX:
                said = piece.log.read_text(errors="replace")[-800:]
                raise PartMissingError(piece.name, f"it died {DIED_MAX} times by itself: {said}", f"See {piece.log}")
            self._down_until_s[piece.name] = now_s + AGAIN_S

    def _start(self, name: str) -> None:
        stage = self.stage
        if name == "broker":
            stage.broker.start()
        elif name == "database":
            stage.database.start()
        else:
            stage.pieces[name].start()
