"""Fetching without root: what is there is found at once, and what cannot be had is said with status 3."""

import stat
from pathlib import Path

import pytest

from datasets.assets import KEPT, assets
from datasets.debian import STAMP, fetch
from datasets.errors import PartMissingError
from datasets.footage import footage


def program(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def silent(_text: str) -> None:
    """Say nothing."""


@pytest.mark.parametrize(
    ("story", "script", "says"),
    [
        ("no network", "echo 'E: Failed to fetch the lists' >&2; exit 100", "Failed to fetch the lists"),
        ("no such package", '[ "$*" != "${*#*update}" ] || { echo \'E: Unable to locate\' >&2; exit 100; }', "locate"),
    ],
)
def test_what_apt_refuses_is_said(tmp_path, story, script, says):
    with pytest.raises(PartMissingError, match=says) as caught:
        fetch(["x"], tmp_path / "x", silent, command=program(tmp_path / "apt", script))
    assert caught.value.exit_status == 3
    assert not (tmp_path / "x").exists()


def test_a_machine_without_apt_is_told_so(tmp_path):
    with pytest.raises(PartMissingError, match="not on this machine"):
        fetch(["x"], tmp_path / "x", silent, command=str(tmp_path / "nothing"))


def test_what_was_unpacked_is_not_fetched_again(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / STAMP).write_text("a\nb")
    assert fetch(["b", "a"], tmp_path / "x", silent, command="/no/apt") == tmp_path / "x"


def test_footage_that_is_another_file_is_refused(tmp_path):
    kept = tmp_path / "vtest.avi"
    kept.write_bytes(b"something else")
    with pytest.raises(PartMissingError):
        footage(tmp_path, silent, apt="/no/apt")
    assert kept.read_bytes() == b"something else"


def test_npm_that_fails_is_said_and_nothing_half_is_kept(tmp_path):
    npm = program(tmp_path / "npm", "echo 'npm error network is down' >&2; exit 1")
    with pytest.raises(PartMissingError, match="network is down"):
        assets(tmp_path / "assets", (npm,), silent)
    assert not any((tmp_path / "assets" / name).exists() for name in KEPT)


def test_assets_that_are_there_are_found_without_npm(page_assets):
    assert assets(page_assets, ("/no/npm",), silent) == page_assets
