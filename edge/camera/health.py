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

    ``change`` is the difference from the last one (mean of the block that changed most, grey levels), ``brightness``
    and ``contrast`` are mean and standard deviation, ``lit`` the brightness as a share of the reference's; ``focus``
    the share of fine detail that is left for the contrast there is, ``blank`` the share of blocks that have lost nearly
    all of their edges; ``at_home`` the share of blocks whose edges are where they were, and ``displaced`` the share
    whose edges are found elsewhere, moved by one common motion.
    """

    change: float
    brightness: float
    contrast: float
    lit: float
    focus: float
    blank: float
    at_home: float
    displaced: float


LOST_S: Final = 3.0
WELL_S: Final = 2.0
"""So long must everything be well before it is believed again."""
LIT_MIN: Final = 0.3
"""By night most edges of the day are gone: then their absence says nothing."""
DISPLACED_MIN: Final = 0.2
ELSEWHERE_LATCH_S: Final = 600.0
"""A lorry that hides everything drives on; what has been another view for so long is one."""


@dataclass(frozen=True, slots=True)
class Check:
    """A fault: how it looks, for how long before it is believed, and after how long it no longer ends by itself."""

    state: CameraState
    holds: Callable[[Looks], bool]
    for_s: float
    lasts_after_s: float = float("inf")


def _black(looks: Looks) -> bool:
    return looks.brightness < 16 and looks.contrast < 8


def _covered(looks: Looks) -> bool:
    """Hardly an edge is left: though there is light, or though even the faint ones are not where they were."""
    return looks.blank >= 0.6 and (looks.lit > LIT_MIN or looks.at_home < 0.5)


def _hidden(looks: Looks) -> bool:
    """Something with edges of its own stands before nearly all of the view."""
    return 0.1 <= looks.at_home < 0.25 and looks.displaced < DISPLACED_MIN and looks.lit > LIT_MIN


def _displaced(looks: Looks) -> bool:
    return looks.displaced >= DISPLACED_MIN and looks.displaced > looks.at_home


def _elsewhere(looks: Looks) -> bool:
    """Nothing of what was there is found anywhere."""
    return looks.at_home < 0.1 and looks.displaced < DISPLACED_MIN and looks.blank < 0.6 and looks.lit > LIT_MIN


CHECKS: Final = (
    Check(CameraState.BLACK, _black, 1.0),
    Check(CameraState.COVERED, _covered, 1.0),
    Check(CameraState.MOVED, _displaced, 2.0, lasts_after_s=2.0),
    Check(CameraState.MOVED, _elsewhere, 4.0, lasts_after_s=ELSEWHERE_LATCH_S),
    Check(CameraState.COVERED, _hidden, 4.0),
    Check(CameraState.BLURRED, lambda looks: looks.focus < 0.45, 2.0),
    Check(CameraState.FROZEN, lambda looks: looks.change < 0.05, 3.0),
)
"""The first that holds long enough is the state."""
QUIET: Final = frozenset({CameraState.FROZEN})
"""Where nothing moves for a moment there is nobody either: that alone is no doubt."""


@dataclass(slots=True)
class Health:
    """One camera's health. ``state`` holds since ``since_ms`` (ms, as the times that it is given)."""

    state: CameraState = CameraState.OK
    since_ms: int = 0
    moved: bool = False
    """It has moved, and nobody has calibrated it since."""
    _began_ms: dict[Check, int] = field(default_factory=dict)
    _well_since_ms: int | None = None

    @property
    def sound(self) -> bool:
        """Tell whether the picture may accuse: the state is ok, and no fault is just beginning to show."""
        doubts = any(check.state not in QUIET for check in self._began_ms)
        return self.state is CameraState.OK and not doubts

    def recall_moved(self) -> None:
        """It had moved when the last run ended."""
        self.moved, self.state = True, CameraState.MOVED

    def see(self, t_ms: int, looks: Looks) -> None:
        """Take one picture's looks in; times do not go back."""
        standing = [check for check in CHECKS if self._holds(check, t_ms, looks)]
        self.moved |= any(t_ms - self._began_ms[check] >= check.lasts_after_s * 1000 for check in standing)
        if standing:
            self._well_since_ms = None
            self._become(standing[0].state, t_ms)
        elif self._began_ms:
            self._well_since_ms = None
        else:
            self._well_since_ms = t_ms if self._well_since_ms is None else self._well_since_ms
            if t_ms - self._well_since_ms >= WELL_S * 1000:
                self._become(CameraState.MOVED if self.moved else CameraState.OK, t_ms)

    def unseen(self, t_ms: int, last_frame_ms: int | None) -> None:
        """Take note that no frame comes."""
        if last_frame_ms is None or t_ms - last_frame_ms >= LOST_S * 1000:
            self._began_ms.clear()
            self._well_since_ms = None
            self._become(CameraState.LOST, t_ms)

    def _holds(self, check: Check, t_ms: int, looks: Looks) -> bool:
        if not check.holds(looks):
            self._began_ms.pop(check, None)
            return False
        return t_ms - self._began_ms.setdefault(check, t_ms) >= check.for_s * 1000

    def _become(self, state: CameraState, t_ms: int) -> None:
        if state is not self.state:
            self.state, self.since_ms = state, t_ms
