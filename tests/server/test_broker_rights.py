"""What a broker must be told so that it lets in nobody whom the register does not; and the plugin's first file."""

import base64
import json
import subprocess
import sys
from dataclasses import replace
from hashlib import pbkdf2_hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import topics
from server.broker_access.first_file import first_file
from server.broker_access.rights import (
    Box,
    Known,
    admission,
    differences,
    is_as_it_should_be,
    rights_of,
    role_name,
)

BOX = Box("box-1", "s-1", ("c-1",), "mark", active=True)
KNOWN = Known("box-1", "mark", enabled=True, rights=frozenset(rights_of(BOX)))


@pytest.mark.parametrize(
    ("story", "box", "known", "told"),
    [
        ("the same", {}, {}, []),
        ("shut out by mistake", {}, {"enabled": False}, ["enableClient"]),
        ("other cameras", {"cameras": ("c-2",)}, {}, ["modifyRole"]),
        ("other cameras, and shut out", {"cameras": ()}, {"enabled": False}, ["modifyRole", "enableClient"]),
        ("an old token", {"token_mark": "new"}, {}, ["disableClient"]),
        ("an old token that is out already", {"token_mark": "new"}, {"enabled": False}, []),
        ("revoked", {"active": False}, {}, ["disableClient"]),
        ("revoked, and out already", {"active": False}, {"enabled": False}, []),
        ("unknown to the register", {"device_id": "box-2"}, {}, ["disableClient"]),
        ("unknown to the broker", {}, None, []),
    ],
)
def test_what_the_broker_is_told(story, box, known, told):
    register = [replace(BOX, **box)]
    broker = {} if known is None else {"box-1": replace(KNOWN, **known)}
    assert [command["command"] for command in differences(register, broker)] == told
    right = is_as_it_should_be(register[0], broker.get("box-1"))
    assert right is (story in {"the same", "revoked"})


MARKS = st.sampled_from(["a", "b"])
BOXES = st.dictionaries(st.sampled_from(["box-1", "box-2", "box-3"]), st.tuples(MARKS, st.booleans()))


@given(BOXES, BOXES)
def test_after_it_nobody_is_in_whom_the_register_does_not_let_in(register, broker):
    boxes = [Box(name, "s-1", ("c-1",), mark, active) for name, (mark, active) in register.items()]
    rights = {name: frozenset(rights_of(Box(name, "s-1", ("c-1",), "a", True))) for name in broker}
    known = {name: Known(name, mark, enabled, rights[name]) for name, (mark, enabled) in broker.items()}
    after = dict(known)
    for command in differences(boxes, known):
        name = command["username"]
        after[name] = replace(after[name], enabled=command["command"] == "enableClient")
    for name, client in after.items():
        mark, active = register.get(name, ("", False))
        assert client.enabled is (active and mark == client.token_mark)
    assert differences(boxes, after) == []


def allowed(box: Box, act: str) -> set[str]:
    return {topic for kind, topic in rights_of(box) if kind == act}


def test_a_box_may_say_and_hear_what_its_software_says_and_hears():
    said = allowed(BOX, "publishClientSend")
    assert {
        topics.violation("s-1", "c-1"),
        topics.passages("s-1", "c-1"),
        topics.heartbeat("s-1", "c-1"),
    } <= said
    assert topics.hand_off_state("s-1").replace("hand-off", "+") in said
    heard = {topics.receipt("s-1", "c-1"), topics.hand_off_set("s-1").replace("hand-off", "+")}
    assert allowed(BOX, "publishClientReceive") == allowed(BOX, "subscribePattern") == heard


def test_without_cameras_a_box_may_speak_for_its_whole_site_and_no_other():
    said = allowed(replace(BOX, cameras=()), "publishClientSend")
    assert "lukou/v1/s-1/+/violation" in said
    assert all(topic.startswith("lukou/v1/s-1/") for topic in said)


def test_a_box_is_let_in_by_its_token_bound_to_its_own_name_as_client():
    *_, client = admission(BOX, "secret")
    assert (client["username"], client["clientid"], client["password"]) == ("box-1", "box-1", "secret")
    assert client["roles"] == [{"rolename": role_name("box-1")}]


def test_the_first_file_has_the_centre_alone_and_not_its_password():
    text = first_file("centre", "secret")
    content = json.loads(text)
    (client,) = content["clients"]
    digest = pbkdf2_hmac("sha512", b"secret", base64.b64decode(client["salt"]), client["iterations"])
    assert base64.b64decode(client["password"]) == digest
    assert "secret" not in text
    assert [name for name, allowed in content["defaultACLAccess"].items() if allowed] == ["unsubscribe"]


def test_the_command_writes_it_once(tmp_path):
    words = [sys.executable, "-m", "lukou", "broker", "init", "--out", str(tmp_path / "broker")]
    first, second = (subprocess.run(words, capture_output=True, text=True, check=False) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 2)
    assert "every box must enrol again" in second.stderr
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "broker").iterdir()}
    assert modes == {"dynamic-security.json": 0o600, "centre.env": 0o600}
    environment = dict(line.split("=") for line in (tmp_path / "broker" / "centre.env").read_text().split())
    assert environment["LUKOU_BROKER_ACCESS"] == "dynsec"
    assert environment["LUKOU_MQTT_PASSWORD"] not in first.stdout
