"""The centre's HTTP interface held against its own OpenAPI schema by schemathesis: no request ends in a server's error.

Every operation is asked with what the schema allows and with what it does not; who asks is a stranger, an officer or a
box with its token.
"""

import warnings

import pytest
from centre import TOKEN, deliver, log_in, make_act
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings

from server.app import add_pages
from server.console import endpoints as console

schemathesis = pytest.importorskip("schemathesis", reason="NO SCHEMATHESIS TEST: the package is missing")

EXAMPLES = 15
SLOWEST_S = 20.0
"""For a request that waits for a busy machine, and far below what one that hangs would take."""


@pytest.fixture
def app(service) -> FastAPI:
    app = FastAPI(title="lukou", docs_url=None, redoc_url=None)
    app.include_router(console.router(service, in_schema=True))  # else left out of the schema
    add_pages(app, service)
    deliver(service, make_act())
    return app


def officers_cookie(app: FastAPI) -> dict[str, str]:
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        answer = log_in(client)
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in answer.cookies.items())}


def as_whom(app: FastAPI, who: str) -> dict[str, str]:
    if who == "officer":
        return officers_cookie(app)
    return {"Authorization": f"Bearer {TOKEN}"} if who == "box" else {}


def asked(operation, headers: dict[str, str]) -> int:
    """Ask one operation as often as examples are wanted; return how many answers came."""
    statuses = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of schemathesis's own client
            answer = case.call(headers=headers)
        told = f"{case.method} {case.formatted_path} {case.body!r}: {answer.status_code} {answer.text[:200]}"
        assert answer.status_code < 500 or answer.status_code == 503, told
        assert answer.elapsed < SLOWEST_S, told
        statuses.append(answer.status_code)

    ask()
    return len(statuses)


REAL = [pytest.param(who, "postgresql", marks=pytest.mark.process) for who in ("stranger", "officer", "box")]


@pytest.mark.parametrize(("who", "database_url"), [*REAL, ("officer", "sqlite")], indirect=["database_url"])
def test_no_request_of_any_operation_ends_in_a_servers_error(app, who):
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    headers = as_whom(app, who)
    answers = {found.ok().label: asked(found.ok(), headers) for found in schema.get_all_operations()}
    assert len(answers) > 20
    assert min(answers.values()) > 0
