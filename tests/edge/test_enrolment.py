"""Enrolling a box: what it sends, what it keeps, what it says when something is in the way. Over real TLS."""

import json
import subprocess
import sys

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tls_server import certificates, days_ago, tls_server

from contract.enrolment import BrokerPlace, EnrolmentAnswer, EnrolmentRequest, new_code, proven
from contract.identity import fingerprint, key_text
from datasets.demo.broker import free_port
from edge.enrolment import Wish, configuration, enrol
from edge.errors import InputProblemError, PartMissingError, RefusedError
from edge.keys import load_private_key, load_public_key

CENTRE_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CODE = new_code()


class FakeCentre:
    """Answers as the centre would; ``replies`` are played before that, one a request."""

    def __init__(self) -> None:
        self.requests, self.replies, self.tokens = [], [], iter("abcdefgh")

    def __call__(self, path: str, body: bytes) -> tuple[int, bytes] | None:
        assert path == "/api/v1/devices/enrol"
        self.requests.append(EnrolmentRequest.model_validate_json(body))
        if self.replies:
            return self.replies.pop(0)
        answer = EnrolmentAnswer(
            device_id="box-9",
            site_id="s-9",
            cameras=("c-1",),
            token=next(self.tokens) * 43,
            centre_public_key=key_text(CENTRE_KEY.public_key()),
            broker=BrokerPlace(host="broker.example", port=8883, tls=True),
        )
        return 200, answer.model_dump_json().encode()


@pytest.fixture
def centre():
    return FakeCentre()


@pytest.fixture
def wish(tmp_path, centre):
    certificates(tmp_path / "tls", days_ago(1))
    with tls_server(tmp_path / "tls", centre) as port:
        yield Wish(f"https://127.0.0.1:{port}", CODE, tmp_path / "box", tmp_path / "tls" / "ca.pem")


def changed(wish: Wish, **changes) -> Wish:
    return Wish(**({name: getattr(wish, name) for name in Wish.__slots__} | changes))


def key_text_in(folder) -> str:
    return key_text(load_private_key(folder / "device-key.pem").public_key())


def test_the_key_is_made_here_and_only_its_public_part_leaves(wish, centre):
    answer = enrol(wish)
    (request,) = centre.requests
    private = load_private_key(wish.folder / "device-key.pem")
    assert key_text(proven(request)) == key_text(private.public_key())
    assert {path.name for path in wish.folder.iterdir()} == {"device-key.pem", "token", "centre-public.pem", "ca.pem"}
    assert [(wish.folder / name).stat().st_mode & 0o777 for name in ("device-key.pem", "token")] == [0o600, 0o600]
    assert (wish.folder / "token").read_text() == answer.token
    assert key_text(load_public_key(wish.folder / "centre-public.pem")) == key_text(CENTRE_KEY.public_key())
    assert (wish.folder / "ca.pem").read_bytes() == wish.ca_file.read_bytes()
    assert yaml.safe_load(configuration(wish, answer)) == {
        "device": {"id": "box-9", "key_file": "device-key.pem", "token_file": "token"},
        "centre": {
            "url": wish.centre_url,
            "public_key_file": "centre-public.pem",
            "ca_file": "ca.pem",
            "broker": {
                "host": "broker.example",
                "port": 8883,
                "username": "box-9",
                "password_file": "token",
                "ca_file": "ca.pem",
            },
        },
    }


@pytest.mark.parametrize("story", ["the centre hung up", "the code was wrong"])
def test_an_enrolment_that_was_interrupted_goes_on_with_the_same_key(wish, centre, story):
    centre.replies.append(None if "hung" in story else (403, b'{"error": "this code opens nothing"}'))
    with pytest.raises(PartMissingError if "hung" in story else RefusedError):
        enrol(wish)
    assert not (wish.folder / "token").exists()
    enrol(wish)
    first, second = centre.requests
    assert first.public_key == second.public_key == key_text_in(wish.folder)


def test_a_box_that_is_enrolled_is_not_enrolled_again_by_mistake(wish, centre):
    enrol(wish)
    before = {path: path.read_bytes() for path in wish.folder.iterdir()}
    with pytest.raises(InputProblemError, match="is enrolled already"):
        enrol(wish)
    assert len(centre.requests) == 1
    assert before == {path: path.read_bytes() for path in wish.folder.iterdir()}


def test_with_keep_key_it_gets_a_new_token_for_the_same_key(wish, centre):
    enrol(wish)
    enrol(changed(wish, keep_key=True))
    first, second = centre.requests
    assert first.public_key == second.public_key
    assert (wish.folder / "token").read_text() == "b" * 43


def test_with_replace_the_old_key_stands_until_the_centre_has_taken_the_new_one(wish, centre):
    enrol(wish)
    old = key_text_in(wish.folder)
    centre.replies = [None]
    with pytest.raises(PartMissingError, match="Run the same command again"):
        enrol(changed(wish, replace=True))
    assert key_text_in(wish.folder) == old
    assert (wish.folder / "token").read_text() == "a" * 43
    enrol(changed(wish, replace=True))
    _, lost, taken = centre.requests
    assert lost.public_key == taken.public_key == key_text_in(wish.folder) != old
    assert (wish.folder / "token").read_text() == "b" * 43
    assert not list(wish.folder.glob("*.new"))


@pytest.mark.parametrize(
    ("story", "changes", "says"),
    [
        ("no code", {"code": "abc"}, "--code: expected 16"),
        ("an address without a scheme", {"centre_url": "centre.example"}, "--centre: expected an address"),
        ("another scheme", {"centre_url": "mqtt://centre.example"}, "--centre: expected an address"),
        ("with a path", {"centre_url": "https://centre.example/console"}, "--centre: expected an address"),
        ("a port that is none", {"centre_url": "https://centre.example:x"}, "--centre: expected an address"),
        ("in the clear", {"centre_url": "http://centre.example"}, "--centre: expected https://"),
        ("two wishes", {"replace": True, "keep_key": True}, "expected one of the two"),
    ],
)
def test_what_cannot_be_asked_makes_no_key_and_sends_nothing(wish, centre, story, changes, says):
    with pytest.raises(InputProblemError, match=says):
        enrol(changed(wish, **changes))
    assert not wish.folder.exists()
    assert centre.requests == []


def test_all_problems_are_told_at_once(wish):
    with pytest.raises(InputProblemError) as told:
        enrol(changed(wish, code="x", centre_url="x"))
    assert len(told.value.problems) == 2


@pytest.mark.parametrize(
    ("story", "reply", "error", "says"),
    [
        ("no", (403, b'{"error": "this code opens nothing"}'), RefusedError, "this code opens nothing"),
        ("too many", (429, b'{"error": "wait 10 minutes"}'), RefusedError, "wait 10 minutes"),
        ("another server", (404, b"<html>"), RefusedError, "not the answer of a lukou centre"),
        ("a redirection", (302, b""), RefusedError, "not the answer of a lukou centre"),
        ("another server that says yes", (200, b"<html>"), PartMissingError, "not the answer of a lukou centre"),
        ("a list", (403, json.dumps([1]).encode()), RefusedError, "not the answer of a lukou centre"),
    ],
)
def test_what_the_centre_may_say(wish, centre, story, reply, error, says):
    centre.replies = [reply]
    with pytest.raises(error, match=says) as told:
        enrol(wish)
    assert len(str(told.value).splitlines()) == 1


def device(*words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "lukou", "device", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_enrols_writes_edge_yaml_once_and_shows_the_keys_fingerprint(wish):
    words = ["enrol", "--centre", wish.centre_url, "--code", CODE.lower(), "--ca", str(wish.ca_file)]
    done = device(*words, "--out", str(wish.folder))
    assert done.returncode == 0, done.stderr
    key = fingerprint(load_private_key(wish.folder / "device-key.pem").public_key())
    assert f"enrolled as box-9 at s-9, for c-1\nkey {key}\n" in done.stdout
    assert (wish.folder / "token").read_text() not in done.stdout
    written = yaml.safe_load((wish.folder / "edge.yaml").read_text())
    assert written["device"]["id"] == "box-9"
    shown = device("show", "--dir", str(wish.folder))
    assert (shown.returncode, shown.stdout) == (0, f"key {key}\n")
    (wish.folder / "edge.yaml").write_text("mine: true\n")
    again = device(*words, "--out", str(wish.folder), "--keep-key")
    assert (again.returncode, "was not touched" in again.stdout) == (0, True)
    assert (wish.folder / "edge.yaml").read_text() == "mine: true\n"


@pytest.mark.parametrize(
    ("story", "status", "says"),
    [
        ("a wrong code", 1, "this code opens nothing"),
        ("a CA that has not signed it", 2, "its certificate is not believed: unable to get local issuer certificate"),
        ("a CA that is none", 2, "expected a CA's certificate"),
        ("no CA file", 2, "expected a CA's certificate"),
        ("another host", 2, "Hostname mismatch"),
        ("nobody listens", 3, "the centre cannot be reached"),
        ("enrolled already", 2, "is enrolled already"),
    ],
)
def test_what_is_in_the_way_is_one_line_and_an_exit_status(wish, centre, tmp_path, story, status, says):
    url, ca = wish.centre_url, wish.ca_file
    if story == "a wrong code":
        centre.replies = [(403, b'{"error": "this code opens nothing"}')]
    elif story == "a CA that has not signed it":
        certificates(tmp_path / "other", days_ago(1))
        ca = tmp_path / "other" / "ca.pem"
    elif story == "a CA that is none":
        ca = tmp_path / "tls" / "server-key.pem"
    elif story == "no CA file":
        ca = tmp_path / "nothing.pem"
    elif story == "another host":
        url = url.replace("127.0.0.1", "localhost")
    elif story == "nobody listens":
        url = f"https://127.0.0.1:{free_port()}"
    else:
        enrol(wish)
    done = device("enrol", "--centre", url, "--code", CODE, "--ca", str(ca), "--out", str(wish.folder))
    assert (done.returncode, len(done.stderr.splitlines())) == (status, 1), done.stderr
    assert says in done.stderr


def test_a_box_that_is_not_enrolled_says_so(tmp_path):
    assert device("show", "--dir", str(tmp_path)).returncode == 2
