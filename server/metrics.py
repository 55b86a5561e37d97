"""What the centre counts of itself, for Prometheus (docs/metrics.md). Nothing is shared or global."""

from dataclasses import dataclass, field
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

COMMIT_BUCKETS_S: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
BATCH_BUCKETS: Final = (1, 2, 5, 10, 20, 50, 100, 200)


@dataclass(slots=True)
class Meter:
    """The counters of one process. Those of figures in the database are set when they are asked for."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    messages: Counter = field(init=False)
    receipts: Counter = field(init=False)
    batch_messages: Histogram = field(init=False)
    commit_s: Histogram = field(init=False)
    retries: Counter = field(init=False)
    uploads: Counter = field(init=False)
    evidence_bytes: Counter = field(init=False)
    broker_connected: Gauge = field(init=False)
    missing: Gauge = field(init=False)
    came_again: Gauge = field(init=False)
    held: Gauge = field(init=False)

    def __post_init__(self) -> None:
        own = self.registry
        self.messages = Counter("lukou_messages", "Messages by outcome", ["outcome"], registry=own)
        self.receipts = Counter("lukou_receipts", "Receipts sent by outcome", ["outcome"], registry=own)
        self.batch_messages = Histogram(
            "lukou_batch_messages", "Messages a transaction", buckets=BATCH_BUCKETS, registry=own
        )
        self.commit_s = Histogram(
            "lukou_batch_seconds", "Seconds from taking a batch to its commit", buckets=COMMIT_BUCKETS_S, registry=own
        )
        self.retries = Counter("lukou_batch_failures", "Batches that could not be committed", ["why"], registry=own)
        self.uploads = Counter("lukou_uploads", "Evidence uploads by outcome", ["outcome"], registry=own)
        self.evidence_bytes = Counter("lukou_evidence_bytes", "Bytes of evidence stored", registry=own)
        self.broker_connected = Gauge("lukou_broker_connected", "Workers with a connection", registry=own)
        self.missing = Gauge(
            "lukou_missing_numbers", "Numbers of a device's chain that are not here", ["device", "chain"], registry=own
        )
        self.came_again = Gauge(
            "lukou_came_again", "Events of a chain that came once more", ["device", "chain"], registry=own
        )
        self.held = Gauge("lukou_held_events", "Events held back by reason", ["reason"], registry=own)

    def text(self) -> bytes:
        """Return all of it as Prometheus reads it (text format 0.0.4)."""
        return generate_latest(self.registry)
