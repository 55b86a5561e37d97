"""The box with a wall clock that can be set: `python -m datasets.faults.shifted_box FOLDER`; all else is `lukou edge`.

FOLDER/clock-shift-ms says by how much its clock is off the machine's, at any time anew, and from when on it is a second
behind that: a leap second. Nothing else of the machine is touched: monotonic time goes on, as it does where an operator
or a wrong time server sets a clock.
"""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from calibration.reader import load_scene
from edge.box import Surroundings
from edge.clock import LEAP_MS
from edge.clock_records import recorded_clock
from edge.config import CameraConfig, load_config
from edge.open_box import run_box
from edge.service_manager import ServiceManager

SHIFT: Final = "clock-shift-ms"
NEVER_MS: Final = 2**62


@dataclass(frozen=True, slots=True)
class ShiftedClock:
    """The machine's clock and what a file says on top; without the file the machine's."""

    folder: Path

    def __call__(self) -> int:
        """Return the time, ms since the Unix epoch."""
        try:
            shift_ms, leap_at_ms = map(int, (self.folder / SHIFT).read_text().split())
        except FileNotFoundError:
            shift_ms, leap_at_ms = 0, NEVER_MS
        now_ms = time.time_ns() // 1_000_000 + shift_ms
        return now_ms - LEAP_MS if now_ms >= leap_at_ms else now_ms

    def shift(self, shift_ms: int, leap_at_ms: int | None = None) -> None:
        """Set it, whole at once. At ``leap_at_ms`` of its own time it repeats a second, as the kernel does."""
        beside = self.folder / f".{SHIFT}"
        beside.write_text(f"{shift_ms} {NEVER_MS if leap_at_ms is None else leap_at_ms}")
        beside.rename(self.folder / SHIFT)


def _place(camera: CameraConfig) -> tuple[str, str]:
    scene = load_scene(camera.scene)
    return scene.site_id, scene.camera_id


def main(folder: Path) -> int:
    """Run the box of FOLDER/edge.yaml."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    config, now_ms = load_config(folder / "edge.yaml"), ShiftedClock(folder)
    clock = recorded_clock(config.data, config.clock.source, config.clock.drift_ppm, now_ms)
    return run_box(config, _place, Surroundings(now_ms, ServiceManager.of(os.environ), clock.current_proof))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
