import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.errors import SceneError
from calibration.ground import fit_ground
from calibration.reader import BYTES_MAX, load_scene, parse_scene
from calibration.rule_parameters import PARAMETERS, in_force
from calibration.scene_file import SceneFile
from edge.rules.red_light import RedLightParams

DOCS = Path(__file__).parent.parent.parent / "docs"
GOOD = """
version: 1
site:   {id: yq-003, name: 妫水北街与东外大街路口}
camera: {id: yq-003-n, direction: 由南向北, size: [768, 576]}
ground:
  points:
    - {px: [242, 189], m: [0.0, 0.0]}
    - {px: [500, 189], m: [10.0, 0.0]}
    - {px: [600, 500], m: [10.0, 12.0]}
    - {px: [150, 500], m: [0.0, 12.0]}
signals:
  - {id: ped-n, for: pedestrian, lamp: {px: [612, 95, 14, 30]}}
  - {id: veh-n, for: vehicle, plan: {cycle_s: 90, offset_s: 0, green_s: [0, 40], yellow_s: [40, 43]}}
crosswalks:
  - {id: n, signal: ped-n, polygon: {m: [[0, 0], [22, 0], [22, 5], [0, 5]]}}
lanes:
  - {id: bike-n, users: [rider], polygon: {px: [[200, 300], [300, 300], [300, 400]]}, direction: {m: [[0, 0], [10, 0]]}}
stop_lines:
  - {id: n, signal: veh-n, users: [rider], line: {m: [[0, 0], [3.5, 0]]}, beyond: {m: [1, 4]}}
rules:
  pedestrian_red_light: {advance_m: 2.5}
"""
TEN_FAULTS = """
version: 2
site:   {id: YQ 003, name: x}
camera: {id: c, direction: north, size: [768, 0]}
ground: {points: [{px: [1, 1], m: [0, 0]}]}
signals:
  - {id: p, for: pedestrian, plan: {cycle_s: 40, green_s: [30, 20]}}
crosswalks:
  - {id: n, signal: nobody, polygon: {m: [[0, 0], [22, 0]]}}
  - {id: n, signal: p, polygon: {m: [[0, 0], [5, 5], [5, 0], [0, 5]]}}
crosswalk: []
rules: {pedestrian_red_light: {advance_m: -1}}
"""


def problems(text: str | bytes) -> tuple[str, ...]:
    with pytest.raises(SceneError) as caught:
        parse_scene(text.encode() if isinstance(text, str) else text, "s.yaml")
    return caught.value.problems


def test_the_documented_scene_is_accepted():
    scene = parse_scene(GOOD.encode(), "s.yaml")
    assert (scene.site_id, scene.camera_id, scene.size_px) == ("yq-003", "yq-003-n", (768, 576))
    assert scene.crosswalks[0].across == pytest.approx((1, 0)) or scene.crosswalks[0].across == pytest.approx((-1, 0))
    assert scene.lanes[0].direction == (1, 0)
    assert scene.stop_lines[0].beyond_m == (1, 4)
    assert scene.signals[1].plan is not None
    assert in_force("pedestrian_red_light", scene.rules)["advance_m"] == 2.5


def test_a_scene_with_many_faults_lists_them_all_each_with_its_place():
    found = problems(TEN_FAULTS)
    places = [line.split(": ")[0] for line in found]
    assert places == [
        "crosswalk",
        "version",
        "site.id",
        "camera.size[1]",
        "signals[0].plan",
        "rules.pedestrian_red_light.advance_m",
        "ground.points",
        "crosswalks[1].id",
        "crosswalks[0].signal",
        "crosswalks[0].polygon",
        "crosswalks[1].signal",
        "crosswalks[1].polygon",
    ]
    assert "crosswalks[0].polygon: 2 points, needs 3" in found
    assert "crosswalk: no such section, did you mean crosswalks?" in found


@pytest.mark.parametrize(
    ("story", "text", "says"),
    [
        ("no YAML", "a: [", "expected YAML"),
        ("a list", "[1, 2]", "expected a mapping"),
        ("nothing", "", "expected a mapping"),
        ("not text", b"\x80\x81", "expected YAML"),
        ("an alias", "a: &x [1]\nb: *x", "aliases"),
        ("too large", b"#" * (BYTES_MAX + 1), "expected at most"),
    ],
)
def test_what_is_no_scene_is_refused_in_one_line(story, text, says):
    (line,) = problems(text)
    assert says in line
    assert "\n" not in line


def test_a_scene_that_is_not_there():
    with pytest.raises(SceneError, match="found none"):
        load_scene(Path("/nowhere/scene.yaml"))


@pytest.mark.parametrize(
    ("story", "old", "new", "says"),
    [
        ("px without ground", "ground:\n  points:\n", "unused:\n  points:\n", "lanes[0].polygon: is in px"),
        ("three points", "    - {px: [150, 500], m: [0.0, 12.0]}\n", "", "ground.points: 3 points, needs 4 or more"),
        ("one line", "[10.0, 12.0]", "[20.0, 0.0]", ""),
        ("a number that is none", "[22, 5]", "[.nan, 5]", "crosswalks[0].polygon.m[2][0]"),
        ("a truth for a number", "[22, 5]", "[true, 5]", "crosswalks[0].polygon.m[2][0]"),
        ("both units", "polygon: {m: [[0, 0]", "polygon: {px: [[0, 0]], m: [[0, 0]", "needs either px or m"),
        ("an unknown rule", "pedestrian_red_light:", "red_light:", "rules.red_light: no such rule"),
        ("a key too many", "{id: n, signal: ped-n,", "{id: n, signall: x, signal: ped-n,", "did you mean signal?"),
    ],
)
def test_single_faults(story, old, new, says):
    assert old in GOOD
    assert any(says in line for line in problems(GOOD.replace(old, new, 1)))


def test_the_published_schema_is_current():
    published = json.loads((DOCS / "scene.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(SceneFile.model_json_schema(by_alias=True)))


def test_defaults_are_those_of_the_rule_and_stand_in_the_docs():
    assert RedLightParams(**in_force("pedestrian_red_light", {})) == RedLightParams()
    text = (DOCS / "rules.md").read_text(encoding="utf-8")
    for rule, parameters in PARAMETERS.items():
        for name, parameter in parameters.items():
            assert f"| `{name}` | {parameter.default:g} |" in text, (rule, name)


MATRICES = st.lists(st.floats(-0.2, 0.2), min_size=8, max_size=8)


@given(MATRICES)
def test_a_plane_is_found_again_and_both_ways_fit(noise):
    truth = np.array([[0.02, 0.001, -5], [0.001, 0.03, -6], [1e-5, 5e-5, 1]])
    truth.ravel()[:8] *= 1 + np.array(noise)
    px = np.array([(x, y) for x in (100.0, 300.0, 500.0, 700.0) for y in (150.0, 300.0, 550.0)])
    mapped = np.c_[px, np.ones(len(px))] @ truth.T
    metres = mapped[:, :2] / mapped[:, 2:]
    ground = fit_ground(px, metres)
    assert ground.rms_m < 1e-6
    assert ground.to_pixels(ground.to_metres(px)) == pytest.approx(px, abs=1e-4)


def test_a_point_over_the_horizon_is_nowhere():
    px = np.array([[0.0, 300], [400, 300], [500, 500], [-100, 500]])
    ground = fit_ground(px, np.array([[0.0, 30], [10, 30], [10, 10], [0, 10]]))
    assert np.all(np.isnan(ground.to_metres(np.array([[200.0, -5000.0]]))))


@pytest.mark.parametrize(
    "points_m",
    [
        [[0.0, 0], [1, 0], [2, 0], [3, 0]],
        [[1.0, 1], [1, 1], [1, 1], [1, 1]],
    ],
)
def test_points_that_fix_no_plane_are_refused(points_m):
    with pytest.raises(ValueError, match="points"):
        fit_ground(np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]]), np.array(points_m))
