"""scene.yaml as it is documented is accepted; what is wrong with one is told all at once, each with its place."""

import contextlib
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration import scene_file
from calibration.errors import SceneError
from calibration.page.chinese import chinese
from calibration.reader import BYTES_MAX, load_scene, parse_scene
from calibration.rule_parameters import PARAMETERS, in_force
from calibration.scene_file import SceneFile
from contract import messages
from edge.rules.params import CrossingParams, LineParams, StandingParams, TrackParams, WrongWayParams, YieldingParams
from edge.rules.reasons import VERDICTS, Reason

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
ONE_LINE = "m: [20.0, 0.0]}\n    - {px: [150, 500], m: [30.0, 0.0]}"
TEN_FAULTS = """
version: 2
site:   {id: YQ 003, name: x}
camera: {id: c, direction: north, size: [768, 0]}
ground: {points: [{px: [1, 1], m: [0, 0]}]}
signals:
  - {id: p, for: pedestrian, plan: {cycle_s: 40, green_s: [30, 20]}}
crosswalks:
  - {id: n, signal: nobody, polygon: {m: [[0, 0], [22, 0]]}}
  - {id: m, signal: p, polygon: {px: [[0, 0], [5, 5], [5, 0], [0, 5]]}}
lanes:
  - {id: b, users: [rider], polygon: {m: [[0, 0], [5, 5], [5, 0], [0, 5]]}, direction: {m: [[0, 0], [10, 0]]}}
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


def test_a_scene_with_ten_faults_lists_exactly_ten_each_with_its_place():
    found = problems(TEN_FAULTS)
    places = [line.split(": ")[0] for line in found]
    assert sorted(places) == [  # none for what follows from another fault: the signal that is wrong, the lacking ground
        "camera.size[1]",
        "crosswalk",
        "crosswalks[0].polygon",
        "crosswalks[0].signal",
        "ground.points",
        "lanes[0].polygon",
        "rules.pedestrian_red_light.advance_m",
        "signals[0].plan",
        "site.id",
        "version",
    ]
    assert "crosswalks[0].polygon: 2 points, needs 3" in found
    assert "crosswalk: no such section, did you mean crosswalks?" in found


def test_the_message_has_one_line_a_fault_and_names_the_file():
    with pytest.raises(SceneError) as caught:
        parse_scene(TEN_FAULTS.encode(), "s.yaml")
    assert caught.value.exit_status == 2
    lines = str(caught.value).splitlines()
    assert len(lines) == 10
    assert all(line.startswith("s.yaml: ") for line in lines)


BOMB = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    ("story", "text", "says"),
    [
        ("no YAML", "a: [", "expected YAML"),
        ("a list", "[1, 2]", "expected a mapping"),
        ("nothing", "", "expected a mapping"),
        ("not text", b"\x80\x81", "expected YAML"),
        ("an alias", "a: &x [1]\nb: *x", "aliases"),
        ("a bomb of aliases", BOMB, "aliases"),
        ("a tag", GOOD + "note: !!int ''", "tags"),
        ("a tag on a mapping", "!!python/object:os.system {}", "tags"),
        ("a section twice", GOOD + "crosswalks: []", "given twice: crosswalks (line 22)"),
        ("brackets without end", "[" * 100_000, "expected YAML"),
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


SINGLE_FAULTS = [
    ("px without ground", "ground:\n  points:\n", "unused:\n  points:\n", "lanes[0].polygon: is in px"),
    ("three points", "    - {px: [150, 500], m: [0.0, 12.0]}\n", "", "ground.points: 3 points, needs 4 or more"),
    ("one line", "m: [10.0, 12.0]}\n    - {px: [150, 500], m: [0.0, 12.0]}", ONE_LINE, "the m lie on one line"),
    ("crossed points", "[10.0, 12.0]", "[-9.0, 3.0]", "ground.points: the reference points lie on both sides"),
    ("over the horizon", "[[200, 300], [300, 300]", "[[200, -900], [300, 300]", "over the horizon"),
    ("an empty section", "{id: yq-003, name: 妫水北街与东外大街路口}", "", "site: is missing"),
    ("an empty ground", GOOD[GOOD.index("  points:") : GOOD.index("signals:")], "", "needs ground.points"),
    ("an empty item", "lanes:\n", "lanes:\n  -\n", "lanes[0]: is empty"),
    ("no list", "lanes:\n  - {id: bike-n", "lanes:\n    {id: bike-n", "lanes: dict, needs a list"),
    ("a name taken", "id: veh-n, for", "id: ped-n, for", "signals[1].id: 'ped-n' is taken"),
    ("one point across", "[0, 5]]}}", "[0, 5]]}, across: {m: [[0, 0]]}}", "across: 1 points, needs 2"),
    ("a way of no length", "direction: {m: [[0, 0], [10, 0]]}", "direction: {m: [[0, 0], [0, 0]]}", "0.1 m apart"),
    ("no area", "[[0, 0], [22, 0], [22, 5], [0, 5]]", "[[0, 0], [0.1, 0], [0, 0.1]]", "area 0.005 m2"),
    ("a cycle of nothing", "cycle_s: 90", "cycle_s: 0.0001", "signals[1].plan.cycle_s"),
    ("green and yellow at once", "yellow_s: [40, 43]", "yellow_s: [39, 43]", "green_s and yellow_s overlap"),
    ("a size in quotes", "[768, 576]", "['768', 576]", "camera.size[0]"),
    ("half a letter", "version: 1", 'version: 1\nnote: "\\ud800"', "note: needs a text"),
    ("a number too long", "advance_m: 2.5", "advance_m: 1" + "0" * 400, "needs a number from 0.5 to 50"),
    (
        "rules that are none",
        "\n  pedestrian_red_light: {advance_m: 2.5}",
        " false",
        "rules: False, needs a mapping",
    ),
    ("a rule without names", "{advance_m: 2.5}", "3", "pedestrian_red_light: 3, needs names with numbers"),
    ("an unknown parameter", "advance_m: 2.5", "advance: 2.5", "pedestrian_red_light.advance: no such parameter"),
    ("a number that is none", "[22, 5]", "[.nan, 5]", "crosswalks[0].polygon.m[2][0]"),
    ("a truth for a number", "[22, 5]", "[true, 5]", "crosswalks[0].polygon.m[2][0]"),
    ("both units", "polygon: {m: [[0, 0]", "polygon: {px: [[0, 0]], m: [[0, 0]", "needs either px or m"),
    ("an unknown rule", "pedestrian_red_light:", "red_light:", "rules.red_light: no such rule"),
    (
        "a carriageway elsewhere",
        "[0, 5]]}}",
        "[0, 5]]}, carriageway: {m: [[50, 0], [60, 0], [60, 9]]}}",
        "crosswalks[0].carriageway: does not touch the crosswalk",
    ),
    ("a carriageway of two points", "[0, 5]]}}", "[0, 5]]}, carriageway: {m: [[0, 0], [6, 9]]}}", "2 points, needs 3"),
    ("a lane both ways, in words", "[10, 0]]}}", "[10, 0]]}, two_way: sometimes}", "lanes[0].two_way"),
    ("a lane both ways, as a number", "[10, 0]]}}", "[10, 0]]}, two_way: 1}", "lanes[0].two_way"),
    ("a key too many", "{id: n, signal: ped-n,", "{id: n, signall: x, signal: ped-n,", "did you mean signal?"),
]


@pytest.mark.parametrize(("story", "old", "new", "says"), SINGLE_FAULTS)
def test_single_faults(story, old, new, says):
    assert old in GOOD
    assert any(says in line for line in problems(GOOD.replace(old, new, 1)))


def test_the_road_around_a_crosswalk_and_a_path_that_both_ways_may_use():
    plain = parse_scene(GOOD.encode(), "s.yaml")
    assert (plain.crosswalks[0].carriageway_m, plain.lanes[0].two_way) == (None, False)
    text = GOOD.replace("[0, 5]]}}", "[0, 5]]}, carriageway: {m: [[0, -3], [22, -3], [22, 9], [0, 9]]}}", 1)
    drawn = parse_scene(text.replace("[10, 0]]}}", "[10, 0]]}, two_way: true}", 1).encode(), "s.yaml")
    assert drawn.crosswalks[0].carriageway_m == ((0, -3), (22, -3), (22, 9), (0, 9))
    assert drawn.crosswalks[0].polygon_m == plain.crosswalks[0].polygon_m
    assert drawn.lanes[0].two_way is True


@pytest.mark.parametrize(
    ("story", "regions", "says"),
    [
        ("in the picture", "[[0, 0, 300, 80], [500, 10, 268, 90]]", None),
        ("beyond its edge", "[[600, 0, 300, 80]]", "leaves the picture of 768 x 576 px"),
        ("no width", "[[10, 0, 0, 80]]", "camera.small_people"),
        ("three numbers", "[[10, 0, 80]]", "camera.small_people"),
    ],
)
def test_where_people_are_small(story, regions, says):
    text = GOOD.replace("size: [768, 576]", f"size: [768, 576], small_people: {regions}")
    if says is None:
        assert len(parse_scene(text.encode(), "s").small_people_px) == 2
        return
    with pytest.raises(SceneError) as told:
        parse_scene(text.encode(), "s")
    assert says in str(told.value)


CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("text", [TEN_FAULTS, *(GOOD.replace(old, new, 1) for _, old, new, _ in SINGLE_FAULTS)])
def test_a_technician_reads_every_fault_in_chinese(text):
    for problem in problems(text):
        said = chinese(problem.partition(": ")[2])
        assert CHINESE.search(said), problem
        assert not re.search("needs|expected|should", said)


def test_the_published_schema_is_current():
    published = json.loads((DOCS / "scene.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(SceneFile.model_json_schema(by_alias=True)))


READERS = [
    ("pedestrian_red_light", [CrossingParams], {"forget_s"}),  # forget_s is the engine's
    ("rider_red_light", [CrossingParams, LineParams], set()),
    ("wrong_way", [WrongWayParams], set()),
    ("stop_line", [StandingParams], set()),
    ("yielding", [YieldingParams], set()),
    ("tracks", [TrackParams], set()),
]


@pytest.mark.parametrize(("rule", "readers", "besides"), READERS, ids=[row[0] for row in READERS])
def test_every_parameter_of_the_table_is_read_by_its_rule_and_no_other(rule, readers, besides):
    assert {field.name for reader in readers for field in fields(reader)} | besides == set(PARAMETERS[rule])
    for reader in readers:
        (first, *_) = (field.name for field in fields(reader))
        assert getattr(reader.of(rule, {}), first) == PARAMETERS[rule][first].default
        assert getattr(reader.of(rule, {rule: {first: 1.25}}), first) == 1.25


def test_no_rule_of_the_table_is_left_without_a_reader():
    assert {row[0] for row in READERS} == set(PARAMETERS)


def test_every_reason_has_a_verdict():
    assert set(VERDICTS) == set(Reason)


def test_every_threshold_stands_in_the_docs():
    text = (DOCS / "rules.md").read_text(encoding="utf-8")
    for rule, parameters in PARAMETERS.items():
        section = text.split(f"\n`{rule}`\n", 1)[1].split("\n`", 1)[0]
        for name, p in parameters.items():
            assert f"| `{name}` | {p.default:g} | {p.minimum:g} to {p.maximum:g} | {p.meaning} |" in section, (
                rule,
                name,
            )


def test_every_reason_and_its_verdict_stands_in_the_docs():
    text = (DOCS / "rules.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| (lawful|violation|abstained) \|", text, re.MULTILINE)
    assert told == [(reason.value, VERDICTS[reason].value) for reason in Reason]  # in the order in which they are asked


def test_an_id_in_a_scene_has_the_form_that_the_wire_takes():
    ours, theirs = (get_args(form)[1].pattern for form in (scene_file.Id, messages.Identifier))
    assert ours == theirs


def test_the_same_scene_has_the_same_hash_however_it_is_laid_out():
    other = GOOD.replace("{advance_m: 2.5}", "{advance_m:   2.50}  # a remark")
    assert parse_scene(GOOD.encode(), "a").sha256 == parse_scene(other.encode(), "b").sha256
    assert parse_scene(GOOD.replace("2.5}", "2.6}").encode(), "a").sha256 != parse_scene(other.encode(), "b").sha256


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(10**300, 10**310),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(-5, 5), max_size=4),
    st.lists(st.lists(st.floats(-50, 50), min_size=2, max_size=2), max_size=5),
    st.dictionaries(st.sampled_from(["px", "m", "id", "points", "advance_m", "1"]), st.integers(-5, 5), max_size=2),
)


def places(content, before=()):
    """Every place in a scene, as the keys that lead there."""
    yield before
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in items:
        yield from places(value, (*before, key))


PLACES = [place for place in places(yaml.safe_load(GOOD)) if place]


def told_of(data: bytes) -> tuple[str, ...] | None:
    try:
        parse_scene(data, "s.yaml")
    except SceneError as error:
        return error.problems
    return None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), ANYTHING), min_size=1, max_size=3))
def test_whatever_stands_in_a_scene_it_is_read_or_refused_with_a_reason(changes):
    content = yaml.safe_load(GOOD)
    for (*way, last), value in changes:
        part = content
        with contextlib.suppress(LookupError, TypeError):  # an earlier change has taken this place away
            for key in way:
                part = part[key]
            part[last] = value
    told = told_of(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    assert told is None or (told and all(len(line.splitlines()) == 1 for line in told))
