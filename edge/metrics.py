"""The box's metrics for Prometheus: what its heartbeats say, asked when somebody asks. docs/metrics.md names them all.

prometheus-client is for their text form and its small server; the numbers are the box's own, kept nowhere twice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from contract.messages import Heartbeat
from contract.words import CameraState, ClockStatus, DiskState
from edge.errors import PartMissingError

PREFIX: Final = "lukou_edge_"
Value = Callable[[Heartbeat], float | None]


class Asked(Protocol):
    """The box, as far as it is asked."""

    def heartbeats(self) -> list[Heartbeat]:
        """What would be said now of every camera."""
        ...

    def connected(self) -> bool:
        """Whether the broker has accepted the box."""
        ...

    def prompts_sent(self, camera_id: str) -> int:
        """How many prompts of a camera were sent."""
        ...

    def hung(self, camera_id: str) -> int:
        """How often a camera's process was killed because it said nothing any more."""
        ...


@dataclass(frozen=True, slots=True)
class _Number:
    """One metric. A name that ends with ``_total`` only grows."""

    name: str
    says: str
    value: Value


OF_A_CAMERA: Final = (
    _Number("camera_frames_total", "Frames looked at.", lambda h: h.frames_processed),
    _Number("camera_frames_dropped_total", "Frames that came while the box was too slow.", lambda h: h.frames_dropped),
    _Number(
        "camera_frames_per_second", "Frames looked at a second, since the process began.", lambda h: h.frames_per_second
    ),
    _Number("camera_reconnections_total", "How often the stream was opened again.", lambda h: h.reconnections),
    _Number("camera_restarts_total", "How often the camera's process was started again.", lambda h: h.restarts),
    _Number("clip_frames_dropped_total", "Frames that are not in the clip.", lambda h: h.dropped.clip_frames),
    _Number("events_disk_full_total", "Violations not kept: the disk was full.", lambda h: h.dropped.events_disk_full),
    _Number("prompts_dropped_total", "Prompts that could not be said at once.", lambda h: h.dropped.prompts),
)
OF_THE_BOX: Final = (
    _Number("events_waiting", "Messages in the outbox without a receipt.", lambda h: h.events_waiting),
    _Number("events_refused", "Events that the centre has refused.", lambda h: h.events_refused),
    _Number("files_waiting", "Evidence files that the centre does not have yet.", lambda h: h.files_waiting),
    _Number(
        "oldest_waiting_seconds",
        "Age of the oldest event that waits; 0: none.",
        lambda h: (h.oldest_waiting_ms or 0) / 1000,
    ),
    _Number("uptime_seconds", "How long the box's program has run.", lambda h: h.uptime_s),
    _Number("temperature_celsius", "The hottest sensor of the machine.", lambda h: h.temperature_c),
    _Number(
        "clock_valid",
        "1 where the clock can be believed.",
        lambda h: None if h.clock is None else h.clock.status is ClockStatus.VALID,
    ),
    _Number(
        "clock_offset_seconds",
        "The clock minus its reference.",
        lambda h: None if h.clock is None else _seconds(h.clock.offset_ms),
    ),
    _Number(
        "clock_doubt_seconds",
        "How far off the clock may be now.",
        lambda h: None if h.clock is None else _seconds(h.clock.uncertainty_ms),
    ),
    _Number(
        "disk_free_bytes",
        "Free space where the box keeps its data.",
        lambda h: None if h.disk is None else h.disk.free_bytes,
    ),
    _Number("disk_budget_bytes", "What the box may use.", lambda h: None if h.disk is None else h.disk.budget_bytes),
)


@dataclass(frozen=True, slots=True, eq=False)  # a collector is known by its identity
class BoxMetrics(Collector):
    """Every metric of one box."""

    box: Asked

    def collect(self) -> Iterator[Metric]:
        """Ask the box."""
        heartbeats = self.box.heartbeats()
        yield _gauge("broker_connected", "1 while the broker has accepted the box.", self.box.connected())
        yield from self._of_cameras(heartbeats)
        for newest in heartbeats[-1:]:
            yield InfoMetricFamily(f"{PREFIX}software", "Its version.", {"version": newest.software_version or ""})
            yield from (_gauge(m.name, m.says, v) for m in OF_THE_BOX if (v := m.value(newest)) is not None)
            yield from _disk(newest)

    def _of_cameras(self, heartbeats: list[Heartbeat]) -> Iterator[Metric]:
        sent = _Number(
            "prompts_sent_total", "Prompts sent to the crossing.", lambda h: self.box.prompts_sent(h.camera_id)
        )
        hung = _Number("camera_hangs_total", "Processes killed for silence.", lambda h: self.box.hung(h.camera_id))
        for metric in (*OF_A_CAMERA, sent, hung):
            family = _family(metric, ["camera"])
            for heartbeat in heartbeats:
                value = metric.value(heartbeat)
                if value is not None:
                    family.add_metric([heartbeat.camera_id], value)
            yield family
        state = GaugeMetricFamily(f"{PREFIX}camera_state", "1 for the state that holds.", labels=["camera", "state"])
        for heartbeat in heartbeats:
            for named in CameraState:
                state.add_metric([heartbeat.camera_id, named.value], heartbeat.camera_state is named)
        yield state


def _disk(heartbeat: Heartbeat) -> Iterator[Metric]:
    if heartbeat.disk is None:
        return
    used = GaugeMetricFamily(f"{PREFIX}disk_used_bytes", "Space used, by what.", labels=["by"])
    for by in ("evidence", "video", "outbox"):
        used.add_metric([by], getattr(heartbeat.disk, f"{by}_bytes"))
    yield used
    state = GaugeMetricFamily(f"{PREFIX}disk_state", "1 for the state that holds.", labels=["state"])
    for named in DiskState:
        state.add_metric([named.value], heartbeat.disk.state is named)
    yield state


def _family(metric: _Number, labels: list[str]) -> CounterMetricFamily | GaugeMetricFamily:
    made = CounterMetricFamily if metric.name.endswith("_total") else GaugeMetricFamily
    return made(PREFIX + metric.name, metric.says, labels=labels)


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + name, says, value=value)


def _seconds(ms: float | None) -> float | None:
    return None if ms is None else ms / 1000


@contextmanager
def serve_metrics(host: str, port: int, box: Asked) -> Iterator[int]:
    """Answer on ``http://host:port/metrics`` until the block ends; yield the port. Raises PartMissingError."""
    registry = CollectorRegistry()
    registry.register(BoxMetrics(box))
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        why = f"{host}:{port} cannot be listened on ({error.strerror})"
        raise PartMissingError("metrics", why, "Give another port in edge.yaml, or stop who has it") from error
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
