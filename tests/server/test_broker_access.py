"""deploy/mosquitto/mosquitto.conf and the centre's access control, on the real Mosquitto with its real plugin."""

import time
from contextlib import closing

import pytest
from deployed_broker import PASSWORD, DeployedBroker, Visitor

from server.broker_access.dynsec import DynamicSecurity
from server.broker_access.place import Broker
from server.broker_access.rights import Box

pytestmark = pytest.mark.process
TOKEN, OTHER = "t" * 43, "u" * 43
BOX = Box("box-1", "s-1", ("c-1", "c-2"), "mark-t", active=True)
NEIGHBOUR = Box("box-2", "s-1", ("c-3",), "mark-u", active=True)


def until(holds, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def broker(tmp_path):
    made = DeployedBroker(tmp_path / "broker")
    made.start()
    yield made
    made.stop()


class Centre:
    """The centre's access control over a register that the test writes."""

    def __init__(self, broker: DeployedBroker) -> None:
        self.boxes = [BOX, NEIGHBOUR]
        place = Broker("127.0.0.1", broker.port, "centre", PASSWORD)
        self.access = DynamicSecurity(place, lambda: self.boxes)
        self.access.start()

    def admits(self, box: Box = BOX, token: str = TOKEN) -> bool:
        return until(lambda: self.access.admit(box, token))

    def close(self) -> None:
        self.access.stop()


@pytest.fixture
def centre(broker):
    with closing(Centre(broker)) as made:
        assert made.admits()
        assert made.admits(NEIGHBOUR, OTHER)
        yield made


def comes(broker, name: str = "box-1", password: str = TOKEN, client_id: str | None = None) -> str | None:
    """Connect and leave; return the broker's refusal."""
    with closing_visitor(broker, name, password, client_id) as visitor:
        return visitor.refused


class closing_visitor:  # noqa: N801 - it reads as a verb
    def __init__(self, *arguments) -> None:
        self.visitor = Visitor(*arguments)

    def __enter__(self) -> Visitor:
        return self.visitor

    def __exit__(self, *_) -> None:
        self.visitor.leave()


@pytest.mark.parametrize(
    ("story", "act", "topic", "allowed"),
    [
        ("its own violation", "publish", "lukou/v1/s-1/c-1/violation", True),
        ("its other camera's counts", "publish", "lukou/v1/s-1/c-2/passages", True),
        ("its heartbeat", "publish", "lukou/v1/s-1/c-1/heartbeat", True),
        ("its prompt", "publish", "lukou/v1/s-1/c-1/prompt", True),
        ("its status", "publish", "lukou/v1/s-1/box-1/status", True),
        ("another device's status", "publish", "lukou/v1/s-1/box-9/status", False),
        ("what it holds of its site's switch", "publish", "lukou/v1/s-1/hand-off/state", True),
        ("another device's camera", "publish", "lukou/v1/s-1/c-3/violation", False),
        ("another site", "publish", "lukou/v1/s-2/c-1/violation", False),
        ("another site's switch", "publish", "lukou/v1/s-2/hand-off/state", False),
        ("a receipt of its own", "publish", "lukou/v1/s-1/c-1/receipt", False),
        ("the centre's switch", "publish", "lukou/v1/s-1/hand-off/set", False),
        ("the access control", "publish", "$CONTROL/dynamic-security/v1", False),
        ("something else", "publish", "elsewhere", False),
        ("its receipts", "subscribe", "lukou/v1/s-1/c-1/receipt", True),
        ("its site's switches", "subscribe", "lukou/v1/s-1/hand-off/set", True),
        ("all its site's switches", "subscribe", "lukou/v1/s-1/+/set", True),
        ("another camera's receipts", "subscribe", "lukou/v1/s-1/c-3/receipt", False),
        ("every receipt of the site", "subscribe", "lukou/v1/s-1/+/receipt", False),
        ("another site's switch", "subscribe", "lukou/v1/s-2/hand-off/set", False),
        ("everything", "subscribe", "#", False),
        ("everything of the site", "subscribe", "lukou/v1/s-1/#", False),
        ("a neighbour's reports", "subscribe", "lukou/v1/s-1/c-3/violation", False),
        ("its reports, as a worker of the centre", "subscribe", "$share/centre/lukou/v1/+/+/violation", False),
        ("the broker's own topics", "subscribe", "$SYS/#", False),
        ("the answers to the access control", "subscribe", "$CONTROL/dynamic-security/v1/response", False),
    ],
)
def test_a_box_may(deployed, story, act, topic, allowed):
    with closing_visitor(deployed, "box-1", TOKEN) as box:
        assert box.refused is None
        assert (box.may_publish if act == "publish" else box.may_subscribe)(topic) is allowed


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    """One broker for the whole table: nothing in it changes who may what."""
    made = DeployedBroker(tmp_path_factory.mktemp("deployed") / "broker")
    made.start()
    with closing(Centre(made)) as centre:
        assert centre.admits()
        yield made
    made.stop()


@pytest.mark.parametrize(
    ("act", "topic", "allowed"),
    [
        ("subscribe", "lukou/v1/+/+/violation", True),
        ("subscribe", "$share/centre/lukou/v1/+/+/violation", True),
        ("publish", "lukou/v1/s-1/c-1/receipt", True),
        ("publish", "lukou/v1/s-1/hand-off/set", True),
        ("publish", "lukou/v1/s-1/c-1/violation", False),
    ],
)
def test_the_centre_may(deployed, act, topic, allowed):
    with closing_visitor(deployed, "centre", PASSWORD) as centre:
        assert (centre.may_publish if act == "publish" else centre.may_subscribe)(topic) is allowed


@pytest.mark.parametrize(
    ("story", "name", "password", "client_id"),
    [
        ("a wrong password", "box-1", OTHER, None),
        ("nobody", "box-9", TOKEN, None),
        ("a box under another's name as client: it would take its session", "box-1", TOKEN, "box-2"),
        ("a box that calls itself the centre", "box-1", TOKEN, "lukou-centre"),
    ],
)
def test_who_does_not_come_in(deployed, story, name, password, client_id):
    assert "not auth" in comes(deployed, name, password, client_id).lower()


def test_a_box_that_is_shut_out_loses_its_connection_and_does_not_come_back(broker, centre):
    with closing_visitor(broker, "box-1", TOKEN) as box, closing_visitor(broker, "box-2", OTHER) as neighbour:
        assert centre.access.shut_out("box-1")
        assert box.ended.wait(5)
        assert until(lambda: box.refused is not None)
        assert not neighbour.ended.is_set()
        assert neighbour.may_publish("lukou/v1/s-1/c-3/violation")
    assert comes(broker) is not None


def test_a_new_token_ends_the_old_one_and_its_connection(broker, centre):
    with closing_visitor(broker, "box-1", TOKEN) as box:
        assert centre.admits(Box("box-1", "s-1", ("c-1",), "mark-new", active=True), "n" * 43)
        assert box.ended.wait(5)
    assert comes(broker) is not None
    assert comes(broker, password="n" * 43) is None


def test_a_box_that_is_in_as_it_should_be_keeps_its_connection_when_it_asks(broker, centre):
    with closing_visitor(broker, "box-1", TOKEN) as box:
        assert centre.admits()
        assert box.may_publish("lukou/v1/s-1/c-1/violation")
        assert not box.ended.is_set()


def test_what_the_broker_was_not_told_it_is_told_when_it_is_back(broker, centre):
    broker.stop()
    assert until(lambda: not centre.access.shut_out("box-1"))
    centre.boxes = [Box("box-1", "s-1", ("c-1",), "mark-t", active=False), NEIGHBOUR]
    broker.start()
    assert comes(broker, "box-2", OTHER) is None
    assert until(lambda: comes(broker) is not None)


@pytest.mark.parametrize(
    ("story", "boxes", "comes_in"),
    [
        ("as it is", [BOX, NEIGHBOUR], True),
        ("another token", [Box("box-1", "s-1", ("c-1",), "mark-new", active=True)], False),
        ("not in the register", [NEIGHBOUR], False),
    ],
)
def test_a_register_that_has_changed_meanwhile_is_followed(broker, centre, story, boxes, comes_in):
    centre.close()
    again = Centre(broker)
    again.boxes = boxes
    with closing(again):
        assert until(lambda: (comes(broker) is None) is comes_in)
        time.sleep(0.3)
        assert (comes(broker) is None) is comes_in


def test_a_broker_that_has_lost_its_disk_lets_a_box_in_again_when_it_asks(broker, centre):
    broker.stop()
    broker.forget()
    broker.start()
    assert comes(broker) is not None
    assert centre.admits()
    assert comes(broker) is None
    assert comes(broker, "box-2", OTHER) is not None


def test_rights_outlive_a_restart_of_the_broker(broker, centre):
    broker.stop()
    broker.start()
    with closing_visitor(broker, "box-1", TOKEN) as box:
        assert box.may_publish("lukou/v1/s-1/c-1/violation")
        assert not box.may_publish("lukou/v1/s-1/c-3/violation")


def test_a_box_can_never_be_admitted_under_the_centres_own_name(broker, centre):
    assert not centre.access.admit(Box("centre", "s-1", (), "m", active=True), TOKEN)
    assert centre.admits()
