"""Builds one camera's watch from a scene, a model and a start time: what `lukou watch` and the box have in common."""

import os
from importlib.metadata import version
from pathlib import Path
from typing import Final

from calibration.reader import load_scene
from calibration.scene import Scene
from contract.messages import ModelUsed
from edge.camera import VideoFile
from edge.detect import OnnxDetector, open_detector
from edge.errors import InputProblemError
from edge.evidence.package import Packager
from edge.evidence.ring import Ring
from edge.evidence.stamp import Stamper
from edge.pipeline import Pipeline
from edge.report import Place
from edge.rules.engine import RuleEngine
from edge.signals.plan import PlannedSignals
from edge.signals.timeline import Signals
from edge.track import ByteTracker
from edge.trajectories import read_signals
from edge.watch import Watch
from models.pull import cache_folder, cache_root

DETECTION_SCORE_MIN: Final = 0.25
"""ByteTrack wants the weak detections too; only the strong ones begin a track."""
FONT: Final = "NotoSansSC-Regular.ttf"


def open_source(source: Path) -> VideoFile:
    """Open a camera. Raises InputProblemError."""
    return VideoFile(source)


def assemble(
    *,
    scene_path: Path,
    model: str,
    threads: int,
    start_ms: int,
    signals_path: Path | None,
    evidence_root: Path,
    device_id: str | None,
) -> Watch:
    """Build a watch.

    Args:
        scene_path: scene.yaml.
        model: a name of the catalog, or a path to an .onnx.
        threads: how many threads the detector may use.
        start_ms: capture time of the first frame, ms since the Unix epoch; plans count from the epoch.
        signals_path: signals.csv instead of the scene's own plans.
        evidence_root: where packages are written.
        device_id: who the box is; the camera's id where no box is enrolled.

    Raises:
        SceneError, InputProblemError, PartMissingError, ModelError: each with its lines for the terminal.
    """
    scene = load_scene(scene_path)
    if scene.ground is None:
        raise InputProblemError(f"{scene_path}: ground: is missing, needs points to turn pixels into metres")
    signals, lamp_source = signals_of(scene, scene_path, start_ms, signals_path)
    detector = open_detector(model, cache_folder(os.environ), threads, DETECTION_SCORE_MIN)
    rules = RuleEngine(scene, signals)
    place = Place(
        device_id=device_id or scene.camera_id,
        site_id=scene.site_id,
        site_name=scene.site_name,
        camera_id=scene.camera_id,
        direction=scene.direction,
        start_ms=start_ms,
        demonstration=scene.demonstration,
        lamp_source=lamp_source,
        rule=rules.rule_applied(),
        model=_model_used(detector),
        scene_sha256=scene.sha256,
        software_version=version("lukou"),
    )
    pipeline = Pipeline(detector, ByteTracker(), scene.ground.to_metres, rules)
    return Watch(place, signals, pipeline, Ring(), Packager(evidence_root, Stamper(stamp_font()), "footage"))


def signals_of(scene: Scene, scene_path: Path, start_ms: int, signals_path: Path | None) -> tuple[Signals, str]:
    """Return where the lamps' states come from, and the name of that source."""
    if signals_path is not None:
        return read_signals(signals_path, {signal.id for signal in scene.signals}), "file"
    wanted = {crosswalk.signal_id for crosswalk in scene.crosswalks}
    plans = {signal.id: signal.plan for signal in scene.signals if signal.plan is not None}
    lacking = sorted(wanted - set(plans))
    if lacking:
        # Reading lamps from pixels is not built yet: saying so is better than judging nobody without a word.
        raise InputProblemError(
            f"{scene_path}: signals: {', '.join(lacking)}: needs a plan, or give --signals (lamps are not read yet)"
        )
    return PlannedSignals(plans, start_ms), "plan"


def stamp_font() -> Path | None:
    """Return the stamps' Chinese font, None where `lukou assets pull` has not fetched it."""
    path = cache_root(os.environ) / "assets" / FONT
    return path if path.is_file() else None


def _model_used(detector: OnnxDetector) -> ModelUsed:
    return ModelUsed(name=detector.name, sha256=detector.sha256)
