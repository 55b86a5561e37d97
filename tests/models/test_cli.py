"""``lukou models`` as a person uses it: the real command, in its own process."""

import os
import subprocess
import sys

import pytest

from models.pull import cache_folder, pull


def lukou(*arguments, cache):
    command = [sys.executable, "-m", "lukou", "models", *arguments]
    environment = {**os.environ, "LUKOU_CACHE": str(cache), "COLUMNS": "120"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_list_shows_licence_input_and_what_is_not_cached(tmp_path):
    done = lukou("list", cache=tmp_path)
    assert done.returncode == 0
    for word in ("nanodet-g", "Apache-2.0", "416x416", "no"):
        assert word in done.stdout


def test_an_unknown_name_is_told_in_one_line(tmp_path):
    done = lukou("pull", "yolo99", cache=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == "model: expected one of nanodet-g, or a path to an .onnx file; found 'yolo99'"


@pytest.mark.weights
def test_pull_prints_the_path_at_once_where_it_is_cached():
    path = pull("nanodet-g", cache_folder(os.environ), lambda *_: None)
    done = lukou("pull", "nanodet-g", cache=path.parents[1])
    assert (done.returncode, done.stdout.strip()) == (0, str(path))
