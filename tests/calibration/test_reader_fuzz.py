"""Whatever is in the file, a scene is read, or its problems are told: nothing else may be raised."""

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.errors import SceneError
from calibration.reader import parse_scene

GOOD = """
version: 1
site: {id: s, name: site}
camera: {id: c, direction: north, size: [64, 48]}
ground:
  points: [{px: [0, 0], m: [0, 0]}, {px: [60, 0], m: [5, 0]}, {px: [60, 40], m: [5, 5]}, {px: [0, 40], m: [0, 5]}]
signals: [{id: ped, for: pedestrian, plan: {cycle_s: 90, green_s: [0, 40]}}]
crosswalks: [{id: n, signal: ped, polygon: {m: [[0, 0], [5, 0], [5, 10], [0, 10]]}}]
lanes: [{id: b, users: [rider], polygon: {m: [[0, 0], [5, 0], [5, 9], [0, 9]]}, direction: {m: [[0, 0], [0, 9]]}}]
"""
WILD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(max_size=12)
    | st.dates()
    | st.binary(max_size=4),
    lambda inside: (
        st.lists(inside, max_size=5) | st.dictionaries(st.text(max_size=6) | st.integers(), inside, max_size=4)
    ),
    max_leaves=8,
)
"""Everything that a YAML file can hold, dates and bytes as well."""


def told(data: bytes) -> str:
    """Read a scene; return what is said to be wrong with it."""
    try:
        parse_scene(data, "scene.yaml")
    except SceneError as error:
        return str(error)
    return ""


def test_the_scene_to_begin_with_is_good():
    assert told(GOOD.encode()) == ""


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Return the way to every part of a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, each in inside for found in places(each, (*path, key)))]


def put(value: object, path: tuple, new: object) -> object:
    if not path:
        return new
    value[path[0]] = put(value[path[0]], path[1:], new)
    return value


@given(st.binary(max_size=200))
def test_any_bytes(data):
    told(data)


@given(st.text(max_size=200))
def test_any_text(text):
    told(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=300)
@given(st.data(), WILD)
def test_a_good_scene_with_one_part_exchanged(data, wild):
    document = yaml.safe_load(GOOD)
    path = data.draw(st.sampled_from(places(document)))
    told(yaml.safe_dump(put(document, path, wild), allow_unicode=True).encode("utf-8", "surrogatepass"))


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 30), st.text(max_size=5))
def test_a_good_scene_with_a_piece_of_its_text_exchanged(place, length, text):
    told((GOOD[:place] + text + GOOD[place + length :]).encode("utf-8", "surrogatepass"))


def test_aliases_that_burst_are_told_and_do_not_burst():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    told("\n".join(lines).encode())
