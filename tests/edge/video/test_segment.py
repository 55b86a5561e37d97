"""A process that writes raw video is killed: what it has written can be decoded, but for the open second."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from filming import START_MS, coded_seconds, decoded

from edge.video.segment import OpenSegment

WRITER = """
import sys, time
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from filming import START_MS, coded_seconds
from edge.video.segment import OpenSegment

encoder, frames = coded_seconds(60)
segment = OpenSegment(Path(sys.argv[1]), encoder.stream, 0, START_MS)
for frame in frames:
    segment.write(frame)
    print(frame.t_ms, flush=True)
    time.sleep(0.005)
time.sleep(60)
"""


def test_a_segment_holds_what_was_written_and_is_the_boxs_alone(tmp_path):
    encoder, frames = coded_seconds(5, from_ms=120_000)
    path = tmp_path / "v.mkv"
    segment = OpenSegment(path, encoder.stream, 120_000, START_MS)
    for frame in frames:
        segment.write(frame)
    segment.close()
    assert [t_ms for t_ms, _ in decoded(path)] == [frame.t_ms - 120_000 for frame in frames]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        OpenSegment(path, encoder.stream, 0, START_MS)


@pytest.mark.process
def test_a_killed_writer_leaves_a_file_that_lacks_its_last_second_at_most(tmp_path):
    path = tmp_path / "v.mkv"
    builders = Path(__file__).parents[2] / "builders"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(builders)], stdout=subprocess.PIPE, text=True
    ) as writer:
        written_ms = 0
        while written_ms < 12_500:
            written_ms = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        told = [int(line) for line in writer.stdout.read().split()]
        written_ms = max([written_ms, *told])
    times_ms = [t_ms for t_ms, _ in decoded(path)]
    assert times_ms == list(range(0, len(times_ms) * 250, 250))
    assert times_ms[-1] >= written_ms - 1_250
