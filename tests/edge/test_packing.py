"""Acts wait for their clip, in the order in which they were said; at the end nothing is waited for."""

from pathlib import Path

import numpy as np
import pytest
from filming import act, place

from edge.evidence.package import Packager
from edge.evidence.ring import Kept, encode_jpeg
from edge.evidence.stamp import Stamper
from edge.observations import Observation, RoadUser
from edge.packing import NoClips, Packing

JPEG = encode_jpeg(np.zeros((48, 64, 3), np.uint8), 92)


class Clips:
    """A film that is told how far it has come."""

    def __init__(self):
        self.filmed_ms, self.confirmed, self.foreseen = 0, [], []

    def offer(self, frame):
        """Pictures are told by ``filmed_ms``."""

    def confirm(self, violation):
        self.confirmed.append(violation)

    def foresee(self, violation):
        self.foreseen.append(violation)

    def complete(self, violation):
        return self.filmed_ms >= violation.confirmed_ms + 5_000

    def files(self, violation):
        return {"clip.json": b"{}", "clip.mp4": b"film"}

    def finish(self):
        """Nothing ends."""


def kept() -> list[Kept]:
    return [
        Kept(Observation(t_ms, (RoadUser(7, act(0, 0).user, 0.0, t_ms / 1000, (1, 1, 9, 30)),)), JPEG, (64, 48))
        for t_ms in range(0, 20_000, 500)
    ]


@pytest.fixture
def packed():
    return []


@pytest.fixture
def packing(tmp_path, packed):
    return Packing(place(), Packager(tmp_path, Stamper(None)), Clips(), lambda v, p: packed.append((v, p)))


def test_a_package_waits_for_its_clip_and_holds_it(packing, packed):
    packing.take([(act(2_000, 4_000), {"verdict.json": b"{}"})], [])
    packing.picture(kept)
    for packing.clips.filmed_ms in (4_000, 8_900):
        packing.pack()
        assert packed == []
    packing.clips.filmed_ms = 9_000
    packing.pack()
    ((violation, package),) = packed
    assert violation == act(2_000, 4_000)
    names = {file.name for file in package.files}
    assert {"clip.mp4", "clip.json", "verdict.json", "before.jpg", "entry.jpg", "advanced.jpg"} <= names
    assert (package.unfinished / "clip.mp4").read_bytes() == b"film"
    assert next(f.media_type for f in package.files if f.name == "clip.mp4") == "video/mp4"


def test_none_overtakes_another_and_at_the_end_none_waits(packing, packed):
    said = [act(6_000, 8_000), act(1_000, 2_000)]  # the second had to be seen for long before it was sure
    packing.take([(violation, {}) for violation in said], [])
    packing.picture(kept)
    packing.clips.filmed_ms = 8_000
    packing.pack()
    assert packed == []
    packing.pack(at_end=True)
    assert [violation for violation, _ in packed] == said


def test_the_film_is_told_at_once_what_to_keep(packing):
    packing.take([(act(6_000, 8_000), {})], [act(1_000, 2_000)])
    assert (packing.clips.confirmed, packing.clips.foreseen) == ([act(6_000, 8_000)], [act(1_000, 2_000)])


def test_without_a_film_nothing_is_waited_for(tmp_path, packed):
    packing = Packing(place(), Packager(Path(tmp_path), Stamper(None)), NoClips(), lambda v, p: packed.append(p))
    packing.take([(act(6_000, 8_000), {})], [act(1_000, 2_000)])
    packing.picture(kept)
    packing.pack()
    assert not any(file.name.startswith("clip") for file in packed[0].files)
