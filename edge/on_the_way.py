"""Which messages a connection has handed to the broker and when, so that none is sent again too soon, or never."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from paho.mqtt.client import MQTTMessageInfo

from edge.outbox_values import Waiting


@dataclass(frozen=True, slots=True)
class _Sent:
    at_s: float
    info: MQTTMessageInfo


@dataclass(slots=True)
class OnTheWay:
    """What one connection has sent and what still waits. What has no answer after ``retry_s`` is due again."""

    retry_s: float
    _sent: dict[int, _Sent] = field(default_factory=dict)

    def due(self, waiting: Sequence[Waiting], now_s: float) -> list[Waiting]:
        """Return what is to be sent now."""
        sent = [(message, self._sent.get(message.number)) for message in waiting]
        return [message for message, last in sent if last is None or now_s - last.at_s >= self.retry_s]

    def sent(self, message: Waiting, now_s: float, info: MQTTMessageInfo) -> None:
        """Note that a message was handed to the broker."""
        self._sent[message.number] = _Sent(now_s, info)

    def arrived(self, waiting: Sequence[Waiting]) -> list[int]:
        """Forget what waits no more; return the numbers of the passage counts that the broker has (PUBACK)."""
        still = {message.number: message for message in waiting}
        known = tuple(self._sent.items())  # whole at once: the connection's own thread may clear them meanwhile
        for number, _ in known:
            if number not in still:
                self._sent.pop(number, None)
        on_the_way = [(number, sent) for number, sent in known if number in still]
        return [n for n, sent in on_the_way if still[n].event_id is None and sent.info.is_published()]

    def clear(self) -> None:
        """Forget all: a new connection knows nothing of what the old one sent."""
        self._sent.clear()
