"""What the page says of a document: finished, half drawn, or nonsense."""

import copy

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from calibration.flows import Way
from calibration.page.look import look_at
from datasets.demo.run import SCENE

SIZE_PX = (768, 576)
GOOD = yaml.safe_load(SCENE.read_text(encoding="utf-8"))


def changed(**changes):
    document = copy.deepcopy(GOOD)
    for path, value in changes.items():
        part = document
        *steps, last = (int(step) if step.isdigit() else step for step in path.split("__"))
        for step in steps:
            part = part[step]
        if value is None:
            del part[last]
        else:
            part[last] = value
    return document


def test_a_scene_that_holds_has_sizes_a_grid_and_no_remark():
    look = look_at(GOOD, SIZE_PX)
    assert look.remarks == ()
    assert look.sizes_m["crosswalks[0].polygon"] == pytest.approx((8.5, 6.5))
    assert look.fit is not None
    assert look.fit.rms_cm == pytest.approx(3.2, abs=0.1)
    assert len(look.fit.grid) > 20
    assert all(point is not None for point in look.outlines_px["crosswalks[0].polygon"])


@pytest.mark.parametrize(
    ("story", "document", "size_px", "place", "says"),
    [
        ("no name", changed(site__name=""), SIZE_PX, "site.name", "at least 1 character"),
        ("another camera's picture", GOOD, (1920, 1080), "camera.size", "the picture is 1920 x 1080 px"),
        ("no metres yet", changed(ground__points__0__m=[None, None]), SIZE_PX, "ground.points[0].m[0]", "valid number"),
        ("a point mistyped", changed(ground__points__7__m=[-1.0, -6.0]), SIZE_PX, "ground.points[7]", "mistyped"),
        (
            "a point mistyped in a scene with another fault",
            changed(ground__points__7__m=[-1.0, -6.0], site__id=""),
            SIZE_PX,
            "ground.points[7]",
            "mistyped",
        ),
        ("no signal", changed(signals=None), SIZE_PX, "crosswalks[0].signal", "no signal 'ped-n'"),
    ],
)
def test_a_problem_is_told_at_its_place(story, document, size_px, place, says):
    told = [remark.text for remark in look_at(document, size_px).remarks if remark.place == place]
    assert any(says in text for text in told), look_at(document, size_px).remarks


def test_without_a_ground_what_is_in_pixels_is_shown_and_what_is_in_metres_is_not():
    document = changed(ground=None)
    document["lanes"] = [{"id": "l", "users": ["rider"], "polygon": {"px": [[1, 1], [50, 1], [50, 50]]}}]
    look = look_at(document, SIZE_PX)
    assert look.fit is None
    assert look.outlines_px["lanes[0].polygon"] == ((1, 1), (50, 1), (50, 50))
    assert set(look.outlines_px["crosswalks[0].polygon"]) == {None}
    assert "lanes[0].polygon" not in look.sizes_m


def test_the_observed_flow_stands_beside_the_lane_also_before_it_has_a_direction():
    document = changed()
    document["lanes"] = [{"id": "l", "users": ["rider"], "polygon": GOOD["crosswalks"][0]["polygon"]}]
    ways = [Way("rider", tuple((-8.0, -11.0 + 0.5 * step) for step in range(15)))] * 6
    seen = look_at(document, SIZE_PX, ways).flows["lanes[0]"]
    assert seen["tracks"] == 6
    assert seen["axis"] == pytest.approx((0, 1), abs=1e-6)


NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["px", "m", "id", "points", "polygon", "line", "beyond", "across"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["site", "camera", "ground", "crosswalks", "lanes", "stop_lines"]), NONSENSE))
def test_nonsense_is_told_and_never_a_traceback(document):
    assert look_at(document, SIZE_PX).remarks


@given(st.sampled_from(["crosswalks", "ground", "site", "camera", "signals"]), NONSENSE)
def test_nonsense_in_the_place_of_a_part_is_no_traceback_either(part, value):
    document = copy.deepcopy(GOOD)
    document[part] = value
    look_at(document, SIZE_PX)
