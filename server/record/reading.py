"""A package's record as values: scene, way, lamps and film, from files whose hashes have been checked.

What is missing or cannot be read is left out, and said: the pictures themselves are then judged without the drawing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from calibration.errors import SceneError
from calibration.reader import parse_scene
from calibration.scene import Scene
from contract.fields import EpochMs
from contract.messages import ActReported
from contract.words import LampSource
from server.record.film import Film, film_of
from server.record.lamps import Said, Span, said, shown, spans_by_source
from server.record.rows import UnreadableError
from server.record.way import Sight, way_of

V = TypeVar("V")
SCENES_KEPT = 64
"""Scenes of cameras, which are the same from case to case; YAML is slow to read."""


class _Verdict(BaseModel):
    """What of verdict.json is needed here: it is the edge's own file, and may say more (docs/formats.md)."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    start_ms: EpochMs
    said_ms: int


@dataclass(frozen=True, slots=True)
class Record:
    """What a verdict rested on. Times are ms from the entry; ``until_ms`` is when the record ends.

    ``problems`` says what could not be read, a line each; a file that is not in the package is no problem.
    """

    scene: Scene | None = None
    way: tuple[Sight, ...] = ()
    shown: tuple[Span, ...] = ()
    said: tuple[Said, ...] = ()
    by_source: Mapping[LampSource, tuple[Span, ...]] = field(default_factory=dict)
    film: Film | None = None
    until_ms: int = 0
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reader:
    contents: Mapping[str, bytes]
    problems: list[str] = field(default_factory=list)

    def read(self, name: str, how: Callable[[bytes], V]) -> V | None:
        """Read one file, if it is there; note why it cannot be read."""
        data = self.contents.get(name)
        if data is None:
            return None
        try:
            return how(data)
        except (UnreadableError, SceneError) as error:
            self.problems += str(error).splitlines()[:1]
        except ValidationError as error:
            self.problems.append(f"{name}: {error.error_count()} faults, the first: {error.errors()[0]['msg']}")
        return None


def read_record(contents: Mapping[str, bytes], act: ActReported) -> Record:
    """Read the files of an act's package by their names."""
    files = _Reader(contents)
    film = files.read("clip.csv", lambda data: film_of(data, act.entered_at_ms))
    verdict = files.read("verdict.json", _Verdict.model_validate_json)
    if verdict is None:
        return Record(film=film, problems=tuple(files.problems))
    entered_ms = act.entered_at_ms - verdict.start_ms
    until_ms = max(verdict.said_ms - entered_ms, act.confirmed_at_ms - act.entered_at_ms)
    signal = act.signal_id
    way = files.read("tracks.csv", lambda data: way_of(data, act.track_id, entered_ms))
    spans = signal and files.read("signals.csv", lambda data: shown(data, signal, entered_ms, until_ms))
    heard = (signal and files.read("sources.csv", lambda data: said(data, signal, entered_ms))) or ()
    by_source = files.read("sources.csv", lambda _: spans_by_source(heard, until_ms))
    return Record(
        scene=files.read("scene.yaml", _scene),
        way=way or (),
        shown=spans or (),
        said=heard,
        by_source=by_source or {},
        film=film,
        until_ms=until_ms,
        problems=tuple(files.problems),
    )


@lru_cache(maxsize=SCENES_KEPT)
def _scene(data: bytes) -> Scene:
    return parse_scene(data, "scene.yaml")
