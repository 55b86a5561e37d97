"""Tells Mosquitto's dynamic-security plugin what the register says: at once, and again at every connection.

Commands go to ``$CONTROL/dynamic-security/v1``; each answer comes on ``.../response`` with the question's number. The
broker is read before the register, so what is compared is never older than what it is compared with.
"""

import json
import queue
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from paho.mqtt.client import Client, ConnectFlags, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from sqlalchemy.exc import SQLAlchemyError

from server.broker_access import rights
from server.broker_access.place import Broker
from server.broker_access.rights import Box, Command, Known

log = structlog.get_logger()

CONTROL: Final = "$CONTROL/dynamic-security/v1"
ANSWER_S: Final = 5.0
AGAIN_S: Final = 5.0
EVERY_S: Final = 300.0
"""Also without a reason: another process may have changed the register."""
PAGE: Final = 200
MAY_BE_MISSING: Final = frozenset({"deleteClient", "deleteRole"})
Answer = dict[str, Any]


class NotToldError(Exception):
    """The broker did not answer, or refused."""


@dataclass(slots=True)
class DynamicSecurity:
    """One connection for access. ``register`` reads every device."""

    broker: Broker
    register: Callable[[], Sequence[Box]]
    _client: Client = field(init=False)
    _answers: dict[str, "queue.Queue[list[Answer]]"] = field(init=False, default_factory=dict)
    _wake: threading.Event = field(init=False, default_factory=threading.Event)
    _stopping: threading.Event = field(init=False, default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        client_id = f"lukou-access-{secrets.token_hex(6)}"  # several workers may have one each
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTv5)
        self._client.reconnect_delay_set(1, 30)
        self._client.on_connect, self._client.on_message = self._connected, self._received
        self._client.on_subscribe = lambda *_: self._wake.set()
        self.broker.introduce(self._client)
        self._thread = threading.Thread(target=self._keep_in_step, name="broker-access", daemon=True)

    def start(self) -> None:
        """Connect in the background, for as long as it takes."""
        self._client.connect_async(self.broker.host, self.broker.port)
        self._client.loop_start()
        self._thread.start()

    def stop(self) -> None:
        """Leave the broker."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout=2 * ANSWER_S)
        self._client.disconnect()
        self._client.loop_stop()

    def admit(self, box: Box, token: str) -> bool:
        """Let a box in; one that is in already as it should be keeps its connection."""
        if box.device_id == self.broker.username:
            log.error("broker.own_name", device=box.device_id)  # it would delete the centre's own access
            return False
        try:
            if not rights.is_as_it_should_be(box, self._known().get(box.device_id)):
                self._tell(rights.admission(box, token))
        except NotToldError as error:
            log.warning("broker.not_told", device=box.device_id, why=str(error))
            return False
        log.info("broker.admitted", device=box.device_id)
        return True

    def shut_out(self, device_id: str) -> bool:
        """End a box's connection. A box that the broker does not know is out as it is."""
        try:
            known = self._known().get(device_id)
            if known is not None and known.enabled:
                self._tell([rights.shutting_out(device_id)])
        except NotToldError as error:
            log.warning("broker.not_told", device=device_id, why=str(error))
            return False
        log.info("broker.shut_out", device=device_id)
        return True

    def _keep_in_step(self) -> None:
        wait_s = EVERY_S
        while not self._stopping.is_set():
            self._wake.wait(wait_s)
            self._wake.clear()
            if self._stopping.is_set() or not self._client.is_connected():
                continue
            try:
                known = self._known()
                self._tell(rights.differences(self.register(), known))
                wait_s = EVERY_S
            except (NotToldError, SQLAlchemyError) as error:
                log.warning("broker.not_in_step", why=str(error).splitlines()[0])
                wait_s = AGAIN_S

    def _known(self) -> dict[str, Known]:
        """Ask for every client that is a device of ours, and what it may do."""
        roles = {role["rolename"]: role.get("acls", []) for role in self._all("listRoles", "roles")}
        found = {}
        for client in self._all("listClients", "clients"):
            username, name = client["username"], rights.role_name(client["username"])
            if name not in {held["rolename"] for held in client.get("roles", [])}:
                continue
            held = frozenset((acl["acltype"], acl["topic"]) for acl in roles.get(name, []) if acl["allow"])
            found[username] = Known(username, client.get("textname", ""), not client.get("disabled", False), held)
        return found

    def _all(self, command: str, kind: str) -> list[Answer]:
        found: list[Answer] = []
        while True:
            asked: Command = {"command": command, "verbose": True, "count": PAGE, "offset": len(found)}
            answer = self._ask([asked])[0]
            if "data" not in answer:
                raise NotToldError(f"{command}: {answer.get('error', 'an answer of another form')}")
            page = answer["data"][kind]
            found += page
            if len(page) < PAGE:
                return found

    def _tell(self, commands: list[Command]) -> None:
        """Tell the broker; raise NotToldError with what it refused."""
        answers = self._ask(commands) if commands else []
        refused = [
            f"{a['command']}: {a['error']}" for a in answers if "error" in a and a["command"] not in MAY_BE_MISSING
        ]
        if refused:
            raise NotToldError("; ".join(refused))

    def _ask(self, commands: list[Command]) -> list[Answer]:
        number = secrets.token_hex(8)
        answers: queue.Queue[list[Answer]] = queue.Queue(maxsize=1)
        self._answers[number] = answers
        try:
            if not self._client.is_connected():
                raise NotToldError("the broker is not connected")
            asked = [{**command, "correlationData": number} for command in commands]
            self._client.publish(CONTROL, json.dumps({"commands": asked}), qos=1)
            return answers.get(timeout=ANSWER_S)
        except queue.Empty as error:
            raise NotToldError(f"the broker's dynamic security did not answer in {ANSWER_S:.0f} s") from error
        finally:
            del self._answers[number]

    def _connected(
        self, client: Client, _userdata: object, _flags: ConnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        if reason.is_failure:
            log.warning("broker.refused", reason=str(reason), to="the centre's access control")
            return
        client.subscribe(f"{CONTROL}/response", qos=1)

    def _received(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        answers: list[Answer] = json.loads(message.payload)["responses"]
        waiting = self._answers.get(answers[0].get("correlationData", "")) if answers else None
        if waiting is not None:
            waiting.put_nowait(answers)
