"""One source's words about one signal, that come one by one and grow old. Pure.

A word vouches for its state until the next word, and for ``age_max_ms`` at most. Two rules keep a red honest:
- of a red nobody knows more than the last word that confirmed it: between that and the first other word it is unknown;
- what has been answered once (``settled_ms``) is never said otherwise later, however late a word comes.
"""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from contract.words import LampSource, LampState
from edge.signals.reading import Piece, Reading, Why
from edge.signals.timeline import Said

WORDS_MAX: Final = 20_000
"""Words kept for telling ages: 10 minutes at 30 a second."""
SPANS_MAX: Final = 5_000


@dataclass(slots=True)
class _Span:
    """A state from ``first_ms``, last confirmed at ``last_ms``. ``end_ms``: where the next span has ended it.

    ``since_ms`` is the source's own claim, which may reach further back than anybody may vouch for. ``claimed_ms`` is
    the latest time of which it was said outright: another state of that time is a contradiction.
    """

    state: LampState
    since_ms: int
    first_ms: int
    last_ms: int
    claimed_ms: int
    end_ms: int | None = None


class HeardVoice:
    """A source that speaks: lamp, feed or wire. ``age_max_ms`` None: it speaks on change only and is never stale."""

    def __init__(self, source: LampSource, age_max_ms: int | None) -> None:
        self.source = source
        self._age_max_ms = age_max_ms
        self._spans: list[_Span] = []
        self._words_ms: list[int] = []

    def hear(self, reading: Reading, settled_ms: int) -> bool:
        """Take a word in; one that is older than the last is refused (False)."""
        heard_ms = reading.heard_ms
        if self._words_ms and heard_ms < self._words_ms[-1]:
            return False
        since_ms = min(reading.t_ms, heard_ms)
        first_ms = self._from_ms(since_ms, heard_ms, settled_ms)
        last = self._spans[-1] if self._spans else None
        if last is not None and last.state is reading.state:
            last.claimed_ms = max(last.claimed_ms, first_ms)
            self.confirm(heard_ms, settled_ms)
            return True
        self._differ(_Span(reading.state, since_ms, first_ms, heard_ms, first_ms), last, settled_ms)
        self._note(heard_ms)
        return True

    def _differ(self, new: _Span, last: _Span | None, settled_ms: int) -> None:
        """Begin another state; where the source has said two states of one time, nothing is known from there on."""
        if last is not None and new.first_ms <= last.claimed_ms:
            new.state, new.claimed_ms = LampState.UNKNOWN, last.claimed_ms
        if last is not None and new.first_ms <= last.first_ms:
            last.state, last.last_ms = LampState.UNKNOWN, max(last.last_ms, new.last_ms)
        else:
            self._begin(new, settled_ms)

    def confirm(self, heard_ms: int, settled_ms: int) -> None:
        """The last word still holds at ``heard_ms``. After a silence that was too long, a new span begins."""
        if not self._spans or (self._words_ms and heard_ms < self._words_ms[-1]):
            return
        last = self._spans[-1]
        limit_ms = self._limit_ms(last)
        if limit_ms is None or max(heard_ms, settled_ms + 1) <= limit_ms:
            last.last_ms = max(last.last_ms, heard_ms)
        else:
            first_ms = max(heard_ms, settled_ms + 1)
            self._begin(_Span(last.state, first_ms, first_ms, heard_ms, last.claimed_ms), settled_ms)
        self._note(heard_ms)

    def piece(self, t_ms: int) -> Piece:
        """Return what is known of a time."""
        index = self._index(t_ms)
        following_ms = self._spans[index + 1].first_ms if index + 1 < len(self._spans) else None
        if index < 0:
            return Piece(LampState.UNKNOWN, None, following_ms, Why.SILENT)
        span, limit_ms = self._spans[index], self._limit_ms(self._spans[index])
        end_ms = _sooner(span.end_ms, limit_ms)
        if end_ms is None or t_ms < end_ms:
            why = Why.UNSURE if span.state is LampState.UNKNOWN else None
            return Piece(span.state, span.first_ms, end_ms, why)
        if limit_ms is not None and t_ms >= limit_ms:
            return Piece(LampState.UNKNOWN, limit_ms, following_ms, Why.STALE)
        return Piece(LampState.UNKNOWN, end_ms, _sooner(following_ms, limit_ms), Why.CHANGING)

    def said(self, t_ms: int) -> Said:
        """Return the last word at a time, fresh or not; its age is that of the last word that came by then."""
        index = self._index(t_ms)
        if index < 0:
            return Said(self.source, LampState.UNKNOWN, None, None)
        span = self._spans[index]
        words = bisect_right(self._words_ms, t_ms)
        return Said(self.source, span.state, span.since_ms, t_ms - self._words_ms[words - 1] if words else 0)

    def forget(self, before_ms: int) -> None:
        """Let go of spans that ended before a time, and of words older than it."""
        kept = max(self._index(before_ms), len(self._spans) - SPANS_MAX, 0)
        del self._spans[:kept]
        old = max(bisect_right(self._words_ms, before_ms) - 1, len(self._words_ms) - WORDS_MAX, 0)
        del self._words_ms[:old]

    def _from_ms(self, t_ms: int, heard_ms: int, settled_ms: int) -> int:
        """Return from when a word counts: not before what is settled, nor longer back than its age limit."""
        first_ms = max(t_ms, settled_ms + 1)
        return first_ms if self._age_max_ms is None else max(first_ms, heard_ms - self._age_max_ms)

    def _begin(self, span: _Span, settled_ms: int) -> None:
        if self._spans:
            last = self._spans[-1]
            last.last_ms = min(last.last_ms, span.first_ms)
            last.end_ms = span.first_ms
            if last.state is LampState.RED is not span.state and self._age_max_ms is not None:
                last.end_ms = min(span.first_ms, max(last.last_ms, settled_ms) + 1)
        self._spans.append(span)

    def _limit_ms(self, span: _Span) -> int | None:
        """Return the first ms at which a span's last word is too old."""
        return None if self._age_max_ms is None else span.last_ms + self._age_max_ms + 1

    def _note(self, heard_ms: int) -> None:
        if not self._words_ms or heard_ms > self._words_ms[-1]:
            self._words_ms.append(heard_ms)

    def _index(self, t_ms: int) -> int:
        """Return the last span that begins at or before a time, -1 where there is none."""
        return bisect_right(self._spans, t_ms, key=lambda span: span.first_ms) - 1


def _sooner(a_ms: int | None, b_ms: int | None) -> int | None:
    """Return the earlier of two times, of which each may be never."""
    return min((ms for ms in (a_ms, b_ms) if ms is not None), default=None)
