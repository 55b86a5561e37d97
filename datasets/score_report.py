"""A score as a table for a person, as JSON for a script, and the list of misses that a person can look up."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from contract.words import ViolationKind
from datasets.scoring import Claim, Compared, Rate, Score

NOTHING: Final = "–"
Scores = Mapping[ViolationKind, Score]


class TooLowError(Exception):
    """A rate is under what was asked for: which, and by how much."""

    exit_status = 1


def as_figures(scores: Scores) -> dict[str, Any]:
    """Return the scores as plain values: per kind what happened, was found and was right, and both rates."""
    return {kind.value: _figures(score) for kind, score in scores.items()}


def _figures(score: Score) -> dict[str, Any]:
    counts = {"happened": score.happened, "found": score.found, "right": score.right}
    return {**counts, "capture": _shares(score.capture), "valid": _shares(score.valid)}


def _shares(rate: Rate) -> dict[str, float | None]:
    shares = {"rate": rate.share, "low": rate.low, "high": rate.high}
    return {name: None if share is None else round(share, 5) for name, share in shares.items()}


def show(scores: Scores, title: str, console: Console) -> None:
    """Print the scores as a table."""
    table = Table(title=title, title_justify="left", caption="rates with 95 % intervals", caption_justify="left")
    for name in ("kind", "happened", "found", "right", "capture\n捕获率", "valid\n有效率"):
        table.add_column(name, justify="left" if name == "kind" else "right", no_wrap=True)
    for kind, score in scores.items():
        counts = [str(number) for number in (score.happened, score.found, score.right)]
        table.add_row(kind.value, *counts, _cell(score.capture), _cell(score.valid))
    console.print(table)


def _cell(rate: Rate) -> str:
    """Return a rate over its 95 % interval."""
    if rate.share is None or rate.low is None or rate.high is None:
        return NOTHING
    return f"{rate.share:.4f}\n{rate.low:.3f}–{rate.high:.3f}"


def require(scores: Scores, capture_min: float, valid_min: float) -> None:
    """Raise TooLowError with every rate under the least that was asked for."""
    low = too_low(scores, capture_min, valid_min)
    if low:
        raise TooLowError("\n".join(low))


def too_low(scores: Scores, capture_min: float, valid_min: float) -> list[str]:
    """Return a line for every rate under the least that was asked for; what did not happen has no rate."""
    return [
        f"{kind.value}: {name} {share:.4f}, needs {least:g}"
        for kind, score in scores.items()
        for name, share, least in (
            ("capture", score.capture.share, capture_min),
            ("valid", score.valid.share, valid_min),
        )
        if share is not None and share < least
    ]


def misses(compared: Compared) -> list[dict[str, Any]]:
    """Return what was missed and who was accused wrongly, in time order."""
    listed = [_miss("missed", claim) for claim in compared.missed] + [_miss("false", claim) for claim in compared.false]
    return sorted(listed, key=lambda line: (line["entered_ms"], line["track_id"]))


def _miss(what: str, claim: Claim) -> dict[str, Any]:
    return {"what": what, **asdict(claim)}
