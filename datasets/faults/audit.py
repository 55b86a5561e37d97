"""What came of every event: the plan and the box's outbox held against the centre's rows and files.

Nothing that a process said is believed: ids come from the plan, files are hashed again, chains are followed.
"""

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one run. ``made`` are the plan's acts and what the camera saw; the rest is counted at the centre."""

    made: int
    planned: int
    at_centre: int
    missing: int
    doubled: int
    refused: int
    files: int
    files_broken: int
    files_missing: int
    chain_breaks: int
    box_problems: int

    def problems(self) -> list[str]:
        """Return what must not be, a line each."""
        wrong = {
            "missing": self.missing,
            "doubled": self.doubled,
            "refused": self.refused,
            "files broken": self.files_broken,
            "files missing": self.files_missing,
            "breaks of the chain at the centre": self.chain_breaks,
            "problems of `lukou evidence verify` on the box": self.box_problems,
        }
        return [f"{name}: expected 0, found {count}" for name, count in wrong.items() if count]

    def figures(self) -> dict[str, int]:
        """Return it as JSON holds it."""
        return asdict(self)


def made_of(outbox: Path) -> list[str]:
    """Return the ids of every violation that was ever put into an outbox."""
    with closing(sqlite3.connect(outbox, timeout=30)) as database:
        return [row[0] for row in database.execute("SELECT event_id FROM messages WHERE event_id IS NOT NULL")]


def audit(planned: Iterable[str], folder: Path, database_url: str, evidence: Path) -> Outcome:
    """Look at everything, when all processes have had their say."""
    expected = set(planned)
    made = expected | set(made_of(folder / "data" / "outbox.sqlite"))
    bodies, files, cases, refused = _centre(database_url)
    here = Counter(str(body["event_id"]) for body in bodies)
    kept = {path.name: path for path in evidence.rglob("*") if path.is_file()}
    broken = sum(1 for _, digest, _ in files if digest in kept and not _whole(kept[digest], digest))
    lacking = sum(1 for _, digest, stored in files if not stored or digest not in kept)
    return Outcome(
        made=len(made),
        planned=len(expected),
        at_centre=len(here),
        missing=len(made - set(here)),
        doubled=sum(n - 1 for n in here.values()) + sum(n - 1 for n in cases.values() if n > 1),
        refused=refused,
        files=len(files),
        files_broken=broken,
        files_missing=lacking,
        chain_breaks=len(chain_breaks(bodies)),
        box_problems=len(box_problems(folder)),
    )


def _centre(url: str) -> tuple[list[Body], Sequence[tuple[str, str, bool]], Counter[str], int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        bodies = [json.loads(row[0]) for row in connection.execute(text("SELECT body FROM events"))]
        named = connection.execute(text("SELECT event_id, sha256, stored_at_ms FROM event_files"))
        files = [(row[0], row[1], row[2] is not None) for row in named]
        told = "SELECT event_id FROM cases UNION ALL SELECT event_id FROM further_reports WHERE parted_at_ms IS NULL"
        cases = Counter(str(row[0]) for row in connection.execute(text(told)))
        refused = connection.execute(text("SELECT count(*) FROM refused_events")).scalar_one()
    engine.dispose()
    return bodies, files, cases, int(refused)


def _whole(path: Path, digest: str) -> bool:
    return sha256(path.read_bytes()).hexdigest() == digest


def chain_breaks(bodies: Iterable[Body]) -> list[str]:
    """Return where the centre's events of one device do not follow one another, a line each."""
    ordered = sorted(bodies, key=lambda body: int(body["sequence"]))
    breaks = [] if not ordered or ordered[0]["sequence"] == 1 else [f"begins at {ordered[0]['sequence']}"]
    for before, after in pairwise(ordered):
        if after["sequence"] != before["sequence"] + 1:
            breaks.append(f"{after['sequence']} comes after {before['sequence']}")
        elif after["previous_manifest_sha256"] != _manifest(before):
            breaks.append(f"{after['sequence']} names another manifest than {before['sequence']} has")
    return breaks


def _manifest(body: Body) -> str | None:
    return next((str(file["sha256"]) for file in body["evidence"] if file["name"] == "manifest.json"), None)


def box_problems(folder: Path) -> list[str]:
    """Return what `lukou evidence verify` finds on the box."""
    words = ["evidence", "verify", str(folder / "data" / "evidence"), "--key", str(folder / "device-public.pem")]
    done = subprocess.run(
        [sys.executable, "-m", "lukou", *words, "--json"], capture_output=True, text=True, check=False
    )
    if not done.stdout.startswith("{"):
        return [done.stderr.strip() or f"it left with {done.returncode}"]
    return list(json.loads(done.stdout)["problems"])
