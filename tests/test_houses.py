"""The house itself: which folders there are, which commands, and that nothing reaches over the roof."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import lukou

ROOT = Path(__file__).parent.parent
HOUSES = {"calibration", "contract", "datasets", "edge", "models", "server"}
FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "helper", "manager", "base", "misc"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [Path(line) for line in listed.stdout.splitlines()]


def product() -> list[Path]:
    return [path for path in tracked() if path.parts[0] != "tests"]


def test_every_top_level_package_is_one_of_the_houses():
    assert {path.parts[0] for path in product()} - {"lukou.py"} == HOUSES


def test_no_house_imports_the_command():
    for path in product():
        if path.name == "lukou.py":
            continue
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert all(alias.name != "lukou" for alias in node.names), path
            if isinstance(node, ast.ImportFrom):
                assert node.module != "lukou", path


def test_no_module_has_a_name_that_says_nothing():
    named = {part.removesuffix(".py") for path in product() for part in path.parts}
    assert not named & FORBIDDEN_NAMES


def test_every_module_says_what_it_owns():
    silent = [p for p in product() if not ast.get_docstring(ast.parse((ROOT / p).read_text(encoding="utf-8")))]
    assert silent == []


def test_no_test_patches():
    words = ("mock." + "patch", "Magic" + "Mock", "monkeypatch." + "setattr")
    for path in tracked():
        if path.parts[0] == "tests":
            text = (ROOT / path).read_text(encoding="utf-8")
            assert not any(word in text for word in words), path


@pytest.mark.parametrize("name", sorted(lukou.COMMANDS))
def test_every_command_explains_itself_and_is_documented(name):
    done = subprocess.run([sys.executable, "-m", "lukou", name, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Usage: lukou" in done.stdout
    assert f"lukou {name}" in (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")


def test_an_unknown_command_is_wrong_input():
    done = subprocess.run([sys.executable, "-m", "lukou", "fine"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "found 'fine'" in done.stderr
