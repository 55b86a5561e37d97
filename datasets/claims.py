"""The files that `lukou score` reads: lines of violations, and whose number was whose. All faults of a file at once."""

import csv
from bisect import bisect_right
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, Field, ValidationError

from contract.words import ViolationKind
from datasets.scoring import Claim, Compared, Who, Whose, compare
from edge.errors import InputProblemError

PROBLEMS_SHOWN: Final = 20
TWO_PERSONS: Final = "two persons"
IDENTITY_COLUMNS: Final = ("from_ms", "to_ms", "track_id", "true_id")
Ms = Annotated[int, Field(ge=0)]
Line = TypeVar("Line", bound=BaseModel)


class _Line(BaseModel):
    """What of a line is compared; what else stands there is nobody's concern here."""

    kind: ViolationKind
    track_id: int
    zone_id: str
    entered_ms: Ms
    confirmed_ms: Ms
    intent: str | None = None
    lamp_since_ms: int | None = None


def read_claims(path: Path) -> list[Claim]:
    """Read truth.jsonl or violations.jsonl. Raises InputProblemError with the line of every fault."""
    return [Claim(**dict(line)) for line in read_lines(path, _Line)]


def read_lines(path: Path, form: type[Line]) -> list[Line]:
    """Read a file of one JSON object a line. Raises InputProblemError with the line of every fault."""
    lines: list[Line] = []
    problems: list[str] = []
    for number, text in enumerate(_text(path).splitlines(), start=1):
        if not text.strip():
            continue
        try:
            lines.append(form.model_validate_json(text))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(step) for step in first["loc"]) or "the line"
            problems.append(f"{path}:{number}: {where}: {first['msg']}")
    _refuse(path, problems)
    return lines


class _Told(BaseModel):
    """A line of intents.jsonl."""

    track_id: int
    intent: str


def read_intents(path: Path) -> dict[int, str]:
    """Read what a simulation told everybody to do. Raises InputProblemError."""
    return {line.track_id: line.intent for line in read_lines(path, _Told)}


def read_whose(path: Path) -> Whose:
    """Read identities.csv: the one who entered under a number, if that is also the one who was accused by it.

    Raises InputProblemError with the line of every fault.
    """
    who = read_identities(path)

    def person(claim: Claim) -> int | None:
        came, went = (who(claim.track_id, t_ms) for t_ms in (claim.entered_ms, claim.confirmed_ms))
        return came if came == went else None

    return person


def read_identities(path: Path) -> Who:
    """Read identities.csv: who stood behind a number when. Raises InputProblemError with the line of every fault."""
    rows: dict[int, list[tuple[int, int]]] = {}
    problems: list[str] = []
    reader = csv.DictReader(_text(path).splitlines())
    lacking = set(IDENTITY_COLUMNS) - set(reader.fieldnames or ())
    if lacking:
        raise InputProblemError(f"{path}:1: expected the columns {','.join(IDENTITY_COLUMNS)}")
    for row in reader:
        try:
            from_ms, _, number, person = (int(row[column]) for column in IDENTITY_COLUMNS)
            rows.setdefault(number, []).append((from_ms, person))
        except (TypeError, ValueError):
            problems.append(f"{path}:{reader.line_num}: expected four whole numbers, found {list(row.values())}")
    _refuse(path, problems)
    spans = {number: sorted(stretches) for number, stretches in rows.items()}
    return lambda number, t_ms: _person(spans.get(number, []), t_ms)


def _person(stretches: list[tuple[int, int]], t_ms: int) -> int | None:
    starts = [from_ms for from_ms, _ in stretches]
    return stretches[max(0, bisect_right(starts, t_ms) - 1)][1] if starts else None


def compare_simulated(folder: Path, found: Path) -> Compared:
    """Hold what was found against a folder of `lukou simulate`; who was accused wrongly is named by its intent.

    Raises InputProblemError with every fault of the first file that has any.
    """
    whose, intents = read_whose(folder / "identities.csv"), read_intents(folder / "intents.jsonl")
    compared = compare(read_claims(folder / "truth.jsonl"), read_claims(found), whose)
    persons = [whose(claim) for claim in compared.false]
    told = [TWO_PERSONS if person is None else intents.get(person) for person in persons]
    false = tuple(replace(claim, intent=intent) for claim, intent in zip(compared.false, told, strict=True))
    return replace(compared, false=false)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputProblemError(f"{path}: expected a file to read: {reason}") from error


def _refuse(path: Path, problems: list[str]) -> None:
    more = len(problems) - PROBLEMS_SHOWN
    if problems:
        raise InputProblemError(*problems[:PROBLEMS_SHOWN], *([f"{path}: and {more} more"] if more > 0 else []))
