"""Who stands beyond the line for a minute and a half is judged late, and the pictures of the entry are there still.

The loop, the rules, the ring, the record and the packages are real; the detector and the tracker are told what to say.
"""

from pathlib import Path

import numpy as np
import pytest

from calibration.reader import parse_scene
from contract.evidence import ModelUsed
from contract.words import RoadUserKind, ViolationKind
from edge.assembly import rules_of
from edge.evidence.package import Packager
from edge.evidence.ring import Ring, RingSettings
from edge.evidence.stamp import Stamper
from edge.filming import film
from edge.judge_packages import replay
from edge.observations import Followed, RoadUser, TrackedBox
from edge.open_signals import SignalsFrom, desk_of
from edge.pipeline import Frame, Pipeline
from edge.record import Recorder, VerdictFile
from edge.report import Place
from edge.run_seal import RunSeal
from edge.signal_desk import SettledRules
from edge.video.clip import ClipNote
from edge.video.settings import VideoSettings
from edge.watch import Watch

SCENE = """
version: 1
site: {id: s, name: site}
camera: {id: c, direction: north, size: [64, 48]}
signals: [{id: veh, for: vehicle, plan: {cycle_s: 200, offset_s: 0, green_s: [100, 200]}}]
stop_lines: [{id: n, signal: veh, users: [rider], line: {m: [[-2, 0], [2, 0]]}, beyond: {m: [0, 3]}}]
"""
STEP_MS = 200
PICTURE = np.zeros((48, 64, 3), np.uint8)
STANDS_UNTIL_GREEN = ((4, -8), (7, 1.9), (101, 1.9), (106, 22))
RIDES_ON_AT_LAST = ((4, -8), (7, 1.9), (95, 1.9), (99, 18), (106, 22))
RIDER = 7


class SeesNothing:
    """A detector, and colours, of which nothing is asked."""

    def detect(self, picture_bgr):
        return ()

    def measured(self, picture_bgr, detections):
        return ()


class Follows:
    """A tracker that says where a rider is, half a second late as the real one."""

    def __init__(self, way):
        self.seconds, self.metres = zip(*way, strict=True)
        self.waiting = []

    def update(self, t_ms, detections):
        self.waiting.append(Followed(t_ms, self._rider(t_ms / 1000)))
        final = [followed for followed in self.waiting if followed.t_ms <= t_ms - 500]
        self.waiting = self.waiting[len(final) :]
        return tuple(final)

    def finish(self):
        return tuple(self.waiting)

    def _rider(self, t_s):
        if not self.seconds[0] <= t_s <= self.seconds[-1]:
            return ()
        y_m = float(np.interp(t_s, self.seconds, self.metres))
        return (TrackedBox(RIDER, (10.0, 5.0, 30.0, 40.0), 0.0, y_m, "bicycle", 0.9),)


class Riders:
    """Takes everybody for a settled rider."""

    def road_users(self, followed):
        return tuple(RoadUser(b.track_id, RoadUserKind.RIDER, b.x_m, b.y_m, b.box_xyxy_px) for b in followed.boxes)


class Told:
    """Keeps what a watch says."""

    def __init__(self, sealer, signals):
        self.sealer, self.signals = sealer, signals
        self.violations, self.packages, self.passages, self.confirmations = [], [], [], []

    def observed(self, observation):
        """It is in the record."""

    def confirmed(self, violation):
        self.confirmations.append(violation)

    def violated(self, violation, package):
        self.violations.append(violation)
        self.packages.append(package)

    def passed(self, passages, yields):
        self.passages += passages


def watched(way, out: Path) -> Told:
    scene = parse_scene(SCENE.encode(), "scene.yaml")
    desk = desk_of(scene, Path("scene.yaml"), 0, SignalsFrom())
    rules = rules_of(scene)(desk.signals, None)
    applied = {kind: rules.rule_applied(kind) for kind in ViolationKind}
    model = ModelUsed(name="m", sha256="0" * 64)
    place = Place("box", "s", "site", "c", "north", 0, False, applied, model, scene.sha256, "0.1.0")
    pipeline = Pipeline(SeesNothing(), SeesNothing(), Follows(way), Riders(), SettledRules(rules, desk.settle))
    memory = Recorder(place, SCENE.encode(), ("veh",), desk.signals, None, rules_of(scene))
    told = Told(RunSeal(place), desk.signals)
    watch = Watch(place, desk, pipeline, Ring(), Packager(out / "evidence", Stamper(None)), memory=memory)
    film(watch, VideoSettings(ring_ms=30_000), patient=True)
    watch.run((Frame(t_ms, PICTURE) for t_ms in range(0, 120_000, STEP_MS)), told)
    return told


@pytest.mark.parametrize(
    ("story", "way", "kind", "sure_s"),
    [
        ("stands until the lamp is green", STANDS_UNTIL_GREEN, ViolationKind.STOP_LINE, 12),
        ("stands for 88 s, then rides on at red", RIDES_ON_AT_LAST, ViolationKind.RIDER_RED_LIGHT, 95.4),
    ],
)
def test_who_stands_beyond_the_line_for_long_still_has_three_stills(tmp_path, story, way, kind, sure_s):
    told = watched(way, tmp_path)
    (violation,), (package,) = told.violations, told.packages
    assert violation.kind is kind
    assert violation.confirmed_ms / 1000 == pytest.approx(sure_s, abs=0.5)
    verdict = VerdictFile.model_validate_json((package.unfinished / "verdict.json").read_bytes())
    assert verdict.said_ms - violation.entered_ms > 85_000 > RingSettings().span_ms
    before, entry, advanced = package.stills
    assert (before.role, entry.role, advanced.role) == ("before", "entry", "advanced")
    assert violation.entered_ms - 1000 < before.captured_at_ms < violation.entered_ms
    assert 0 <= entry.captured_at_ms - violation.entered_ms <= STEP_MS
    assert 0 <= advanced.captured_at_ms - violation.confirmed_ms <= STEP_MS
    assert {user.track_id for still in (before, entry, advanced) for user in still.road_users} == {RIDER}
    told.sealer.seal(violation, told.signals.said("veh", violation.entered_ms), package)
    assert replay(package.folder, "0.1.0").same
    assert told.confirmations == [violation]
    entered_ms, confirmed_ms = violation.entered_ms, violation.confirmed_ms
    wanted = [(entered_ms - 5_000, entered_ms + 10_000), (confirmed_ms - 10_000, confirmed_ms + 5_000)]
    if confirmed_ms - entered_ms <= 30_000:
        wanted = [(entered_ms - 5_000, confirmed_ms + 5_000)]
    note = ClipNote.model_validate_json((package.folder / "clip.json").read_bytes())
    assert [tuple(span) for span in note.wanted] == wanted
    assert (note.missing, note.skipped) == (None, 0)


def test_who_goes_back_behind_the_line_has_no_package(tmp_path):
    told = watched(((4, -8), (7, 1.9), (10, 1.9), (13, -3)), tmp_path)
    assert (told.violations, told.packages) == ([], [])
    assert [passage.reason for passage in told.passages] == ["little_advance"]
