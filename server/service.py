"""What the endpoints share: the parts that the composition root has built, as one value."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server.broker_access.port import BrokerAccess, ManagedElsewhere
from server.cases.house import House
from server.db import Sessions
from server.documents.service import Office
from server.evidence_store import EvidenceStore
from server.law.periods import Retention
from server.metrics import Meter
from server.secrets_box import SecretsBox
from server.settings import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """The running service, for its endpoints. ``ingest_connected`` tells whether messages can come.

    ``tell_boxes`` sends the hand-off switches' words; a broker that is away gets them when it is back.
    ``broker_access`` opens the broker to boxes. ``secrets_box`` seals what may not lie in the database as it is.
    ``office`` prints documents; None where their font is not here (`lukou assets pull`).
    """

    settings: Settings
    sessions: Sessions
    store: EvidenceStore
    house: House
    public_key: Ed25519PublicKey
    retention: Retention
    secrets_box: SecretsBox
    now_ms: Callable[[], int]
    ingest_connected: Callable[[], bool]
    tell_boxes: Callable[[], None]
    meter: Meter
    broker_access: BrokerAccess = field(default_factory=ManagedElsewhere)
    office: Office | None = None
