"""`lukou bench remix`: the whole edge, from pixels to violations, on remixes whose truth is exact.

Each seed is watched as a camera would be, twice: with the lamp as it was drawn (signals.csv), and with the lamp read
from its pixels.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from datasets.claims import read_claims
from datasets.errors import PartMissingError
from datasets.lamp_agreement import LampAgreement, agreement
from datasets.lamp_agreement import together as all_lamps
from datasets.progress import counting
from datasets.remix.files import VIDEO
from datasets.remix.run import Cast, remix
from datasets.remix.staging import Wish
from datasets.remix.values import SIGNAL_ID, Remix
from datasets.rows import write_lines
from datasets.score_report import Scores, TooLowError, as_figures, misses, show, too_low
from datasets.scoring import Claim, Compared, compare, together
from edge.trajectories import read_signals

GIVEN, PIXELS = "given", "pixels"
TITLES: Final = {GIVEN: "the lamp as it was drawn", PIXELS: "the lamp read from its pixels"}
LEAST: Final = (0.95, 0.98)
"""Capture and valid rate that both must reach (--gate)."""
LUKOU: Final = (sys.executable, "-m", "lukou")
TIME_LIMIT_S: Final = 3600
WRONG_INPUT: Final = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure: seeds from ``first`` on, so many seconds each. ``keep``: a folder to leave everything in."""

    seeds: int
    first: int
    seconds: float
    crowded: bool
    model: str
    misses: Path | None = None
    keep: Path | None = None


@dataclass(slots=True)
class Half:
    """What came out with one source of the lamp's state. ``refused`` is why it could not be watched at all.

    ``happened`` and ``missed`` count by the person who was cut out: few walk over, so their acts are no independent
    trials, and an interval over all acts is narrower than the truth.
    """

    compared: list[Compared] = field(default_factory=list)
    lamps: list[LampAgreement] = field(default_factory=list)
    happened: Counter[int] = field(default_factory=Counter)
    missed: Counter[int] = field(default_factory=Counter)
    watch_s: float = 0.0
    refused: str | None = None

    def figures(self) -> dict[str, Any]:
        """Return plain values."""
        if self.refused is not None:
            return {"not_measured": self.refused}
        lamp = {"lamp": all_lamps(self.lamps).figures()} if self.lamps else {}
        people = {
            person: {"happened": n, "right": n - self.missed[person]} for person, n in self.happened.most_common()
        }
        return {
            **as_figures(self.scores()),
            "people": people,
            **lamp,
            "watch_s": round(self.watch_s / max(1, len(self.compared)), 1),
        }

    def scores(self) -> Scores:
        """Return the scores of all seeds, of the kinds that happened or were found."""
        scores = together(self.compared)
        return {kind: score for kind, score in scores.items() if score.happened or score.found}


@dataclass(slots=True)
class _Measured:
    halves: dict[str, Half] = field(default_factory=lambda: {GIVEN: Half(), PIXELS: Half()})
    listed: list[dict[str, Any]] = field(default_factory=list)
    make_s: float = 0.0


def bench_remix(wanted: Wanted, cast: Cast, console: Console, *, as_json: bool) -> dict[str, Half]:
    """Make, watch, score, print; return both halves. Raises PartMissingError where a watch ends badly."""
    measured = _Measured()
    with counting(console, "remixes", wanted.seeds * (1 + len(measured.halves))) as step:
        for seed in range(wanted.first, wanted.first + wanted.seeds):
            with tempfile.TemporaryDirectory(prefix="lukou-remix-") as folder:
                _measure(seed, wanted, cast, (wanted.keep or Path(folder)) / str(seed), measured, step)
    if wanted.misses is not None:
        write_lines(wanted.misses, measured.listed)
    if as_json:
        print(json.dumps(_figures(wanted, measured), indent=2))
    else:
        _show(wanted, measured, console)
    return measured.halves


def gate(halves: Mapping[str, Half]) -> None:
    """Raise TooLowError with every rate that is under what the project promises, and with what was not measured."""
    low = [f"{TITLES[name]}: {line}" for name, half in halves.items() for line in too_low(half.scores(), *LEAST)]
    low += [f"{TITLES[name]}: not measured" for name, half in halves.items() if half.refused is not None]
    if low:
        raise TooLowError("\n".join(low))


def _measure(
    seed: int, wanted: Wanted, cast: Cast, folder: Path, measured: _Measured, step: Callable[[str], None]
) -> None:
    step(f"seed {seed}, drawing")
    began_s = time.perf_counter()
    made = remix(cast, Wish(seed, wanted.seconds, wanted.crowded), folder, lambda _text: None)
    measured.make_s += time.perf_counter() - began_s
    for name, half in measured.halves.items():
        step(f"seed {seed}, {TITLES[name]}")
        if half.refused is None:
            _watch(name, half, folder, wanted.model)
        if half.refused is None:
            _score(half, made.remix, folder, name)
            measured.listed += [{"seed": seed, "lamp": name, **line} for line in misses(half.compared[-1])]


def _score(half: Half, played: Remix, folder: Path, name: str) -> None:
    truth, found = (read_claims(path) for path in (folder / "truth.jsonl", folder / name / "violations.jsonl"))
    half.compared.append(compare(truth, found, whose=None))
    half.happened.update(_person(played, claim) for claim in truth)
    half.missed.update(_person(played, claim) for claim in half.compared[-1].missed)
    if name == PIXELS:
        said = read_signals(folder / name / "signals.csv", {SIGNAL_ID})
        half.lamps.append(agreement(played.setting.lamps, said, SIGNAL_ID))


def _person(played: Remix, claim: Claim) -> int:
    return played.acts[claim.track_id - 1].clip.person


def _watch(name: str, half: Half, folder: Path, model: str) -> None:
    """Watch a remix as a user would; note where it is refused."""
    given = ("--signals", folder / "signals.csv") if name == GIVEN else ()
    what = ("--scene", folder / "scene.yaml", "--source", folder / VIDEO, "--out", folder / name, "--model", model)
    began_s = time.perf_counter()
    command = [*LUKOU, "watch", *map(str, (*what, *given))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False)
    half.watch_s += time.perf_counter() - began_s
    said = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
    if name == PIXELS and done.returncode == WRONG_INPUT:
        half.refused = said[0].replace(f"{folder}/", "")
    elif done.returncode:
        raise PartMissingError("lukou watch", f"ended with status {done.returncode}: {said[0]}", "Use --keep and look")


def _figures(wanted: Wanted, measured: _Measured) -> dict[str, Any]:
    settings = {"seeds": wanted.seeds, "first": wanted.first, "seconds": wanted.seconds, "crowded": wanted.crowded}
    times = {"model": wanted.model, "make_s": round(measured.make_s / wanted.seeds, 1)}
    return {**settings, **times, **{name: half.figures() for name, half in measured.halves.items()}}


def _show(wanted: Wanted, measured: _Measured, console: Console) -> None:
    for name, half in measured.halves.items():
        title = f"{wanted.seeds} remixes of {wanted.seconds:g} s, {TITLES[name]}"
        if half.refused is not None:
            console.print(f"{title}: not measured, for this lukou does not read it: {half.refused}", highlight=False)
            continue
        show(half.scores(), title, console)
        people = (f"{n - half.missed[person]} of {n} by {person}" for person, n in half.happened.most_common())
        console.print(f"found by person, who are no independent trials: {', '.join(people)}", highlight=False)
        if half.lamps:
            lamp = all_lamps(half.lamps).figures()
            shares = ", ".join(f"{name} {lamp[name]:.4f}" for name in ("right", "unknown", "wrong"))
            console.print(f"the lamp: {shares} of the time; red for another {lamp['red_for_another_s']:g} s")
        console.print(f"{half.watch_s / len(half.compared):.0f} s to watch each", highlight=False)
    console.print(f"{measured.make_s / wanted.seeds:.0f} s to make each", highlight=False)
