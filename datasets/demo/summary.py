"""The demonstration's end on one screen: every figure counted from a database, and whether the chain is whole."""

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from edge.outbox import Outbox
from edge.outbox_values import Counts as BoxCounts
from server.db import open_engine, sessions
from server.ledger.book import broken_at
from server.statistics import Counts, counts


@dataclass(frozen=True, slots=True)
class Summary:
    """What the box's and the centre's databases hold at the end."""

    frames: int
    frames_expected: int
    violations: int
    box: BoxCounts
    centre: Counts
    ledger_broken_at: int | None

    def broken(self, *, reviewed: bool) -> list[str]:
        """Return each link of the chain that does not hold, expected and found; none means that it is whole."""
        centre, decided = self.centre, self.centre.cases.get("served", 0)
        links = [
            ("frames processed", self.frames_expected, self.frames),
            ("violations delivered", self.violations, centre.events),
            ("messages waiting on the box", 0, self.box.waiting),
            ("messages refused", 0, self.box.refused + centre.refused),
            ("files waiting on the box", 0, self.box.files_waiting),
            ("cases", centre.events - centre.further_reports, sum(centre.cases.values())),
            ("events with all their pictures", centre.events, centre.events_with_evidence),
            ("cases marked as demonstration", sum(centre.cases.values()), centre.demonstration_cases),
            ("first broken ledger entry", None, self.ledger_broken_at),
        ]
        if reviewed:
            links += [
                ("cases decided", sum(centre.cases.values()), decided),
                ("postings", decided, centre.ledger_entries),
                ("list lines", decided, centre.listings),
            ]
        found = [f"{name}: expected {wanted}, found {have}" for name, wanted, have in links if wanted != have]
        if self.violations == 0:
            found.append("violations: expected some, found none")
        if centre.passages.get("lawful", 0) == 0:
            found.append("lawful passages: expected some, found none")
        return found


def summarise(folder: Path, camera_id: str, frames_expected: int, database_url: str | None = None) -> Summary:
    """Count everything from the databases below the demonstration's folder, or from where the centre has its own."""
    outbox = Outbox(folder / "box" / "outbox.sqlite")
    try:
        progress = outbox.progress().get(camera_id)
        frames = 0 if progress is None else progress.frames
        box, violations = outbox.counts(), outbox.violations()
    finally:
        outbox.close()
    engine = open_engine(database_url or f"sqlite:///{folder / 'centre' / 'lukou.sqlite'}")
    with sessions(engine).reading() as session:
        centre, broken = counts(session), broken_at(session)
    engine.dispose()
    return Summary(frames, frames_expected, violations, box, centre, broken)


def show(summary: Summary, console: Console) -> None:
    """Print it as one table."""
    centre = summary.centre
    passages = ", ".join(f"{count} {verdict}" for verdict, count in sorted(centre.passages.items())) or "none"
    cases = ", ".join(f"{count} {state}" for state, count in sorted(centre.cases.items())) or "none"
    rows = [
        ("frames", f"{summary.frames} of {summary.frames_expected}"),
        ("passages", f"{sum(centre.passages.values())} ({passages})"),
        ("violations seen by the box", str(summary.violations)),
        ("events delivered", f"{centre.events} ({centre.events_with_evidence} with all pictures)"),
        ("cases", f"{sum(centre.cases.values())} ({cases}; {centre.demonstration_cases} marked as demonstration)"),
        ("further reports of an act", str(centre.further_reports)),
        ("ledger postings", f"{centre.ledger_entries} ({centre.ledger_fen / 100:.2f} yuan)"),
        ("public list lines", str(centre.listings)),
        ("event seen to case", _latency(centre.event_latencies_ms)),
        ("event seen to pictures", _latency(centre.evidence_latencies_ms)),
    ]
    table = Table(title="the chain, counted from the databases", show_header=False)
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)


def percentile(sorted_values: tuple[int, ...], share: float) -> int | None:
    """Return the nearest-rank percentile of sorted values, None where there are none."""
    return sorted_values[max(0, -(-round(share * 100) * len(sorted_values) // 100) - 1)] if sorted_values else None


def _latency(sorted_ms: tuple[int, ...]) -> str:
    if not sorted_ms:
        return "none"
    return f"p50 {percentile(sorted_ms, 0.5)} ms, p95 {percentile(sorted_ms, 0.95)} ms"
