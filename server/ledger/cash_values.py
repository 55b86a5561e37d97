"""Cash on its way, as a value. Pure."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cash:
    """Cash that was taken on the spot: its receipt, where it has come, and on what its taking rests.

    Moments in ms since the epoch.
    """

    receipt: str
    case_id: int
    officer: str
    amount_fen: int
    taken_at_ms: int
    handed_in_at_ms: int | None = None
    banked_at_ms: int | None = None
    evidence_sha256: str = field(default="", compare=False)
    demonstration: bool = field(default=False, compare=False)
