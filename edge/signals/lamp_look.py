"""What one look at one lamp in one picture gave: values only."""

from dataclasses import dataclass
from enum import StrEnum

from contract.words import LampState


class Doubt(StrEnum):
    """Why a look does not say what the lamp shows."""

    CHANNEL_ORDER = "channel_order"
    """Colour and place contradict each other, or the light is blue: red and blue may be exchanged (RGB for BGR)."""
    CONFLICT = "conflict"
    """Two colours at once, or a colour that no lamp has."""
    FAINT = "faint"
    """Something coloured, but too weak to be called lit: a lens in the sun, fog."""
    WASHED_OUT = "washed_out"
    """Glare: no contrast is left."""
    HIDDEN = "hidden"
    """Nothing lit, and no housing to be seen: something stands before it, or it is night."""
    SPILLED = "spilled"
    """The colour goes on beyond the housing: something of that colour stands before or behind it."""
    OUTSIDE = "outside"
    """The region is not in the picture."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look. ``state`` is red, green, yellow, dark or unknown; ``sure`` is 0 to 1; a doubt goes with unknown."""

    state: LampState
    sure: float
    doubt: Doubt | None = None
