"""``purged.jsonl`` beside a camera's packages: what the box has deleted of them, when, and why. Appended, never edited.

It is the box's own word and sealed by nobody: what the bytes were is proved by the manifest, which stays, and by the
centre, which has them.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from edge.errors import InputProblemError

NAME: Final = "purged.jsonl"


@dataclass(frozen=True, slots=True)
class Purged:
    """One file that was deleted. ``why``: edge.disk_policy.Why."""

    event_id: str
    name: str
    size_bytes: int
    at_ms: int
    why: str


def note(folder: Path, purged: Sequence[Purged]) -> None:
    """Append lines and bring them to the disk, before anything is deleted. Raises OSError."""
    with (folder / NAME).open("a", encoding="utf-8") as journal:
        journal.writelines(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in purged)
        journal.flush()
        os.fsync(journal.fileno())


def read(folder: Path) -> dict[tuple[str, str], Purged]:
    """Return what was deleted below a camera's folder, by event and file name.

    A line that a power cut has left half is passed over: what it would have told was not deleted yet.
    Raises InputProblemError for a line that is something else.
    """
    path, found = folder / NAME, {}
    if not path.is_file() or path.is_symlink():
        return {}
    with path.open(encoding="utf-8", errors="replace") as journal:
        for number, line in enumerate(journal, 1):
            if not line.endswith("\n"):
                break
            try:
                purged = Purged(**json.loads(line))
            except (ValueError, TypeError) as error:
                raise InputProblemError(f"{path}: line {number}: expected what was purged: {error}") from error
            found[purged.event_id, purged.name] = purged
    return found
