"""docs/law.md shows the data as it is; `lukou serve law` prints it, and says what has not been verified."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.law.law_book import read_law_book
from server.law.listing import not_verified, tables
from server.law.moments import Moment
from server.law.terms import Consequence

DOCUMENT = Path(__file__).parents[3] / "docs" / "law.md"
BOOK = read_law_book()


@pytest.mark.parametrize("name", tables(BOOK))
def test_every_entry_stands_in_the_document(name):
    assert tables(BOOK)[name] in DOCUMENT.read_text(encoding="utf-8"), (
        f"docs/law.md has another table of {name}: `lukou serve law` prints the right one"
    )


def test_what_is_not_verified_stands_in_the_document():
    assert not_verified(BOOK) in DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*Moment, *Consequence])
def test_every_word_is_explained(word):
    assert f"`{word}`" in DOCUMENT.read_text(encoding="utf-8")


def serve_law(tmp_path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LUKOU_")}
    return subprocess.run(
        [sys.executable, "-m", "lukou", "serve", "law"],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(DOCUMENT.parents[1]), **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.process
def test_the_command_prints_all_of_it(tmp_path):
    told = serve_law(tmp_path)
    assert told.returncode == 0, told.stderr
    assert all(table in told.stdout for table in tables(BOOK).values())
    assert told.stdout.rstrip().endswith(not_verified(BOOK))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.process
def test_the_command_tells_of_a_slip_in_the_operators_folder(tmp_path):
    (tmp_path / "terms.toml").write_text('[[term]]\nkey = "review"\n', encoding="utf-8")
    told = serve_law(tmp_path, LUKOU_LAW_DIR=str(tmp_path))
    assert told.returncode == 2
    assert "[[term]] 1 (review): number: Field required" in told.stderr
    assert "Traceback" not in told.stderr
