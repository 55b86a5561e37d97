"""Whether a camera can be believed: from how its picture looks to one word. Pure, by one table.

A moved camera stays ``moved`` until it is calibrated again: every metre that it measures is wrong. The other states end
by themselves when the picture is well again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from contract.words import CameraState


@dataclass(frozen=True, slots=True)
class Looks:
    """One picture's figures.

    ``change`` is the mean difference from the last one (grey levels), ``brightness`` and ``contrast`` are mean and
    standard deviation, ``lit`` the brightness as a share of the reference's; ``focus`` the share of fine detail that is
    left for the contrast there is, ``blank`` the share of blocks that have lost nearly all of their edges, and
    ``agreement`` the median correlation of the blocks' edges with the reference.
    """

    change: float
    brightness: float
    contrast: float
    lit: float
    focus: float
    blank: float
    agreement: float


LOST_S: Final = 3.0
WELL_S: Final = 2.0
"""So long must everything be well before it is believed again."""
LIT_MIN: Final = 0.3
"""By night most edges of the day are gone: then nobody can say that the camera has moved."""


@dataclass(frozen=True, slots=True)
class Check:
    """A fault: how it looks, and for how long before it is believed."""

    state: CameraState
    holds: Callable[[Looks], bool]
    for_s: float


CHECKS: Final = (
    Check(CameraState.BLACK, lambda looks: looks.brightness < 16 and looks.contrast < 8, 1.0),
    Check(CameraState.COVERED, lambda looks: looks.blank >= 0.6, 1.0),
    Check(CameraState.MOVED, lambda looks: looks.agreement < 0.5 and looks.blank < 0.3 and looks.lit > LIT_MIN, 2.0),
    Check(CameraState.BLURRED, lambda looks: looks.focus < 0.45, 2.0),
    Check(CameraState.FROZEN, lambda looks: looks.change < 0.02, 3.0),
)
"""The first that holds long enough is the state."""


@dataclass(slots=True)
class Health:
    """One camera's health. ``state`` holds since ``since_ms`` (ms, as the times that it is given)."""

    state: CameraState = CameraState.OK
    since_ms: int = 0
    _began_ms: dict[CameraState, int] = field(default_factory=dict)
    _well_since_ms: int | None = None

    def see(self, t_ms: int, looks: Looks) -> None:
        """Take one picture's looks in; times do not go back."""
        standing = [check for check in CHECKS if self._holds(check, t_ms, looks)]
        if standing:
            self._well_since_ms = None
            self._become(standing[0].state, t_ms)
        elif self._began_ms:
            self._well_since_ms = None
        else:
            self._well_since_ms = t_ms if self._well_since_ms is None else self._well_since_ms
            if t_ms - self._well_since_ms >= WELL_S * 1000:
                self._become(CameraState.OK, t_ms)

    def unseen(self, t_ms: int, last_frame_ms: int | None) -> None:
        """Take note that no frame comes."""
        if last_frame_ms is None or t_ms - last_frame_ms >= LOST_S * 1000:
            self._began_ms.clear()
            self._well_since_ms = None
            self._become(CameraState.LOST, t_ms)

    def _holds(self, check: Check, t_ms: int, looks: Looks) -> bool:
        if not check.holds(looks):
            self._began_ms.pop(check.state, None)
            return False
        return t_ms - self._began_ms.setdefault(check.state, t_ms) >= check.for_s * 1000

    def _become(self, state: CameraState, t_ms: int) -> None:
        if state is not self.state and self.state is not CameraState.MOVED:
            self.state, self.since_ms = state, t_ms
