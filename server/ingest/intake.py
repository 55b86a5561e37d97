"""Takes messages in: believes, stores once, and says what became of each. Knows no MQTT; the caller commits.

An event is stored by its id, so a message that comes twice is one event. What is not believed leaves a record that
the console shows, and nothing stops. A receipt is given only to a genuine seal, and only to the device that sealed:
a forger learns nothing, and no box can have another's event refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from contract import topics
from contract.hand_off import HandOffHeld
from contract.messages import PassageCounts, Receipt, ViolationReported
from contract.seal import claimed_key
from contract.words import ReceiptOutcome
from server.boxes import service as boxes
from server.cases.models import RefusedEvent
from server.devices import Speaker, speakers
from server.hand_off.service import note_held
from server.ingest import counting
from server.ingest.numbering import Refusal, Reported
from server.ingest.reading import Came, FromDevice, Heard, RefusedError, read
from server.ingest.storing import EventStore
from server.law.law_book import LawBook

REFUSED_KEPT: Final = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """A receipt to send when the unit of work is committed."""

    topic: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one message: ``outcome`` is new, held, again, taken or the reason of its refusal."""

    outcome: str
    answer: Answer | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes messages into the caller's session, as many at once as the caller has."""

    session: Session
    demonstration: bool
    now_ms: int
    book: LawBook
    _speakers: dict[str, Speaker | None] = field(default_factory=dict)

    def take(self, topic: str, payload: bytes) -> Answer | None:
        """Take one message in; return the receipt that it has earned."""
        return self.take_all([Came(topic, payload)])[0].answer

    def take_all(self, messages: Sequence[Came]) -> list[Fate]:
        """Take a batch in; return what became of each, in its order."""
        self._look_up({key for came in messages if (key := claimed_key(came.payload)) is not None})
        heard: dict[int, Heard] = {}
        refused: dict[int, RefusedError] = {}
        for number, came in enumerate(messages):
            try:
                heard[number] = read(came, self._speaker)
            except RefusedError as error:
                refused[number] = error
        fates = self._events(heard, refused)
        self._others(heard)
        self._note_refused(messages, refused)
        for number, refusal in refused.items():
            answer = None if refusal.to is None else self._answer(refusal.to, str(refusal))
            fates[number] = Fate(refusal.reason, answer, refused=True)
        return [fates.get(number, Fate("taken")) for number in range(len(messages))]

    def _look_up(self, device_ids: set[str]) -> None:
        found = speakers(self.session, sorted(device_ids))
        self._speakers.update({device_id: found.get(device_id) for device_id in device_ids})

    def _speaker(self, device_id: str) -> Speaker | None:
        if device_id not in self._speakers:
            self._look_up({device_id})
        return self._speakers[device_id]

    def _events(self, heard: dict[int, Heard], refused: dict[int, RefusedError]) -> dict[int, Fate]:
        reported = {
            number: Reported(one.message, one.chain, one.body)
            for number, one in heard.items()
            if isinstance(one.message, ViolationReported)
        }
        store = EventStore(self.session, self.demonstration, self.now_ms, self.book)
        fates: dict[int, Fate] = {}
        for (number, one), outcome in zip(reported.items(), store.store(list(reported.values())), strict=True):
            if isinstance(outcome, Refusal):
                refused[number] = RefusedError(outcome.reason, outcome.detail, one.report)
            else:
                fates[number] = Fate(outcome.value, self._answer(one.report, None))
        return fates

    def _answer(self, report: ViolationReported, refusal: str | None) -> Answer:
        receipt = Receipt(
            event_id=report.event_id,
            device_id=report.device_id,
            outcome=ReceiptOutcome.ACCEPTED if refusal is None else ReceiptOutcome.REFUSED,
            reason=None if refusal is None else refusal[:500],
            committed_at_ms=self.now_ms,
        )
        return Answer(topics.receipt(report.site_id, report.camera_id), receipt)

    def _others(self, heard: dict[int, Heard]) -> None:
        def of(kind: type[FromDevice]) -> list[Heard]:
            return [one for one in heard.values() if isinstance(one.message, kind)]

        counting.store(
            self.session, [(one.chain, m) for one in of(PassageCounts) if isinstance(m := one.message, PassageCounts)]
        )
        boxes.note(self.session, [one.message for one in heard.values()], self.now_ms)
        held = [m for one in of(HandOffHeld) if isinstance(m := one.message, HandOffHeld)]
        for told in sorted(held, key=lambda told: (told.device_id, told.said_at_ms)):
            note_held(self.session, told)

    def _note_refused(self, messages: Sequence[Came], refused: dict[int, RefusedError]) -> None:
        if not refused:
            return
        rows = [
            {
                "at_ms": self.now_ms,
                "topic": messages[number].topic[:200],
                "reason": error.reason,
                "detail": str(error)[:500],
                "payload_sha256": sha256(messages[number].payload).hexdigest(),
                "payload_bytes": len(messages[number].payload),
            }
            for number, error in sorted(refused.items())
        ]
        self.session.execute(insert(RefusedEvent), rows)
        newest = self.session.scalar(select(RefusedEvent.id).order_by(RefusedEvent.id.desc()).limit(1)) or 0
        old = select(RefusedEvent.id).where(RefusedEvent.id <= newest - REFUSED_KEPT)
        old = old.with_for_update(skip_locked=True)  # another worker deletes them already
        self.session.execute(delete(RefusedEvent).where(RefusedEvent.id.in_(old)))
