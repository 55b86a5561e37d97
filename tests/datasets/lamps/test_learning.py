"""The fit: what can be told apart is told apart, chance decides nothing, and the weights are written as they were."""

import runpy

import numpy as np
import pytest

from datasets.lamps.fit import source
from datasets.lamps.learning import learnt


@pytest.fixture(scope="module")
def lessons():
    """Return two features, and answers that only both together give: red where they agree, green where they do not."""
    features = np.random.default_rng(5).normal(0, 1, (2048, 2)).astype(np.float32)
    agree = features[:, 0] * features[:, 1] > 0
    right = np.zeros((2048, 5), np.float32)
    right[agree, 0] = right[~agree, 2] = 1
    return features, right


def test_it_learns_what_no_single_feature_tells(lessons):
    trust = learnt(*lessons)
    assert trust.odds(np.array([1, 1], np.float32)).argmax() == 0
    assert trust.odds(np.array([-1, 1], np.float32)).argmax() == 2
    assert trust.odds(np.array([1, -1], np.float32))[0] < -2


def test_the_same_lessons_give_the_same_weights_and_the_text_says_them(lessons, tmp_path):
    trust = learnt(*lessons)
    (tmp_path / "weights.py").write_text(source(trust, 2048), encoding="utf-8")
    written = runpy.run_path(str(tmp_path / "weights.py"))["TRUST"]
    at = np.array([0.7, -1.2], np.float32)
    assert np.array_equal(trust.odds(at), learnt(*lessons).odds(at))
    assert np.allclose(written.odds(at), trust.odds(at), atol=0.5)
