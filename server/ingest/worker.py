"""One worker of the intake: gather, take, commit, acknowledge, then send the receipts. In that order, always.

Any number of workers share one subscription (MQTT 5, 4.8.2), each with a session of its own that the broker keeps while
it restarts. What could not be committed is not acknowledged: the worker tries again while its connection lasts, and
after that the broker brings it again. What the broker loses, the boxes send again: only a receipt frees their outbox.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from queue import Empty, SimpleQueue
from typing import Final

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from contract import topics
from contract.seal import seal
from server.broker_access.place import Broker
from server.db import unit_of_work
from server.ingest.desk import Desk
from server.ingest.intake import Answer, Fate, Intake
from server.ingest.mqtt import CENTRE, Session, connect, lost, may_speak, open_client
from server.ingest.reading import KINDS, Came

log = structlog.get_logger()

BATCH_MAX: Final = 200
BATCH_WAIT_S: Final = 0.005
KEPT_BY_BROKER_S: Final = 120
"""Long enough for a restart: what comes for a worker that does not come back waits so long, and then goes to others."""
FIRST_KEPT_S: Final = 24 * 3600
"""A machine's first worker always comes back; what its centre misses meanwhile waits, also what no outbox keeps."""
RETRY_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
SHARE: Final = "$share/lukou/"


@dataclass(frozen=True, slots=True)
class _Delivery:
    """A message as one connection brought it: its id means nothing to the next connection."""

    came: Came
    mid: int
    qos: int
    connection: int


@dataclass(slots=True)
class Worker:
    """One connection and the thread that works off what it brings.

    Attributes:
        name: its client id at the broker, its own for good: another that takes it would end this one's connection.
        shared: false where the broker knows no shared subscriptions; then one worker alone may run.
    """

    name: str
    broker: Broker
    desk: Desk
    shared: bool = True
    is_first: bool = True
    _client: Client = field(init=False)
    _session: Session = field(init=False)
    _queue: "SimpleQueue[_Delivery]" = field(init=False, default_factory=SimpleQueue)
    _connection: int = field(init=False, default=0)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _stopping: threading.Event = field(init=False, default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        kept_s = FIRST_KEPT_S if self.is_first else KEPT_BY_BROKER_S
        self._session = Session(self.name, kept_s, 2 * BATCH_MAX)
        self._client = open_client(self.broker, self._session, manual_ack=True)
        self._client.on_connect, self._client.on_disconnect = self._connected, self._lost
        self._client.on_message = self._received
        self._thread = threading.Thread(target=self._work, name=self.name, daemon=True)

    def start(self) -> None:
        """Connect in the background and begin to work."""
        connect(self._client, self.broker, self._session)
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch at hand and leave the broker."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)
        self._client.disconnect()
        self._client.loop_stop()

    def connected(self) -> bool:
        """Tell whether messages can come."""
        return self._client.is_connected()

    def _connected(
        self, client: Client, _userdata: object, _flags: ConnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        if not may_speak(reason, self.broker):
            return
        share = SHARE if self.shared else ""
        client.subscribe([(share + topics.every(kind), 1) for kind in KINDS])

    def _lost(
        self,
        client: Client,
        userdata: object,
        flags: DisconnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        with self._lock:
            self._connection += 1  # its message ids begin anew: what is not acknowledged yet comes again
        lost(client, userdata, flags, reason, properties)

    def _received(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        came = Came(message.topic, bytes(message.payload))
        self._queue.put(_Delivery(came, message.mid, message.qos, self._connection))

    def _work(self) -> None:
        while not self._stopping.is_set():
            batch = self._gather()
            if not batch:
                continue
            try:
                self._settle(batch)
            except Exception:  # a defect of ours must not end the thread; what it concerns comes again
                log.exception("ingest.defect")

    def _gather(self) -> list[_Delivery]:
        """Wait for a message, and a moment for those behind it."""
        batch: list[_Delivery] = []
        until_s = time.monotonic() + 0.2
        while len(batch) < BATCH_MAX:
            try:
                batch.append(self._queue.get(timeout=max(0.0, until_s - time.monotonic())))
            except Empty:
                break
            if len(batch) == 1:
                until_s = time.monotonic() + BATCH_WAIT_S
        return [one for one in batch if one.connection == self._connection]

    def _settle(self, batch: Sequence[_Delivery]) -> None:
        for tries in count():
            try:
                self._finish(batch, self._take(batch))
            except OperationalError as error:
                self._failed("database", error)
                if self._stopping.wait(RETRY_S[min(tries, len(RETRY_S) - 1)]) or self._gone(batch):
                    return
            except Exception as error:
                self._failed("defect", error)
                self._one_by_one(batch)
                return
            else:
                return

    def _gone(self, batch: Sequence[_Delivery]) -> bool:
        return batch[0].connection != self._connection

    def _one_by_one(self, batch: Sequence[_Delivery]) -> None:
        """Take each message alone, so that none suffers by another's; the one that fails is acknowledged all the same.

        It would else hold a place of what may be unacknowledged for good. It gets no receipt: its box sends it again.
        """
        if len(batch) > 1:
            for one in batch:
                self._settle([one])
        else:
            log.error("ingest.defect", topic=batch[0].came.topic, exc_info=True)
            self._finish(batch, [Fate("defect", refused=True)])

    def _failed(self, why: str, error: Exception) -> None:
        self.desk.meter.retries.labels(why).inc()
        if isinstance(error, SQLAlchemyError):
            log.error("ingest.not_committed", why=str(error).splitlines()[0])

    def _take(self, batch: Sequence[_Delivery]) -> list[Fate]:
        with self.desk.meter.commit_s.time(), unit_of_work(self.desk.sessions) as session:
            intake = Intake(session, self.desk.demonstration, self.desk.now_ms(), self.desk.book)
            return intake.take_all([one.came for one in batch])

    def _finish(self, batch: Sequence[_Delivery], fates: Sequence[Fate]) -> None:
        """Acknowledge what is committed, then say so to the boxes."""
        self.desk.meter.batch_messages.observe(len(batch))
        with self._lock:
            for one in batch:
                if one.connection == self._connection:
                    self._client.ack(one.mid, one.qos)
        for fate in fates:
            self.desk.meter.messages.labels(fate.outcome).inc()
            if fate.answer is not None:
                self._send(fate.answer)

    def _send(self, answer: Answer) -> None:
        self._client.publish(answer.topic, seal(answer.receipt, CENTRE, self.desk.key), qos=1)
        self.desk.meter.receipts.labels(answer.receipt.outcome.value).inc()
