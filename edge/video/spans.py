"""What the clip of an act shows, in capture time: from 5 s before the entry to 5 s after the advance. Pure."""

from typing import Final, NamedTuple

LEAD_MS: Final = 5_000
TAIL_MS: Final = 5_000
WHOLE_MS_MAX: Final = 30_000
"""An act that is longer is a wait beyond a line: its clip shows both ends, and says what lies between."""
AROUND_MS: Final = 10_000
HELD_MS: Final = 15_000
"""Of an act that may still become another, so much after the entry is held: a stop beyond the line is sure by then."""


class Span(NamedTuple):
    """From when to when, ms since the footage's first frame, both ends included."""

    from_ms: int
    to_ms: int


def shown(entered_ms: int, confirmed_ms: int) -> tuple[Span, ...]:
    """Return the spans that a clip is to show, in time order: one, or two of an act that is a long wait."""
    whole = Span(entered_ms - LEAD_MS, confirmed_ms + TAIL_MS)
    if confirmed_ms - entered_ms <= WHOLE_MS_MAX:
        return (whole,)
    return (Span(whole.from_ms, entered_ms + AROUND_MS), Span(confirmed_ms - AROUND_MS, whole.to_ms))


def beginning(entered_ms: int, confirmed_ms: int) -> Span:
    """Return what is held of an act whose verdict may come late; ``confirmed_ms`` is what is foreseen by now."""
    return Span(entered_ms - LEAD_MS, max(entered_ms + HELD_MS, confirmed_ms + TAIL_MS))
