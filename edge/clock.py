"""How far the box's clock can be believed. Pure."""

from typing import Final

from contract.evidence import ClockProof
from contract.words import ClockReference, ClockStatus

NO_REFERENCE: Final = ClockProof(
    status=ClockStatus.INVALID, reason="never synchronised: no reference is set", source=ClockReference.NONE
)
"""Nobody has said by what this clock is right: GA/T 832 is then not met."""
