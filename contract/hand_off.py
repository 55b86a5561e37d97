"""The messages about a site's hand-off switch: while it is set, nobody is accused.

An officer directs the traffic (道交法 art. 38), or accusations are paused there: road works, a suspended site.
"""

from typing import Annotated

from pydantic import Field, model_validator

from contract.fields import Count, EpochMs, Identifier, Message
from contract.words import HandOffCause


class HandOffSwitched(Message):
    """The centre's word on one site: nobody is accused there, and why, or no longer so. Sealed by the centre.

    A box takes a word only if its ``sequence`` is above that of the last one it took, so an old one cannot be replayed.
    A switch that is set ends by itself at ``until_ms``: nobody can forget it.
    """

    site_id: Identifier
    sequence: Annotated[int, Field(ge=1, le=2**53 - 1)]
    is_set: bool
    at_ms: EpochMs
    until_ms: EpochMs | None
    cause: HandOffCause = HandOffCause.DIRECTED

    @model_validator(mode="after")
    def _ends(self) -> "HandOffSwitched":
        if self.is_set != (self.until_ms is not None) or (self.until_ms is not None and self.until_ms <= self.at_ms):
            raise ValueError("a switch that is set needs an end after its beginning, a released one has none")
        return self


class HandOffHeld(Message):
    """What a box holds of its site's switch. ``sequence`` 0: no word has reached it yet."""

    device_id: Identifier
    site_id: Identifier
    sequence: Count
    is_set: bool
    said_at_ms: EpochMs
