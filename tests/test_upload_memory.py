"""The largest file that a package may hold, over a bad link, between two processes: what it costs both of them.

`pytest -s` prints the figures of docs/delivery-files.md; LUKOU_CUT_AFTER (bytes) sets the link.
"""

import os
import subprocess
import sys
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from uploading import TOKEN, CutLink, put_accepted

from contract.evidence import FILE_BYTES_MAX
from edge.outbox import Outbox

pytestmark = pytest.mark.process

CENTRE = """
import sys
from pathlib import Path
import structlog
from uploading import accept, centre_parts, listening, pages_of
from server.settings import Settings
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # nobody empties the pipe of stdout
folder = Path(sys.argv[1])
settings = Settings(data_dir=folder / "centre", mqtt_port=1, assets_dir=folder, free_min_mb=0)
with centre_parts(settings) as service, listening(pages_of(service)) as port:
    for name in ("small", "large"):
        accept(service, name, {"clip.mp4": (folder / name / "clip.mp4").read_bytes()})
    print(port, flush=True)
    sys.stdin.read()
"""
BOX = """
import sys, time
from pathlib import Path
from edge.outbox import Outbox
from edge.transfer import PIECE_BYTES, Backoff
from edge.upload import Uploader, http_client
def peak_mb():
    return next(int(s.split()[1]) / 1024 for s in open("/proc/self/status") if s.startswith("VmHWM"))
outbox = Outbox(Path(sys.argv[2]))
with http_client(sys.argv[1], sys.argv[3]) as client:
    uploader = Uploader(client, outbox, backoff=Backoff(0.01, 0.05))
    while not uploader.push():
        time.sleep(0.01)
print(peak_mb(), uploader.transfer.sent_bytes)
"""


def peak_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


@contextmanager
def running(code: str, *words: str):
    paths = os.pathsep.join([str(Path(__file__).parent.parent), str(Path(__file__).parent / "builders")])
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def brought(tmp_path: Path, url: str, event: str, data: bytes) -> tuple[float, int]:
    """Bring one file by a box of its own; return its peak in MB, and the bytes that it sent."""
    outbox = Outbox(tmp_path / f"{event}.sqlite")
    put_accepted(outbox, tmp_path / "box", event, {"clip.mp4": data})
    outbox.close()
    with running(BOX, url, str(tmp_path / f"{event}.sqlite"), TOKEN) as box:
        told, _ = box.communicate(timeout=300)
        assert box.returncode == 0
    peak, sent = told.splitlines()[-1].split()  # before it: the log
    return float(peak), int(sent)


def test_the_largest_file_over_a_link_that_is_cut_costs_neither_side_its_memory(tmp_path):
    cut_after = int(os.environ.get("LUKOU_CUT_AFTER", "2000000"))
    files = {"small": b"s" * 300_000, "large": np.random.default_rng(5).bytes(FILE_BYTES_MAX)}
    for name, data in files.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "clip.mp4").write_bytes(data)
    with running(CENTRE, str(tmp_path)) as centre:
        assert centre.stdout is not None
        port = int(centre.stdout.readline())
        link = CutLink(port, cut_after)
        url = f"http://127.0.0.1:{link.port}"
        small_mb, _ = brought(tmp_path, url, "small", files["small"])
        reset_peak(centre.pid)
        before_mb, sent_before = peak_mb(centre.pid), link.up_bytes
        large_mb, sent = brought(tmp_path, url, "large", files["large"])
        centre_mb, link_bytes = peak_mb(centre.pid) - before_mb, link.up_bytes - sent_before
        link.stop()
    digest = sha256(files["large"]).hexdigest()
    assert (tmp_path / "centre" / "evidence" / digest[:2] / digest[2:4] / digest).read_bytes() == files["large"]
    print(
        f"\n{FILE_BYTES_MAX} bytes, cut after {cut_after}: {link.cuts} cuts, {sent} bytes read by the box, "
        f"{link_bytes} carried ({link_bytes / FILE_BYTES_MAX - 1:.1%} more), "
        f"box {large_mb:.0f} MB (small file {small_mb:.0f}), centre +{centre_mb:.0f} MB on {before_mb:.0f}"
    )
    assert large_mb - small_mb < 16
    assert centre_mb < 16
    assert (
        link_bytes < FILE_BYTES_MAX + (link.cuts + 1) * PIECE_BYTES
    )  # a cut costs what is on the line: a piece at most


def reset_peak(pid: int) -> None:
    """Let the peak begin anew (proc(5), clear_refs): what was read before the first upload does not count."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
