"""Builds one camera's watch from a scene, a model and a start time: what `lukou watch` and the box have in common."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from calibration.geometry import PointM, contains
from calibration.ground import Ground
from calibration.reader import read_scene
from calibration.scene import Scene
from contract.evidence import ModelUsed
from contract.words import RoadUserKind, ViolationKind
from edge import keys
from edge.camera.file import VideoFile
from edge.camera.source import problem_of, with_password, without_secret
from edge.camera.stream import LiveStream
from edge.colours import ClothesColours
from edge.detect import OnnxDetector, open_detector
from edge.errors import InputProblemError
from edge.evidence.package import Packager
from edge.evidence.ring import Ring
from edge.evidence.stamp import Stamper
from edge.open_signals import SignalsFrom, desk_of
from edge.pipeline import Pipeline
from edge.record import Recorder, RulesOf
from edge.report import Place
from edge.road_users.users import RoadUsers
from edge.rules.engine import RuleEngine
from edge.signal_desk import SettledRules
from edge.signals.hand_off import HandOff
from edge.tiles import TiledDetector
from edge.tracking.perspective import Perspective
from edge.tracking.settings import TrackerSettings
from edge.tracking.tracker import GroundTracker
from edge.tracking.view import View, near_zones
from edge.watch import Watch
from models.pull import cache_folder, cache_root

FONT: Final = "NotoSansSC-Regular.ttf"


@dataclass(frozen=True, slots=True)
class Seeing:
    """Which detector: a name of the catalog or a path to an .onnx, how many threads it may use, and what may run it.

    ``providers`` are onnxruntime execution providers in the order of preference.
    """

    model: str
    threads: int
    providers: tuple[str, ...] = ()


def open_file(source: str) -> VideoFile:
    """Open a video file. Raises InputProblemError."""
    return VideoFile(Path(source))


def address_of(source: str, username: str | None, password_file: Path | None) -> str:
    """Return a stream's address with its credentials: for the connection only, and shown to nobody.

    Raises:
        InputProblemError: it is no address, holds a password itself, or half of the credentials is missing.
    """
    problem = problem_of(source)
    if problem is not None:
        raise InputProblemError(f"{without_secret(source)}: {problem}")
    if username is None and password_file is None:
        return source
    if username is None or password_file is None:
        raise InputProblemError("username and password_file go together: expected both, found one")
    return with_password(source, username, keys.read_secret(password_file))


def open_stream(source: str, now_ms: Callable[[], int], idle: Callable[[], None]) -> LiveStream:
    """Start connecting to a live stream. ``idle`` is called about once a second while no frame comes."""
    return LiveStream(source, now_ms, idle)


def assemble(
    *,
    scene_path: Path,
    seeing: Seeing,
    start_ms: int,
    signals_from: SignalsFrom,
    evidence_root: Path,
    device_id: str | None,
    hand_off: HandOff | None = None,
) -> Watch:
    """Build a watch.

    Args:
        scene_path: scene.yaml.
        seeing: the detector.
        start_ms: capture time of the first frame, ms since the Unix epoch; plans count from the epoch.
        signals_from: where the lamps' states come from.
        evidence_root: where packages are written.
        device_id: who the box is; the camera's id where no box is enrolled.
        hand_off: when an officer directs the traffic, on the axis of the frames; whoever owns it may tell it more.

    Raises:
        SceneError, InputProblemError, PartMissingError, ModelError: each with its lines for the terminal.
    """
    scene, scene_yaml = read_scene(scene_path)
    if scene.ground is None:
        raise InputProblemError(f"{scene_path}: ground: is missing, needs points to turn pixels into metres")
    desk = desk_of(scene, scene_path, start_ms, signals_from)
    score_min = TrackerSettings().weak_score_min
    folder = cache_folder(os.environ)
    detector = open_detector(seeing.model, folder, seeing.threads, score_min, scene.size_px, seeing.providers)
    rules = RuleEngine(scene, desk.signals, hand_off)
    place = Place(
        device_id=device_id or scene.camera_id,
        site_id=scene.site_id,
        site_name=scene.site_name,
        camera_id=scene.camera_id,
        direction=scene.direction,
        start_ms=start_ms,
        demonstration=scene.demonstration,
        rules={kind: rules.rule_applied(kind) for kind in ViolationKind},
        model=_model_used(detector),
        scene_sha256=scene.sha256,
        software_version=version("lukou"),
        lane_directions={lane.id: lane.direction for lane in scene.lanes},
    )
    eyes = TiledDetector(detector, scene.small_people_px) if scene.small_people_px else detector
    pipeline = Pipeline(
        eyes,
        ClothesColours(),
        GroundTracker(view_of(scene, scene.ground)),
        RoadUsers(riders_lanes(scene)),
        SettledRules(rules, desk.settle, rules.look_ahead_ms),
    )
    return Watch(
        place,
        desk,
        pipeline,
        Ring(),
        Packager(evidence_root, Stamper(stamp_font())),
        overlapped=seeing.threads < len(os.sched_getaffinity(0)),
        memory=Recorder(
            place,
            scene_yaml,
            tuple(s.id for s in scene.signals),
            desk.signals,
            hand_off,
            rules_of(scene),
            behind_ms=rules.look_ahead_ms,
        ),
        hand_off=hand_off,
        behind_ms=rules.look_ahead_ms,
    )


def rules_of(scene: Scene) -> RulesOf:
    """Return what makes fresh rules of a scene."""
    return lambda signals, hand_off: RuleEngine(scene, signals, hand_off=hand_off)


def view_of(scene: Scene, ground: Ground) -> View:
    """Return what a scene's camera looks at."""
    perspective = Perspective(ground.to_metres, ground.to_pixels)
    return View(perspective, scene.size_px, near_zones(scene, TrackerSettings().range_m))


def riders_lanes(scene: Scene) -> Callable[[PointM], bool]:
    """Return the test whether a place lies in a lane for riders."""
    lanes = [lane.polygon_m for lane in scene.lanes if RoadUserKind.RIDER in lane.users]
    return lambda place_m: any(contains(lane, place_m) for lane in lanes)


def stamp_font() -> Path | None:
    """Return the stamps' Chinese font, None where `lukou assets pull` has not fetched it."""
    path = cache_root(os.environ) / "assets" / FONT
    return path if path.is_file() else None


def _model_used(detector: OnnxDetector) -> ModelUsed:
    return ModelUsed(name=detector.name, sha256=detector.sha256)
