"""A score as a table for a person, as JSON for a script, and the list of misses that a person can look up."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from contract.words import ViolationKind
from datasets.scoring import Claim, Compared, Rate, Score
from datasets.yield_scoring import YieldScore

NOTHING: Final = "–"
YIELD_ROWS: Final = {
    "capture": "meetings found, of those that happened",
    "valid": "of those found, happened",
    "agreement": "of both, right who went first",
    "same_person": "of both, the same person met",
    "yield_rate_true": "yield rate as it was",
    "yield_rate_found": "yield rate as found",
}
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


def require(scores: Scores, capture_min: float, valid_min: float, yields: YieldScore | None = None) -> None:
    """Raise TooLowError with every rate under the least that was asked for."""
    low = too_low(scores, capture_min, valid_min)
    if yields is not None:
        rates = yields.rates()
        low += _too_low("yields", (rates["capture"], capture_min), (rates["valid"], valid_min))
    if low:
        raise TooLowError("\n".join(low))


def too_low(scores: Scores, capture_min: float, valid_min: float) -> list[str]:
    """Return a line for every rate under the least that was asked for; what did not happen has no rate."""
    return [
        line
        for kind, score in scores.items()
        for line in _too_low(kind.value, (score.capture, capture_min), (score.valid, valid_min))
    ]


def _too_low(of: str, capture: tuple[Rate, float], valid: tuple[Rate, float]) -> list[str]:
    return [
        f"{of}: {name} {rate.share:.4f}, needs {least:g}"
        for name, (rate, least) in (("capture", capture), ("valid", valid))
        if rate.share is not None and rate.share < least
    ]


def yield_figures(score: YieldScore) -> dict[str, Any]:
    """Return the score of the meetings as plain values: the counts, and every share with its interval."""
    return asdict(score) | {name: _shares(share) for name, share in score.rates().items()}


def show_yields(score: YieldScore, title: str, console: Console) -> None:
    """Print the score of the meetings as a table."""
    aside = f"; {score.aside} set aside: the driver could not see who was met" if score.aside else ""
    table = Table(title=title, title_justify="left", caption=f"95 % intervals{aside}", caption_justify="left")
    table.add_column("yielding 礼让斑马线", no_wrap=True)
    for name in ("of", "rate", "95 %"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, share in score.rates().items():
        rate, interval = _cell(share).split("\n") if share.share is not None else (NOTHING, NOTHING)
        table.add_row(YIELD_ROWS[name], f"{share.right} / {share.of}", rate, interval)
    console.print(table)


def misses(compared: Compared) -> list[dict[str, Any]]:
    """Return what was missed and who was accused wrongly, in time order."""
    listed = [_miss("missed", claim) for claim in compared.missed] + [_miss("false", claim) for claim in compared.false]
    return sorted(listed, key=lambda line: (line["entered_ms"], line["track_id"]))


def _miss(what: str, claim: Claim) -> dict[str, Any]:
    return {"what": what, **asdict(claim)}
