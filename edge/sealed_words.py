"""What a box says over MQTT, sealed with its key on the way to the publisher: heartbeats, answers, prompts."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.box import Prompted
from contract.fields import Message
from contract.hand_off import HandOffHeld
from contract.messages import Heartbeat
from contract.seal import seal
from edge.publish import Publisher


@dataclass(frozen=True, slots=True)
class SealedWords:
    """The words of one box. What could not be sent is kept by nobody: whoever says it asks, and says it again."""

    publisher: Publisher
    device_id: str
    key: Ed25519PrivateKey

    def beat(self, heartbeat: Heartbeat) -> None:
        """Say how a camera is."""
        self.publisher.beat(heartbeat, self._seal(heartbeat))

    def answer(self, held: HandOffHeld) -> bool:
        """Say what the box holds of the hand-off switch; return whether it could be sent."""
        return self.publisher.answer(held, self._seal(held))

    def prompt(self, prompted: Prompted) -> bool:
        """Say something at the crossing; return whether it could be sent."""
        return self.publisher.prompt(prompted, self._seal(prompted))

    def _seal(self, message: Message) -> bytes:
        return seal(message, self.device_id, self.key)
