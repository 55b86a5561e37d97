"""The clip of an act as files of its package: clip.mp4, clip.csv (every frame of it), clip.json (what it lacks)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from av.video.stream import VideoStream
from pydantic import Field

from contract.fields import Count, EpochMs, Message
from contract.seal import message_bytes
from edge.video.mp4 import mp4
from edge.video.ring import Coded
from edge.video.spans import Span

CLIP, FRAMES, NOTE = "clip.mp4", "clip.csv", "clip.json"
COLUMNS: Final = "number,t_ms,epoch_ms,clip_ms"


class ClipNote(Message):
    """``clip.json``: what the clip was to show, what it shows, and why it lacks what it lacks.

    Times are ms since the footage's first frame, as in tracks.csv; ``start_ms`` is that frame's time of day. Without a
    clip ``from_ms`` and ``to_ms`` are null.
    """

    start_ms: EpochMs
    wanted: tuple[Span, ...] = Field(description="from 5 s before the entry to 5 s after the advance")
    from_ms: int | None
    to_ms: int | None
    frames: Count
    skipped: Count = Field(description="numbers that are missing between its first and last frame")
    missing: Annotated[str, Field(max_length=500)] | None = Field(description="what is not in it, and why")


@dataclass(frozen=True, slots=True)
class Reached:
    """How far the film has come when the clip is cut, and what has ended it, if anything."""

    last_ms: int
    problem: str | None = None


def clip_files(
    template: VideoStream | None,
    parts: Sequence[tuple[Span, Sequence[Coded]]],
    start_ms: int,
    frame_ms: int,
    reached: Reached,
) -> Mapping[str, bytes]:
    """Return the files by their names; clip.json alone where nothing was filmed.

    ``parts`` are the wanted spans with what is kept of each; the clip's last frame lasts ``frame_ms``.
    """
    frames = joined([kept for _, kept in parts])
    lacking = [sentence for span, kept in parts for sentence in _lacking(span, kept, reached.last_ms)]
    note = ClipNote(
        start_ms=start_ms,
        wanted=tuple(span for span, _ in parts),
        from_ms=frames[0].t_ms if frames else None,
        to_ms=frames[-1].t_ms if frames else None,
        frames=len(frames),
        skipped=sum(kept[-1].number - kept[0].number + 1 - len(kept) for _, kept in parts if kept),
        missing="; ".join([*lacking, *([reached.problem] if reached.problem else [])])[:500] or None,
    )
    files = {NOTE: message_bytes(note)}
    if template is None or not frames:
        return files
    return files | {CLIP: mp4(template, frames, frame_ms), FRAMES: frames_csv(frames, start_ms).encode()}


def _lacking(span: Span, kept: Sequence[Coded], last_ms: int) -> list[str]:
    """Return what of a span is not shown, and why, in words."""
    if not kept:
        return [f"nothing is kept of {span.from_ms} to {span.to_ms} ms"]
    first, last = kept[0], kept[-1]
    sentences = []
    if first.t_ms > span.from_ms:
        begins = f"the footage begins at {first.t_ms} ms"
        sentences.append(begins if first.number == 1 else f"what was before {first.t_ms} ms is no longer kept")
    if last.t_ms < span.to_ms:
        ends = f"the last frame came at {last.t_ms} ms"
        sentences.append(ends if last.t_ms == last_ms else f"what came after {last.t_ms} ms is no longer kept")
    return sentences


def joined(parts: Sequence[Sequence[Coded]]) -> tuple[Coded, ...]:
    """Return the frames of all parts in time order, each once."""
    by_number = {frame.number: frame for part in parts for frame in part}
    return tuple(by_number[number] for number in sorted(by_number))


def frames_csv(frames: Sequence[Coded], start_ms: int) -> str:
    """Return clip.csv: a row a frame of the clip, by the number that its band shows."""
    first_ms = frames[0].t_ms
    rows = (f"{f.number},{f.t_ms},{start_ms + f.t_ms},{f.t_ms - first_ms}\n" for f in frames)
    return f"{COLUMNS}\n{''.join(rows)}"
