"""A controller that posts: real requests, right, wrong and hostile."""

import json
import socket
import time

import httpx
import pytest

from contract.words import LampState
from datasets.demo.broker import free_port
from edge.errors import PartMissingError
from edge.lamp_sources.http import HttpFeed
from edge.lamp_sources.inbox import Inbox
from edge.signals.feed import BYTES_MAX, FedSignal, FeedReader, Refused

TOKEN = "let me in"
PUSH = b"POST /signals HTTP/1.1\r\nAuthorization: Bearer let me in\r\n"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def feed():
    reader = FeedReader({"12": (FedSignal("p", "pedestrian"),)}, now_ms())
    made = HttpFeed("127.0.0.1", free_port(), TOKEN, reader, Inbox(), now_ms)
    made.start()
    yield made
    made.stop()


def message(state: str = "red", at_ms: int | None = None) -> bytes:
    group = {"signal": "12", "state": state}
    told = {"timestamp_ms": at_ms or now_ms(), "mode": "fixed_time", "lamp_groups": [group]}
    return json.dumps({"phases": told}).encode()


def post(feed, body: bytes, headers=BEARER, path: str = "/signals") -> int:
    return httpx.post(f"http://127.0.0.1:{feed.port}{path}", content=body, headers=headers).status_code


def test_a_push_comes_in(feed):
    assert not feed.state().connected
    assert post(feed, message()) == 204
    assert [(r.signal_id, r.state) for r in feed.inbox.take()] == [("p", LampState.RED)]
    assert (feed.state().connected, feed.state().taken) == (True, 1)


@pytest.mark.parametrize(
    ("story", "body", "headers", "path", "status", "why"),
    [
        ("without a token", message(), {}, "/signals", 401, Refused.UNAUTHORISED),
        ("with another", message(), {"Authorization": "Bearer no"}, "/signals", 401, Refused.UNAUTHORISED),
        ("elsewhere", message(), BEARER, "/", 404, None),
        ("nothing", b"", BEARER, "/signals", 422, Refused.MALFORMED),
        ("no JSON", b"red", BEARER, "/signals", 422, Refused.MALFORMED),
        ("from the future", message(at_ms=4_000_000_000_000), BEARER, "/signals", 422, Refused.FUTURE),
        ("too long", b" " * (BYTES_MAX + 1), BEARER, "/signals", 413, Refused.TOO_LONG),
    ],
)
def test_what_is_refused_says_why_is_counted_and_changes_nothing(feed, story, body, headers, path, status, why):
    assert post(feed, body, headers, path) == status
    assert feed.inbox.take() == ()
    assert dict(feed.state().refused) == ({why: 1} if why else {})


def test_other_words_than_post_are_refused(feed):
    assert httpx.get(f"http://127.0.0.1:{feed.port}/signals", headers=BEARER).status_code == 501


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\xff\x16\x03\x01\r\n\r\n",
        PUSH + b"Content-Length: -5\r\n\r\n",
        PUSH + b"Content-Length: 99999999999999\r\n\r\n",
        PUSH + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"POST /signals HTTP/1.1\r\nContent-Length: 100\r\n\r\nand then nothing",
    ],
)
def test_hostile_bytes_bring_nothing_down(feed, sent):
    with socket.create_connection(("127.0.0.1", feed.port), timeout=5) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):
            pass
    assert post(feed, message()) == 204


def test_an_address_that_is_taken_is_said(feed):
    again = HttpFeed("127.0.0.1", feed.port, TOKEN, feed.reader, feed.inbox, now_ms)
    with pytest.raises(PartMissingError, match=f"127.0.0.1:{feed.port}"):
        again.start()
    again.stop()
