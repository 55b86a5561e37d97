"""Scenes that are well formed and yet cannot hold: what is wrong, where, and what was expected."""

import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from calibration.check import check_scene
from calibration.flows import Way
from calibration.page.chinese import chinese
from calibration.page.look import said_of
from calibration.reader import load_scene, parse_scene

DEMO = Path("datasets/demo/scene.yaml")


def scene(**changes):
    """Return the demonstration's scene with parts of it changed."""
    content = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    for path, value in changes.items():
        part = content
        *steps, last = path.split("__")
        for step in steps:
            part = part[int(step) if step.isdigit() else step]
        part[int(last) if last.isdigit() else last] = value
    return parse_scene(yaml.safe_dump(content, allow_unicode=True).encode(), "scene.yaml")


def rectangle(x, y, length, width):
    return {"m": [[x, y], [x + width, y], [x + width, y + length], [x, y + length]]}


def told(changed, ways=()):
    findings = check_scene(changed, ways)
    for remark in map(said_of, findings):  # whatever is found, a technician reads it in Chinese
        assert not re.search("expected|found", chinese(remark.text)), remark
    return [(finding.weight, finding.place, finding.found) for finding in findings]


def test_the_demonstrations_scene_holds():
    assert check_scene(load_scene(DEMO)) == []


@pytest.mark.parametrize(
    ("story", "changes", "weight", "place", "found"),
    [
        (
            "a crosswalk 40 m long",
            {"crosswalks__0__polygon": rectangle(-11, -30, 40, 6)},
            "error",
            "crosswalks[0].polygon",
            "40.0 m",
        ),
        (
            "a crosswalk like a plank",
            {"crosswalks__0__polygon": rectangle(-11, -11, 8, 1)},
            "hint",
            "crosswalks[0].polygon",
            "1.0 m",
        ),
        (
            "a crosswalk behind the camera",
            {"crosswalks__0__polygon": rectangle(-80, -60, 8, 6)},
            "error",
            "crosswalks[0].polygon",
            "at or beyond the horizon",
        ),
        (
            "a lamp of three pixels",
            {"signals__0": {"id": "ped-n", "for": "pedestrian", "lamp": {"px": [600, 90, 3, 12]}}},
            "error",
            "signals[0].lamp",
            "3 x 12 px",
        ),
        (
            "a mistyped reference point",
            {"ground__points__7__m": [-1.0, -6.0]},
            "error",
            "ground.points[7]",
            "mistyped?",
        ),
        (
            "two crosswalks on one ground",
            {
                "crosswalks": [
                    {"id": "n", "signal": "ped-n", "polygon": rectangle(-11, -11, 8, 6)},
                    {"id": "m", "signal": "ped-n", "polygon": rectangle(-9, -11, 8, 6)},
                ]
            },
            "hint",
            "crosswalks[1]",
            "67% of the smaller one shared",
        ),
    ],
)
def test_what_cannot_hold_is_told_with_its_place(story, changes, weight, place, found):
    assert any(w == weight and p == place and found in f for w, p, f in told(scene(**changes))), told(scene(**changes))


def test_four_points_fit_any_plane_and_that_is_said():
    points = yaml.safe_load(DEMO.read_text(encoding="utf-8"))["ground"]["points"]
    few = scene(ground__points=[points[index] for index in (0, 4, 15, 19)])
    assert ("hint", "ground.points", "4") in told(few)


def lane(direction):
    shape = {"id": "bike", "users": ["rider"], "polygon": rectangle(-11, -11, 8, 6), "direction": {"m": direction}}
    return scene(lanes=[shape])


def rides(count, forwards=True):
    way = np.linspace(-10.5, -3.5, 20)
    return [Way("rider", tuple((-8.0, float(y)) for y in (way if forwards else way[::-1])))] * count


@pytest.mark.parametrize(
    ("story", "ways", "error"),
    [
        ("they ride as it is drawn", rides(20), False),
        ("most ride against it", rides(18, forwards=False) + rides(2), True),
        ("nobody was seen", [], False),
    ],
)
def test_a_lane_against_its_traffic(story, ways, error):
    found = told(lane([[-8, -11], [-8, -3]]), ways)
    assert (("error", "lanes[0].direction") in [(weight, place) for weight, place, _ in found]) is error


def test_a_crosswalk_that_people_walk_the_other_way():
    beside = [Way("pedestrian", tuple((float(x), -7.0) for x in np.linspace(-11, -5.5, 12)))] * 10
    assert [place for _, place, _ in told(load_scene(DEMO), beside)] == ["crosswalks[0].across"]
