"""An evidence package as a watch writes it, of somebody who walks over a crosswalk on red; and ways to falsify it."""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np

from calibration.reader import parse_scene
from contract.evidence import ModelUsed
from contract.seal import canonical_bytes
from contract.words import RoadUserKind, ViolationKind
from edge.assembly import rules_of
from edge.evidence.package import Packager, describe
from edge.evidence.ring import Kept, encode_jpeg
from edge.evidence.stamp import Stamper
from edge.history import History
from edge.observations import Observation, RoadUser
from edge.record import Recorder
from edge.report import Place
from edge.run_seal import RunSeal
from edge.signals.hand_off import HandOff
from edge.signals.timeline import Signals

SCENE = """
version: 1
site: {id: s, name: site}
camera: {id: c, direction: north, size: [64, 48]}
signals: [{id: ped, for: pedestrian}]
crosswalks: [{id: n, signal: ped, polygon: {m: [[0, 0], [5, 0], [5, 10], [0, 10]]}}]
"""
START_MS = 1_767_225_600_000


def walk(*, empty_until_ms: int = 0, seconds: float = 10.0) -> list[Observation]:
    """Return a walk from the kerb over the crosswalk, with somebody else beside it; nobody before that."""
    nobody = [Observation(t_ms, ()) for t_ms in range(0, empty_until_ms, 100)]
    steps = [
        Observation(
            empty_until_ms + 100 * step,
            (
                RoadUser(7, RoadUserKind.PEDESTRIAN, 2.0, round(-2 + 0.14 * step, 3), (1.0, 1.0, 9.0, 30.0), 0.9),
                RoadUser(8, RoadUserKind.PEDESTRIAN, 9.0, 1.0, (40.0, 1.0, 50.0, 30.0), 0.9),
            ),
        )
        for step in range(round(seconds * 10))
    ]
    return [*nobody, *steps]


def recorder(signals: Signals, *, hand_off: HandOff | None = None, history: History | None = None) -> Recorder:
    """Return the memory of a camera over that crosswalk."""
    scene = parse_scene(SCENE.encode(), "scene.yaml")
    rules = rules_of(scene)
    place = Place(
        "box",
        "s",
        "site",
        "c",
        "north",
        START_MS,
        False,
        {kind: rules(signals, None).rule_applied(kind) for kind in ViolationKind},
        ModelUsed(name="m", sha256="0" * 64),
        scene.sha256,
        "0.1.0",
    )
    return Recorder(place, SCENE.encode(), ("ped",), signals, hand_off, rules, history or History())


def write_package(root: Path, memory: Recorder, observations: list[Observation]) -> list[Path]:
    """Let rules judge observations, and return the packages of what they say."""
    rules = memory.rules_of(memory.signals, memory.hand_off)
    jpeg = encode_jpeg(np.zeros((48, 64, 3), np.uint8), 92)
    packager, sealer = Packager(root, Stamper(None)), RunSeal(memory.place)
    written = []
    for observation in observations:
        memory.observed(observation)
        for violation in rules.observe(observation).violations:
            kept = [Kept(o, jpeg, (64, 48)) for o in memory.history.since()]
            record = memory.record(violation, at_end=False)
            package = packager.write(memory.place, violation, kept, record)
            sealer.seal(violation, memory.signals.said("ped", violation.entered_ms), package)
            written.append(package.folder)
    return written


def falsify(folder: Path, name: str, data: bytes) -> None:
    """Exchange a file and name it in the manifest as well, as one would who wants to go unseen but lacks the key."""
    (folder / name).write_bytes(data)
    envelope = json.loads((folder / "manifest.json").read_bytes())
    files = envelope["body"]["files"]
    envelope["body"]["files"] = [
        describe(name, data).model_dump(mode="json") if file["name"] == name else file for file in files
    ]
    (folder / "manifest.json").write_bytes(canonical_bytes(envelope))


def digest(path: Path) -> str:
    """Return a file's SHA-256."""
    return sha256(path.read_bytes()).hexdigest()
