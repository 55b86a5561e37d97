"""What an event is beside what is here: new, come again, or in conflict by its id or its number. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from contract.evidence import MANIFEST
from contract.messages import ViolationReported
from server.cases.holding import Numbered


class Stored(StrEnum):
    """What became of an event that is not refused."""

    NEW = "new"
    HELD = "held"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a genuine event cannot be stored."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Reported:
    """A believed event: what it says, which key has sealed it, and its canonical body."""

    report: ViolationReported
    chain: str
    body: bytes
    event_id: str = field(init=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "event_id", str(self.report.event_id))
        object.__setattr__(self, "digest", sha256(self.body).hexdigest())

    @property
    def line(self) -> tuple[str, str]:
        """Return whose number its number is."""
        return self.report.device_id, self.chain

    @property
    def numbered(self) -> Numbered:
        """Return its place in the chain."""
        manifest = next(file.sha256 for file in self.report.evidence if file.name == MANIFEST)
        return Numbered(manifest, self.report.previous_manifest_sha256)


@dataclass(slots=True)
class Line:
    """What is here of one chain, as far as the batch touches it: by number, the event and its place."""

    event_ids: dict[int, str] = field(default_factory=dict)
    places: dict[int, Numbered] = field(default_factory=dict)

    def add(self, sequence: int, event_id: str, place: Numbered) -> None:
        """Note an event at its number."""
        self.event_ids[sequence], self.places[sequence] = event_id, place


Lines = dict[tuple[str, str], Line]


def judge(one: Reported, known: dict[str, str], lines: Lines) -> Stored | Refusal:
    """Say what an event is beside what is here and what came before it in the batch; a new one is noted as known."""
    line, number = lines[one.line], one.report.sequence
    if one.event_id in known:
        if known[one.event_id] == one.digest:
            return Stored.AGAIN
        return Refusal("conflict", f"event {one.event_id} is here already with another content")
    if number in line.event_ids:
        return Refusal(
            "sequence_taken",
            f"number {number} of chain {one.chain} is event {line.event_ids[number]}: this box runs on data older than "
            "what it has sent, or another runs with its key; enrol it anew, with a new key",
        )
    known[one.event_id] = one.digest
    line.add(number, one.event_id, one.numbered)
    return Stored.NEW
