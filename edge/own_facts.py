"""What a box knows of itself, for its heartbeats: its version, how long it runs, its clock, its disk, its heat."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib.metadata import version

from contract.box import DiskUse
from contract.evidence import ClockProof
from edge.beats import Facts
from edge.disk import Disk
from edge.temperature import hottest_c


@dataclass(frozen=True, slots=True)
class OwnFacts:
    """The facts of one box, which runs since this was made. ``clock`` says how far its clock can be believed now."""

    disk: Disk
    clock: Callable[[], ClockProof | None]
    _version: str = field(default_factory=lambda: version("lukou"))
    _started_s: float = field(default_factory=time.monotonic)

    def beside(self, *, restarts: int, prompts_unsent: int) -> Facts:
        """Return them beside those of one camera."""
        return Facts(
            software_version=self._version,
            uptime_s=int(time.monotonic() - self._started_s),
            restarts=restarts,
            prompts_unsent=prompts_unsent,
            clock=self.clock(),
            disk=self._disk_use(),
            temperature_c=hottest_c(),
        )

    def _disk_use(self) -> DiskUse | None:
        measured = self.disk.measured
        return None if measured is None else DiskUse.model_validate(asdict(measured))
