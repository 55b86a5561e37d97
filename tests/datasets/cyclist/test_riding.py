"""A real cyclist through the whole edge, against labels by hand: one rider, at the wheels, never a pedestrian."""

import csv
import subprocess
import sys
from math import dist
from statistics import median

import cv2
import numpy as np
import pytest

from calibration.reader import load_scene
from datasets.cache import cache_folder
from datasets.cyclist.footage import LABELS, SCENE, cyclist_footage
from edge.camera.file import VideoFile
from edge.trajectories import read_tracks

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def footage_of_the_cyclist():
    return cyclist_footage(cache_folder("footage"), print)


@pytest.fixture(scope="module")
def labels():
    with LABELS.open(newline="") as file:
        rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    return {round(row["frame"]) * 50: row for row in rows}


@pytest.fixture(scope="module", params=[1, 2], ids=["20 frames a second", "10 frames a second"])
def users(request, footage_of_the_cyclist, default_model, tmp_path_factory):
    """Return everybody that was said, by time."""
    folder = tmp_path_factory.mktemp("cyclist")
    film = folder / "film.avi"
    writer = cv2.VideoWriter(str(film), cv2.VideoWriter.fourcc(*"MJPG"), 20.0 / request.param, (800, 600))
    writer.set(cv2.VIDEOWRITER_PROP_QUALITY, 98)
    for index, frame in enumerate(VideoFile(footage_of_the_cyclist).frames()):
        if index % request.param == 0:
            writer.write(frame.picture_bgr)
    writer.release()
    words = ["--scene", str(SCENE), "--source", str(film), "--out", str(folder / "out")]
    done = subprocess.run([sys.executable, "-m", "lukou", "watch", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {seen.t_ms: seen.road_users for seen in read_tracks(folder / "out" / "tracks.csv")}


def on_the_cyclist(users, label):
    """Return who stands within the labelled box by the middle of theirs."""
    found = []
    for user in users:
        x1, y1, x2, y2 = user.box_xyxy_px
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        if label["x1_px"] <= x <= label["x2_px"] and label["y1_px"] <= y <= label["y2_px"] and x2 - x1 < 250:
            found.append(user)
    return [user for user in found if user.kind.value in {"pedestrian", "rider"}]


def test_a_cyclist_is_one_sure_rider_in_the_end_and_never_a_sure_pedestrian(users, labels):
    said = {t_ms: on_the_cyclist(users[t_ms], label) for t_ms, label in labels.items() if t_ms in users}
    assert len(said) >= 6
    everyone = [user for here in said.values() for user in here]
    assert not [user for user in everyone if user.kind.value == "pedestrian" and user.settled]
    assert len({user.track_id for user in everyone if user.settled}) == 1
    for t_ms, here in said.items():
        if t_ms >= 2400:
            assert [(user.kind.value, user.settled) for user in here] == [("rider", True)], t_ms


def test_a_rider_is_never_taken_for_their_own_machine(users):
    riders = [user for here in users.values() for user in here if user.kind.value == "rider" and user.settled]
    assert min(user.identity for user in riders) > 0.9
    assert len({user.track_id for user in riders}) == 1


def test_the_foot_point_is_where_the_wheels_are(users, labels):
    ground = load_scene(SCENE).ground
    apart_m = []
    for t_ms, label in labels.items():
        wheels_m = ground.to_metres(np.array([[label["wheels_x_px"], label["wheels_y_px"]]]))[0]
        near = [dist((user.x_m, user.y_m), wheels_m) for user in on_the_cyclist(users.get(t_ms, ()), label)]
        apart_m += [min(near)] if near else []
    assert len(apart_m) >= 4
    assert median(apart_m) < 0.6, apart_m
    assert max(apart_m) < 1.6, apart_m


def test_the_cars_are_cars(users):
    vehicles = {user.track_id: user.kind.value for here in users.values() for user in here if user.settled}
    assert sorted(kind for kind in vehicles.values() if kind not in {"rider"}).count("car") == 2
