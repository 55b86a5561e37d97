"""Takes messages in: believes, stores once, and says what became of each. Knows no MQTT; the caller commits.

An event is stored by its id, so a message that comes twice is one event. What is not believed leaves a record that
the console shows, and nothing stops. A receipt is given only to a genuine seal, and only to the device that sealed:
a forger learns nothing, and no box can have another's event refused.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from contract import topics
from contract.hand_off import HandOffHeld
from contract.messages import Heartbeat, PassageCounts, Receipt, ViolationReported
from contract.seal import ForgedError, MalformedError, SealError, UnknownKeyError, canonical_bytes, unseal
from contract.words import ReceiptOutcome
from server.cases.models import Event, EventFile, PassageRow, RefusedEvent, YieldRow
from server.cases.opening import open_case
from server.devices import Device, claim_site, key_lookup
from server.hand_off.service import note_held
from server.law.reading import Law

FromDevice = ViolationReported | PassageCounts | Heartbeat | HandOffHeld
REFUSED_KEPT: Final = 1000
REASONS: Final = {UnknownKeyError: "unknown_key", ForgedError: "forged", MalformedError: "malformed"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A receipt to send when the unit of work is committed."""

    topic: str
    receipt: Receipt


class _RefusedError(Exception):
    """A genuine message that cannot be taken."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes one message at a time into the caller's session."""

    session: Session
    demonstration: bool
    now_ms: int
    law: Law

    def take(self, topic: str, payload: bytes) -> Answer | None:
        """Take a message in; return the receipt that it has earned."""
        kinds: dict[str, Callable[[str, bytes], Answer | None]] = {
            "violation": self._violation,
            "passages": self._passages,
            "heartbeat": self._heartbeat,
            "state": self._hand_off_state,
        }
        try:
            return kinds[topic.rsplit("/", 1)[-1]](topic, payload)
        except SealError as error:
            self._refuse(topic, payload, REASONS[type(error)], str(error))
        except _RefusedError as error:
            self._refuse(topic, payload, error.reason, str(error))
        return None

    def _violation(self, topic: str, payload: bytes) -> Answer | None:
        opened = unseal(payload, ViolationReported, key_lookup(self.session))
        message = opened.message
        reply_on = topics.receipt(message.site_id, message.camera_id)
        try:
            self._same_sender(
                opened.key_id, opened.message, topic, topics.violation(message.site_id, message.camera_id)
            )
            self._store(message)
        except _RefusedError as error:
            self._refuse(topic, payload, error.reason, str(error))
            if message.device_id != opened.key_id:
                return None  # a receipt names its device: one box must not get another's event refused
            return Answer(reply_on, self._receipt(message, ReceiptOutcome.REFUSED, str(error)))
        return Answer(reply_on, self._receipt(message, ReceiptOutcome.ACCEPTED, None))

    def _same_sender(self, key_id: str, message: FromDevice, topic: str, expected_topic: str) -> None:
        """The seal's key, the device in the body, its site and the topic must all be of one mouth."""
        device = self.session.get(Device, key_id)
        if message.device_id != key_id:
            raise _RefusedError("wrong_sender", f"sealed by {key_id!r}, but speaks for {message.device_id!r}")
        if device is None or device.site_id != message.site_id:
            raise _RefusedError("wrong_site", f"{key_id!r} is not enrolled at site {message.site_id!r}")
        if not isinstance(message, HandOffHeld) and not device.may_speak_for(message.camera_id):
            raise _RefusedError("wrong_camera", f"{key_id!r} is not enrolled with camera {message.camera_id!r}")
        if topic != expected_topic:
            raise _RefusedError("wrong_topic", f"came on {topic!r}, expected {expected_topic!r}")

    def _store(self, message: ViolationReported) -> None:
        claim_site(self.session, message.site_id)
        # As it came: a field that a later version knows must not make a stored event another one.
        body = canonical_bytes(message.model_dump(mode="json", exclude_unset=True))
        digest = sha256(body).hexdigest()
        known = self.session.get(Event, str(message.event_id))
        if known is not None:
            if known.body_sha256 != digest:
                raise _RefusedError("conflict", f"event {message.event_id} is here already with another content")
            return
        if all(file.name != "manifest.json" for file in message.evidence):
            raise _RefusedError("no_manifest", f"event {message.event_id} names no manifest.json")
        if len({file.name for file in message.evidence}) < len(message.evidence):
            raise _RefusedError("file_named_twice", f"event {message.event_id} names a file twice")
        event = Event(
            event_id=str(message.event_id),
            device_id=message.device_id,
            sequence=message.sequence,
            body=body.decode("utf-8"),
            body_sha256=digest,
            seen_at_ms=message.seen_at_ms,
            received_at_ms=self.now_ms,
            demonstration=message.demonstration or self.demonstration,
            files=[EventFile(**file.model_dump()) for file in message.evidence],
        )
        self.session.add(event)
        self.session.flush()
        open_case(self.session, event, message, self.law, self.now_ms)

    def _receipt(self, message: ViolationReported, outcome: ReceiptOutcome, reason: str | None) -> Receipt:
        return Receipt(
            event_id=message.event_id,
            device_id=message.device_id,
            outcome=outcome,
            reason=None if reason is None else reason[:500],
            committed_at_ms=self.now_ms,
        )

    def _passages(self, topic: str, payload: bytes) -> None:
        opened = unseal(payload, PassageCounts, key_lookup(self.session))
        message = opened.message
        self._same_sender(opened.key_id, opened.message, topic, topics.passages(message.site_id, message.camera_id))
        claim_site(self.session, message.site_id)
        if self._counted(PassageRow, message) or self._counted(YieldRow, message):
            return
        shared = message.model_dump(exclude={"schema_version", "counts", "yields"})
        for position, counted in enumerate(message.counts):
            self.session.add(PassageRow(position=position, **shared, **counted.model_dump()))
        for position, met in enumerate(message.yields):
            self.session.add(YieldRow(position=position, **shared, **met.model_dump()))

    def _counted(self, table: type[PassageRow] | type[YieldRow], message: PassageCounts) -> bool:
        twice = select(table.id).where(table.device_id == message.device_id, table.sequence == message.sequence)
        return self.session.scalar(twice.limit(1)) is not None

    def _heartbeat(self, topic: str, payload: bytes) -> None:
        opened = unseal(payload, Heartbeat, key_lookup(self.session))
        self._same_sender(
            opened.key_id, opened.message, topic, topics.heartbeat(opened.message.site_id, opened.message.camera_id)
        )
        device = self.session.get(Device, opened.key_id, with_for_update={"key_share": True})
        if device is not None and opened.message.sent_at_ms > (device.last_heartbeat_ms or 0):
            device.last_heartbeat = json.dumps(opened.message.model_dump(mode="json"))
            device.last_heartbeat_ms = opened.message.sent_at_ms

    def _hand_off_state(self, topic: str, payload: bytes) -> None:
        opened = unseal(payload, HandOffHeld, key_lookup(self.session))
        self._same_sender(opened.key_id, opened.message, topic, topics.hand_off_state(opened.message.site_id))
        claim_site(self.session, opened.message.site_id)
        note_held(self.session, opened.message)

    def _refuse(self, topic: str, payload: bytes, reason: str, detail: str) -> None:
        self.session.add(
            RefusedEvent(
                at_ms=self.now_ms,
                topic=topic[:200],
                reason=reason,
                detail=detail[:500],
                payload_sha256=sha256(payload).hexdigest(),
                payload_bytes=len(payload),
            )
        )
        self.session.flush()
        newest = self.session.scalar(select(RefusedEvent.id).order_by(RefusedEvent.id.desc()).limit(1)) or 0
        old = select(RefusedEvent.id).where(RefusedEvent.id <= newest - REFUSED_KEPT)
        old = old.with_for_update(skip_locked=True)  # another worker deletes them already
        self.session.execute(delete(RefusedEvent).where(RefusedEvent.id.in_(old)))
