"""`lukou judge`: the rules alone, on trajectories; the same verdicts as on the day, bit for bit."""

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from calibration.reader import load_scene
from edge.errors import InputProblemError
from edge.observations import Judged
from edge.rules.engine import RuleEngine
from edge.trajectories import json_line, read_hand_off, read_signals, read_tracks


@dataclass(frozen=True, slots=True)
class Summary:
    """What was judged. ``passages`` counts by verdict."""

    observations: int
    violations: int
    passages: Counter[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where violations.jsonl is written, and passages.jsonl and yields.jsonl if they are wanted."""

    violations: Path
    passages: Path | None = None
    yields: Path | None = None


def judge(
    scene_path: Path, tracks_path: Path, signals_path: Path, wanted: Wanted, *, hand_off_path: Path | None = None
) -> Summary:
    """Judge trajectories and write what was found.

    Args:
        scene_path: scene.yaml; only its shapes in metres count here.
        tracks_path: tracks.csv.
        signals_path: signals.csv.
        wanted: what is written where.
        hand_off_path: hand_off.csv, when an officer directed the traffic, if one did.

    Raises:
        SceneError, InputProblemError: with every problem of the first file that has any.
    """
    scene = load_scene(scene_path)
    signals = read_signals(signals_path, {signal.id for signal in scene.signals})
    observations = read_tracks(tracks_path)
    hand_off = None if hand_off_path is None else read_hand_off(hand_off_path)
    engine = RuleEngine(scene, signals, hand_off=hand_off)
    violations, passages = 0, Counter[str]()
    with ExitStack() as stack:
        found, passed, met = (
            None if path is None else stack.enter_context(_writable(path))
            for path in (wanted.violations, wanted.passages, wanted.yields)
        )

        def note(judged: Judged) -> int:
            for file, lines in ((found, judged.violations), (passed, judged.passages), (met, judged.yields)):
                if file is not None:
                    file.writelines(json_line(line) for line in lines)
            passages.update(passage.verdict.value for passage in judged.passages)
            return len(judged.violations)

        violations += sum(note(engine.observe(observation)) for observation in observations)
        violations += note(engine.finish())
    return Summary(len(observations), violations, passages)


def _writable(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise InputProblemError(f"{path}: expected a place to write to, found none ({error.strerror})") from error
