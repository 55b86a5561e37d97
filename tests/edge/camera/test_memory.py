"""A full disk ends no camera: what was remembered before stays, and is there when there is room again."""

import numpy as np
import pytest

from datasets.errors import PartMissingError
from datasets.faults.tmpfs import SmallDisk
from edge.camera.memory import Memory

pytestmark = pytest.mark.process


def grey(value: int):
    return np.full((240, 320), value, np.float32)


def test_a_full_disk_ends_no_camera_and_what_was_remembered_stays():
    try:
        with SmallDisk(4) as disk:
            memory = Memory(disk.folder / "cameras" / "c", "1" * 64)
            assert memory.write(grey(10), grey(20), moved=False)
            disk.fill()
            noise = np.random.default_rng(1).integers(0, 255, (240, 320)).astype(np.float32)
            assert not memory.write(noise, noise, moved=True)
            kept = memory.read()
            assert kept is not None
            assert (kept.first.mean(), kept.last.mean(), kept.moved) == (10, 20, False)
            disk.empty()
            assert memory.write(noise, noise, moved=True)
            assert memory.read().moved
    except PartMissingError as missing:
        pytest.skip(f"NO SMALL DISK TEST: {missing}")
