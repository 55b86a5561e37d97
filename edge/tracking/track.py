"""One track: what is known of one road user while it is followed. State only: others decide and doubt."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from edge.tracking.colours import Colours, Memory
from edge.tracking.families import Family
from edge.tracking.motion import Motion

Floats = NDArray[np.float64]


@dataclass(slots=True, eq=False)
class Row:
    """Where a track was at one instant. ``label`` is None where it was not seen, and ``unseen_s`` since when.

    ``rivals`` are tracks that nobody believed in yet and the chance that they are who this was: a doubt only if they
    are believed by the time at which the row is said.
    """

    t_ms: int
    box_xyxy_px: Floats
    place_m: Floats
    label: str | None
    score: float | None
    unseen_s: float = 0.0
    identity: float = 1.0
    rivals: "tuple[tuple[Track, float], ...]" = ()


@dataclass(slots=True, eq=False)
class Look:
    """What a track looks like, and who it may have been taken for."""

    memory: Memory = field(default_factory=Memory)
    fresh: list[Colours] = field(default_factory=list)  # undisturbed sights since the last contact
    on_trial: bool = False
    met: list["Track"] = field(default_factory=list)
    contact_ms: int = 0


@dataclass(slots=True, eq=False)
class Track:
    """One road user. ``key`` tells tracks apart; ``number`` is the person's, None until the track is believed.

    ``size_m`` (2,) is its width and height in metres to the side; ``score`` the mean of its detections' scores.
    """

    key: int
    family: Family
    motion: Motion
    size_m: Floats
    score: float
    began_ms: int
    seen_ms: int
    touched_ms: int  # when its score was last changed
    first_place_m: Floats
    seen_place_m: Floats
    number: int | None = None
    sights: int = 1
    seen_row: Row | None = None
    replaced_from_ms: int | None = None  # a later track has taken its number from then on
    labels: Counter[str] = field(default_factory=Counter)
    look: Look = field(default_factory=Look)
    doubts: dict[int, tuple[float, int]] = field(default_factory=dict)  # other track's key -> chance, until when
    certainty: float = 1.0  # what doubts that are over have left

    @property
    def confirmed(self) -> bool:
        """Tell whether the track is believed."""
        return self.number is not None

    def unseen_s(self, t_ms: int) -> float:
        """Return for how long it has not been seen."""
        return (t_ms - self.seen_ms) / 1000

    @property
    def identity(self) -> float:
        """Return how sure it is that this is who the track began with, 0 to 1."""
        return self.identity_beside(())

    def identity_beside(self, unbelieved: Collection[int]) -> float:
        """Return the same, leaving out the doubts that concern some tracks, by their keys."""
        share = self.certainty
        for key, (chance, _) in self.doubts.items():
            share *= 1.0 if key in unbelieved else 1 - chance
        return share
