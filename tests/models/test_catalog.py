"""The catalog that comes with lukou, and what is said about one that cannot hold."""

import pytest

from models.catalog import load_catalog, parse_catalog
from models.errors import ModelFileError, UnknownModelError


def test_nanodet_is_described_in_full():
    catalog = load_catalog()
    model = catalog.model("nanodet-g")
    assert (model.head, model.weights_licence, model.source.package_licence) == ("nanodet", "Apache-2.0", "MIT")
    assert (model.input.width_px, model.input.height_px, model.input.channels) == (416, 416, "bgr")
    assert len(catalog.class_names(model)) == len(set(catalog.class_names(model))) == 80
    assert [output.name for output in model.outputs if output.shape[2] == 80] == ["scores_8", "scores_16", "scores_32"]


def test_normalisation_is_the_graphs_business_and_not_the_sidecars():
    picture = load_catalog().model("nanodet-g").input.picture()
    known = {"width_px", "height_px", "channels", "letterbox", "pad_value", "any_size", "scale"}
    assert set(picture.model_dump()) == known


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UnknownModelError, match=r"expected one of nanodet-g, .* found 'yolo'"):
        load_catalog().model("yolo")


def test_every_problem_of_a_catalog_is_told_with_its_place():
    content = load_catalog().model_dump()
    nanodet = content["models"]["nanodet-g"]
    nanodet["input"]["width_px"] = 417
    nanodet["source"]["tarball_sha256"] = "abc"
    nanodet["colour"] = "green"
    with pytest.raises(ModelFileError) as told:
        parse_catalog(content, "mine.toml")
    lines = str(told.value).splitlines()
    assert len(lines) == 3
    for place in ("nanodet-g.input.width_px", "nanodet-g.source.tarball_sha256", "nanodet-g.colour"):
        assert any(line.startswith(f"mine.toml: models.{place}: ") for line in lines)


def test_a_class_list_that_is_not_there_is_told():
    content = load_catalog().model_dump()
    content["models"]["nanodet-g"]["classes"] = "coco91"
    with pytest.raises(ModelFileError, match=r"expected one of \['coco80'\], found coco91"):
        parse_catalog(content, "mine.toml")
