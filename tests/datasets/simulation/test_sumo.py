"""SUMO does the same each time, whatever stands around it: what it puts out may hang on where its memory lies."""

import hashlib

import pytest

from datasets.simulation.demand import write_demand
from datasets.simulation.network import build_network
from datasets.simulation.site import draw_site
from datasets.simulation.states import STATES, run_sumo
from datasets.simulation.sumo import repeats

SEED, SECONDS, HEAD_LINES = 9, 360.0, 60
"""A seed of which runs differed; the head of the file says when it was made."""


def states_of(folder):
    folder.mkdir()
    site = draw_site(SEED)
    build_network(site, folder)
    write_demand(site, SECONDS, folder)
    run_sumo(SEED, SECONDS, folder)
    lines = (folder / STATES).read_bytes().split(b"\n")[HEAD_LINES:]
    assert len(lines) > 10_000
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


@pytest.mark.skipif(not repeats(), reason="setarch -R is not allowed here")
def test_a_seed_is_the_same_whatever_the_environment(tmp_path, monkeypatch):
    first = states_of(tmp_path / "one")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    monkeypatch.setenv("ANYTHING", "x" * 777)
    assert {states_of(tmp_path / name) for name in ("two", "three")} == {first}
