"""Somebody who comes into a centre for the first time: another password, an authenticator, the recovery codes."""

import re
import time

from centre import csrf_of, log_in

from server.access import totp

OWN_PASSWORD = "chosen by nobody else"


def come_in(client, name: str, first_password: str, at_ms: int | None = None) -> str:
    """Walk the entrance to its end; return the second factor's secret. The client keeps cookies."""
    assert location(log_in(client, name, first_password)) == "/login/password"
    form = {"csrf": csrf_of(client.get("/login/password").text), "password": OWN_PASSWORD, "again": OWN_PASSWORD}
    assert location(client.post("/login/password", data=form)) == "/login/enrol"
    return enrol(client, at_ms)


def enrol(client, at_ms: int | None = None) -> str:
    """Enrol an authenticator; return its secret."""
    page = client.get("/login/enrol").text
    secret = re.search(r"<code data-secret>([A-Z2-7]+)</code>", page)[1]
    code = totp.code_at(secret, time.time_ns() // 1_000_000 if at_ms is None else at_ms)
    answer = client.post("/login/enrol", data={"csrf": csrf_of(page), "code": code})
    assert answer.status_code == 200
    assert len(re.findall(r"<li><code>", answer.text)) == 10
    return secret


def location(answer) -> str:
    """Return where an answer leads."""
    return answer.headers.get("location", f"status {answer.status_code}")
