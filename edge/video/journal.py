"""What became of raw video, line by line: kept for an act, purged, not recorded. Appended only, never rewritten."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

log = structlog.get_logger()

NAME: Final = "journal.jsonl"


@dataclass(slots=True)
class Journal:
    """One camera's journal. Where the disk is full a line waits in memory, and stands in the log meanwhile."""

    path: Path
    _waiting: list[str] = field(default_factory=list)

    def note(self, what: str, at_ms: int, **facts: str | int) -> None:
        """Append a line and make it last. ``at_ms`` is the capture time of the newest picture, epoch."""
        self._waiting.append(json.dumps({"what": what, "at_ms": at_ms} | facts, ensure_ascii=False) + "\n")
        try:
            self._write()
        except OSError as error:
            log.error("video.journal", problem=str(error), line=self._waiting[-1].strip())

    def _write(self) -> None:
        opened = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write("".join(self._waiting).encode())
            file.flush()
            os.fsync(file.fileno())
        self._waiting.clear()
