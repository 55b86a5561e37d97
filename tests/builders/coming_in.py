"""A party with a number and a code at the centre's pages, as a browser without script would do it."""

from dataclasses import replace

from centre import NOW_MS, csrf_of
from fastapi import FastAPI
from fastapi.testclient import TestClient

from server import app as application
from server.own_page.codes import code_of


class Clock:
    """The time as a test sets it."""

    def __init__(self, now_ms: int = NOW_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


def pages(service, clock: Clock) -> TestClient:
    """The centre's pages, whose time is the clock's."""
    app = FastAPI()
    application.add_pages(app, replace(service, now_ms=clock))
    return TestClient(app, follow_redirects=False)


def come_in(client, service, case_id: int = 1, **typed):
    """Send the entrance's form with the case's own number and code, or with what is typed; return the answer."""
    given = {"number": f"LK-{case_id:07d}", "code": code_of(service.secrets_box, case_id)} | typed
    return client.post("/own", data={"csrf": csrf_of(client.get("/own").text)} | given)


def send(client, files=(), **typed):
    """Send a message's form; return the answer."""
    csrf = csrf_of(client.get("/own/case/message").text)
    given = {"csrf": csrf, "kind": "objection", "words": "绿灯时进入"} | typed
    return client.post("/own/case/message", data=given, files=[("files", file) for file in files] or None)
