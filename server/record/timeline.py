"""The lamps over the seconds around an act: what was settled, what each source said; entry and advance. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from server.record.lamps import Span
from server.record.svg import Canvas, Words, width_of

WIDTH, NAMES, NOTES, ROW, TOP, SIZE = 640.0, 112.0, 96.0, 26.0, 24.0, 13.0
TICKS_MAX = 12


@dataclass(frozen=True, slots=True)
class LampRow:
    """One row: whose word it is, its states, and a short note (how old the word was at the entry)."""

    name: str
    spans: tuple[Span, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is drawn: ``from_ms`` to ``to_ms`` from the entry, which is at 0."""

    from_ms: int
    to_ms: int
    rows: tuple[LampRow, ...]
    confirmed_ms: int


def timeline_svg(timeline: Timeline, words: Words) -> Markup:
    """Draw the lamps; each span has its state's colour, and its name where there is room: colour alone says nothing."""
    height = TOP + ROW * len(timeline.rows) + 26
    canvas = Canvas(WIDTH, height, words("lamps.name"), "lamps")
    axis = _Axis(timeline.from_ms, max(timeline.to_ms, timeline.from_ms + 1))
    for number, row in enumerate(timeline.rows):
        _row(canvas, axis, row, TOP + ROW * number, words)
    bottom = TOP + ROW * len(timeline.rows)
    for t_ms in _ticks(axis.from_ms, axis.to_ms):
        x = axis.at(t_ms)
        canvas.line([(x, bottom), (x, bottom + 5)], "tick")
        label = f"{t_ms / 1000:+.0f} s" if t_ms else "0 s"
        canvas.text((x - width_of(label, SIZE) / 2, bottom + 19), label, SIZE, "time")
    marks = ((0, words("lamps.entry"), "entry"), (timeline.confirmed_ms, words("lamps.advance"), "advance"))
    _marks(canvas, axis, [mark for mark in marks if axis.from_ms <= mark[0] <= axis.to_ms], bottom)
    return canvas.markup()


@dataclass(frozen=True, slots=True)
class _Axis:
    from_ms: int
    to_ms: int

    def at(self, t_ms: int) -> float:
        share = (min(max(t_ms, self.from_ms), self.to_ms) - self.from_ms) / (self.to_ms - self.from_ms)
        return NAMES + share * (WIDTH - NAMES - NOTES)


def _row(canvas: Canvas, axis: _Axis, row: LampRow, y: float, words: Words) -> None:
    canvas.text((0, y + 17), _cut(row.name, NAMES - 8), SIZE, "name")
    canvas.box((NAMES, y + 2), WIDTH - NAMES - NOTES, ROW - 5, "silent")
    for span in row.spans:
        left, right = axis.at(span.from_ms), axis.at(span.to_ms)
        if right <= left:
            continue
        canvas.box((left, y + 2), right - left, ROW - 5, f"lamp-{span.state}")
        name = words(f"lamp.{span.state}")
        if width_of(name, SIZE) + 8 < right - left:
            canvas.text((left + 5, y + 17), name, SIZE, f"on-{span.state}")
    canvas.text((WIDTH - NOTES + 6, y + 17), _cut(row.note, NOTES - 6), SIZE, "time")


def _marks(canvas: Canvas, axis: _Axis, marks: Sequence[tuple[int, str, str]], bottom: float) -> None:
    """Draw where the act was; a label that would lie over the one before it begins behind that."""
    free_from = 0.0
    for t_ms, label, of in marks:
        x = axis.at(t_ms)
        canvas.line([(x, TOP - 4), (x, bottom)], f"mark {of}")
        start = max(free_from, x - width_of(label, SIZE) / 2)
        canvas.text((start, TOP - 9), label, SIZE, of)
        free_from = start + width_of(label, SIZE) + 8


def _ticks(from_ms: int, to_ms: int) -> range:
    """Return the whole seconds to be named, not too many."""
    step_ms = 1000
    while (to_ms - from_ms) // step_ms > TICKS_MAX:
        step_ms *= 5 if step_ms == 1000 else 2
    return range(-(-from_ms // step_ms) * step_ms, to_ms + 1, step_ms)


def _cut(words: str, width: float) -> str:
    while words and width_of(words, SIZE) > width:
        words = words[:-1]
    return words
