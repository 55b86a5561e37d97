"""The disk refuses: the clips go on, it is said, and a minute later the recording goes on as well."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from filming import START_MS, coded_seconds, decoded

from edge.video.recording import Recording
from edge.video.retention import Limits
from edge.video.shelf import Shelf

LIMITED = """
import resource, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
import structlog
from filming import START_MS, coded_seconds
from edge.video.recording import Recording
from edge.video.retention import Limits
from edge.video.shelf import Shelf

structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
recording = Recording(lambda: Shelf(Path(sys.argv[1]), START_MS, Limits(free_bytes_min=0)))
encoder, frames = coded_seconds(100)
for frame in frames:
    soft = 4_000 if frame.t_ms < 20_000 else resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, resource.RLIM_INFINITY))
    recording.add(frame, encoder.stream)
recording.close()
print(recording.failures)
"""


@pytest.mark.process
def test_a_disk_that_takes_no_more_stops_raw_video_for_a_minute_and_nothing_else(tmp_path):
    builders = Path(__file__).parents[2] / "builders"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LIMITED, str(tmp_path), str(builders)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == 1
    assert "video.not_recorded" in done.stderr
    first, second = sorted(tmp_path.rglob("*.mkv"))
    assert 0 < first.stat().st_size <= 4_000
    assert decoded(first)
    assert len(decoded(second)) >= 120


def test_a_folder_that_cannot_be_made_is_tried_again_a_minute_later(tmp_path):
    (tmp_path / "video").write_text("in the way")
    recording = Recording(lambda: Shelf(tmp_path / "video" / "c-1", START_MS, Limits(free_bytes_min=0)))
    recording.keep(START_MS, START_MS + 65_000, "e-1")
    encoder, frames = coded_seconds(70)
    for frame in frames:
        if frame.t_ms == 30_000:
            (tmp_path / "video").unlink()
        recording.add(frame, encoder.stream)
    recording.close()
    assert recording.failures == 1
    (segment,) = (tmp_path / "video" / "c-1").rglob("*.mkv")
    assert segment.name == "080102-kept.mkv"
    said = json.loads((tmp_path / "video" / "c-1" / "journal.jsonl").read_text())
    assert said["event_id"] == "e-1"
