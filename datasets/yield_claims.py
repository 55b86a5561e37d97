"""The files of meetings that `lukou score --yields` reads: who met whom, and whom the drivers could not see."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from datasets.claims import Ms, read_identities, read_lines
from datasets.yield_scoring import Met, YieldsCompared, compare_yields


class _Line(BaseModel):
    """What of a line of yields.jsonl is compared."""

    track_id: int
    zone_id: Annotated[str, Field(max_length=64)]
    pedestrian_id: int
    entered_ms: Ms
    yielded: bool
    intent: str | None = None


class _Told(BaseModel):
    """A line of intents.jsonl: who is played is told a place."""

    track_id: int
    zone_id: str | None


def read_yields(path: Path) -> list[Met]:
    """Read yields.jsonl, of the truth or found. Raises InputProblemError with the line of every fault."""
    return [Met(**dict(line)) for line in read_lines(path, _Line)]


def compare_simulated_yields(folder: Path, found: Path) -> YieldsCompared:
    """Hold the meetings that were found against a folder of `lukou simulate`.

    Raises InputProblemError with every fault of the first file that has any.
    """
    who = read_identities(folder / "identities.csv")
    told = read_lines(folder / "intents.jsonl", _Told)
    played = {line.track_id for line in told if line.zone_id is not None}
    return compare_yields(read_yields(folder / "yields.jsonl"), read_yields(found), who, played)
