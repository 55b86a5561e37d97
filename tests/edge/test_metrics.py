"""What Prometheus reads of a box; docs/metrics.md names every metric, and no other."""

import re
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from contract.box import DiskUse, Dropped
from contract.evidence import ClockProof
from contract.messages import Heartbeat
from contract.words import CameraState, ClockReference, ClockStatus, DiskState
from datasets.demo.broker import free_port
from edge.errors import PartMissingError
from edge.metrics import BoxMetrics, serve_metrics

DOCS = Path(__file__).parent.parent.parent / "docs" / "metrics.md"
CLOCK = ClockProof(status=ClockStatus.VALID, source=ClockReference.SNTP, offset_ms=-12.0, uncertainty_ms=30.0)
DISK = DiskUse(
    state=DiskState.CLIPS_STOPPED, evidence_bytes=10, video_bytes=20, outbox_bytes=3, free_bytes=70, budget_bytes=100
)


def beat(camera_id: str, **values) -> Heartbeat:
    return Heartbeat(
        device_id="box-1", site_id="s-1", camera_id=camera_id, sent_at_ms=5, frames_processed=40, frames_dropped=2,
        reconnections=1, camera_state=CameraState.COVERED, camera_state_since_ms=1, frames_per_second=9.5,
        events_waiting=3, files_waiting=7, events_refused=0, **values,
    )  # fmt: skip


FULL = {
    "software_version": "0.1.0",
    "uptime_s": 90,
    "restarts": 2,
    "oldest_waiting_ms": 61_500,
    "dropped": Dropped(clip_frames=4, events_disk_full=5, prompts=6),
    "clock": CLOCK,
    "disk": DISK,
    "temperature_c": 51.5,
}


class Box:
    """A box that says what it is given."""

    def __init__(self, *beats: Heartbeat) -> None:
        self.beats = list(beats)

    def heartbeats(self) -> list[Heartbeat]:
        return self.beats

    def connected(self) -> bool:
        return True

    def prompts_sent(self, camera_id: str) -> int:
        return {"n": 8}.get(camera_id, 0)

    def hung(self, camera_id: str) -> int:
        return 1


def read(box: Box) -> dict[str, dict[str, float]]:
    """Return the values by name and labels, as they come over HTTP."""
    with serve_metrics("127.0.0.1", free_port(), box) as port:
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})["/".join(sample.labels.values())] = sample.value
    return found


def test_a_box_with_two_cameras_is_read():
    found = read(Box(beat("n", **FULL), beat("s", **FULL)))
    assert found["lukou_edge_camera_frames_total"] == {"n": 40, "s": 40}
    assert found["lukou_edge_camera_state"]["n/covered"] == 1
    assert found["lukou_edge_camera_state"]["n/ok"] == 0
    assert found["lukou_edge_camera_hangs_total"] == {"n": 1, "s": 1}
    assert found["lukou_edge_prompts_sent_total"] == {"n": 8, "s": 0}
    assert found["lukou_edge_oldest_waiting_seconds"] == {"": 61.5}
    assert found["lukou_edge_disk_used_bytes"] == {"evidence": 10, "video": 20, "outbox": 3}
    assert found["lukou_edge_disk_state"] == {"ok": 0, "clips_stopped": 1, "full": 0}
    assert found["lukou_edge_clock_offset_seconds"] == {"": -0.012}
    assert found["lukou_edge_software_info"] == {"0.1.0": 1}


def test_what_a_box_does_not_know_is_left_out():
    found = read(Box(beat("n")))
    assert not {name for name in found if "clock" in name or "disk_" in name.replace("disk_full", "")}
    assert "lukou_edge_temperature_celsius" not in found
    assert read(Box())["lukou_edge_broker_connected"] == {"": 1}


def test_every_metric_is_documented_and_nothing_else():
    names = {family.name for family in BoxMetrics(Box(beat("n", **FULL))).collect()}
    counted = {
        f"{m.name}_total" if m.type == "counter" else m.name for m in BoxMetrics(Box(beat("n", **FULL))).collect()
    }
    assert len(names) == len(counted) > 20
    documented = set(re.findall(r"`(lukou_edge_[a-z_]+)`", DOCS.read_text(encoding="utf-8")))
    assert documented == {name.replace("lukou_edge_software", "lukou_edge_software_info") for name in counted}


def test_a_port_that_is_taken_is_told_in_one_line():
    with (
        serve_metrics("127.0.0.1", free_port(), Box()) as port,
        pytest.raises(PartMissingError, match=f":{port} cannot"),
        serve_metrics("127.0.0.1", port, Box()),
    ):
        pass
