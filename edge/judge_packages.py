"""`lukou judge PACKAGE_DIR`: the verdict of an evidence package judged again from what is stored in it.

A package is untrusted: sizes are bounded, and a file that is not the one of its manifest is refused.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from calibration.errors import SceneError
from calibration.reader import parse_scene
from contract.errors import MalformedError
from contract.evidence import MANIFEST, Manifest
from contract.seal import MANIFEST_BYTES_MAX, unverified
from edge.errors import InputProblemError
from edge.record import HAND_OFF, SCENE, SIGNALS, TRACKS, VERDICT, VerdictFile
from edge.replay import Difference, Judgement, differences, judged_again, rule_differences
from edge.rules.engine import RuleEngine
from edge.trajectories import read_hand_off, read_signals, read_tracks
from edge.verify_packages import file_problem, read_bounded

NEEDED: Final = (SCENE, TRACKS, SIGNALS, VERDICT)
B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Replay:
    """One package judged again. ``problems`` tell why it could not be; then nothing else is known."""

    folder: Path
    stored: VerdictFile | None = None
    differences: tuple[Difference, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Tell whether the stored verdict was given again, bit for bit and by the same rule."""
        return not self.differences and not self.problems


def packages_below(folders: Iterable[Path]) -> list[Path]:
    """Return the packages that are meant: each folder, or those in it. Raises InputProblemError where none is."""
    found: list[Path] = []
    problems: list[str] = []
    for folder in folders:
        inside = [folder] if (folder / MANIFEST).exists() else sorted(_below(folder))
        if not inside:
            problems.append(f"{folder}: expected a package or a folder of packages, found no {MANIFEST}")
        found += inside
    if problems:
        raise InputProblemError(*problems)
    return found


def _below(folder: Path) -> Iterator[Path]:
    """Yield the packages in a folder, or in its folders: a box keeps those of each camera apart."""
    for depth in ("[!.]*", "[!.]*/[!.]*"):
        yield from (manifest.parent for manifest in folder.glob(f"{depth}/{MANIFEST}"))


def replay(folder: Path, software_version: str) -> Replay:
    """Judge one package again; ``software_version`` is that of today."""
    try:
        manifest = _verified(folder)
        stored = _read(folder / VERDICT, VerdictFile)
        _belongs(folder, stored, manifest)
        return Replay(folder, stored, _compared(folder, stored, manifest, software_version))
    except (InputProblemError, SceneError) as error:
        return Replay(folder, problems=error.problems if isinstance(error, InputProblemError) else (str(error),))


def _compared(folder: Path, stored: VerdictFile, manifest: Manifest, software_version: str) -> tuple[Difference, ...]:
    scene = parse_scene((folder / SCENE).read_bytes(), str(folder / SCENE))
    signals = read_signals(folder / SIGNALS, {signal.id for signal in scene.signals})
    hand_off = read_hand_off(folder / HAND_OFF) if _named(manifest, HAND_OFF) else None
    observations = read_tracks(folder / TRACKS)
    rules = RuleEngine(scene, signals, hand_off=hand_off)
    again: Judgement = judged_again(rules, observations)
    found = (
        *differences(stored.verdict, again),
        *rule_differences(stored.rule, rules.rule_applied(stored.violation.kind)),
    )
    if found and stored.software_version != software_version:
        found += (Difference("software_version", stored.software_version, software_version),)
    return found


def _verified(folder: Path) -> Manifest:
    """Return the manifest if every file is the one that it names. Raises InputProblemError with every problem."""
    manifest = read_manifest(folder / MANIFEST)
    problems = [problem for file in manifest.files if (problem := file_problem(folder / file.name, file)) is not None]
    lacking = [name for name in NEEDED if not _named(manifest, name)]
    if lacking:
        problems.append(f"{folder / MANIFEST}: names no {', '.join(lacking)}: this package cannot be judged again")
    if problems:
        raise InputProblemError(*problems)
    return manifest


def read_manifest(path: Path) -> Manifest:
    """Return what a manifest says, its seal unseen: whoever judges again has no key. Raises InputProblemError."""
    try:
        return unverified(read_bounded(path, MANIFEST_BYTES_MAX), Manifest, MANIFEST_BYTES_MAX).message
    except MalformedError as error:
        raise InputProblemError(f"{path}: {error}") from error


def _read(path: Path, model: type[B]) -> B:
    try:
        return model.model_validate_json(read_bounded(path, MANIFEST_BYTES_MAX))
    except ValidationError as error:
        told = (f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors(include_url=False))
        raise InputProblemError(*(f"{path}: {line}" for line in told)) from error


def _belongs(folder: Path, stored: VerdictFile, manifest: Manifest) -> None:
    said = (stored.event_id, stored.camera_id, stored.violation.kind, stored.violation.track_id)
    named = (manifest.event_id, manifest.camera_id, manifest.kind, manifest.track_id)
    if said != named:
        raise InputProblemError(f"{folder / VERDICT}: expected the verdict on {_act(named)}, found {_act(said)}")


def _act(facts: Sequence[object]) -> str:
    return "event {}, camera {}, {}, track {}".format(*facts)


def _named(manifest: Manifest, name: str) -> bool:
    return any(file.name == name for file in manifest.files)
