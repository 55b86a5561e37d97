"""A model is found by its path, by its name in the catalog, or by the name under which it was exported."""

from pathlib import Path

import pytest

from models.catalog import load_catalog
from models.errors import PartMissingError, UnknownModelError
from models.locate import exported, located


@pytest.fixture
def cache(tmp_path):
    for name in ("yolo11n.onnx", "yolo11n.json", "half.onnx", "other.json", "nanodet-g.onnx", "nanodet-g.json"):
        (tmp_path / name).write_text("")
    return tmp_path


def test_what_was_exported_is_known_by_its_name(cache):
    assert located("yolo11n", cache) == cache / "yolo11n.onnx"
    assert exported(cache, load_catalog()) == ("yolo11n",)


def test_a_path_is_taken_as_it_is(cache):
    assert located("somewhere/mine.onnx", cache) == Path("somewhere/mine.onnx")


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        ("half", UnknownModelError, "expected one of nanodet-g, yolo11n, or a path to an .onnx file; found 'half'"),
        ("nanodet-g", PartMissingError, "Run: lukou models pull nanodet-g"),  # its bytes are not the catalog's
    ],
)
def test_what_is_not_there_whole_is_told(cache, name, error, says):
    with pytest.raises(error, match="model") as told:
        located(name, cache)
    assert says in str(told.value)
