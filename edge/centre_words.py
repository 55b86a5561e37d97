"""What the centre says to a box: receipts of events, and words on the hand-off switch. Believed by its seal alone."""

import sqlite3
from dataclasses import dataclass

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract import topics
from contract.errors import SealError
from contract.hand_off import HandOffSwitched
from contract.messages import Receipt
from contract.seal import unseal
from edge.hand_offs import HandOffs
from edge.outbox import Outbox

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class CentreWords:
    """Takes the centre's words in. ``centre_id`` is the key id under which it signs."""

    device_id: str
    sites: frozenset[str]
    outbox: Outbox
    hand_offs: HandOffs | None
    centre_key: Ed25519PublicKey
    centre_id: str

    def take(self, topic: str, payload: bytes) -> None:
        """Take one message in. What a full disk cannot keep now comes again: the event is sent until it is settled."""
        try:
            if topic in {topics.hand_off_set(site) for site in self.sites}:
                self._switched(topic, payload)
            else:
                self._receipted(topic, payload)
        except sqlite3.OperationalError as error:
            log.error("centre_word.not_kept", topic=topic, why=str(error))

    def _switched(self, topic: str, payload: bytes) -> None:
        try:
            word = unseal(payload, HandOffSwitched, self._key_of).message
        except SealError as error:
            log.warning("hand_off.refused", topic=topic, why=str(error))
            return
        if self.hand_offs is None or topic != topics.hand_off_set(word.site_id):
            return
        if self.hand_offs.take(word):
            log.info("hand_off.switched", site=word.site_id, is_set=word.is_set, until_ms=word.until_ms)

    def _receipted(self, topic: str, payload: bytes) -> None:
        try:
            receipt = unseal(payload, Receipt, self._key_of).message
        except SealError as error:
            log.warning("receipt.refused", topic=topic, why=str(error))
            return
        if receipt.device_id != self.device_id:
            return
        if self.outbox.settle(str(receipt.event_id), receipt.outcome, receipt.reason):
            log.info("event.settled", event_id=str(receipt.event_id), outcome=receipt.outcome.value, why=receipt.reason)

    def _key_of(self, key_id: str) -> Ed25519PublicKey | None:
        return self.centre_key if key_id == self.centre_id else None
