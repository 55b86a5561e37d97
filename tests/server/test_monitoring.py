"""What officers and monitors see of delivery: gaps, doubles, what is held, and the documented metrics."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from centre import CLOCK, TOKEN, deliver, log_in, make_act, take
from fastapi.testclient import TestClient
from uploading import pages_of

from contract.identity import chain_of
from server.metrics import Meter

DOCS = Path(__file__).parent.parent.parent / "docs"
LATE = CLOCK.model_copy(update={"offset_ms": 5000.0})


def opened(service, host: str = "127.0.0.1") -> TestClient:
    app = pages_of(service)
    return TestClient(app, follow_redirects=False, client=(host, 50_000))


@pytest.fixture
def client(service):
    with opened(service) as made:
        log_in(made, "auditor")
        yield made


def test_the_page_of_delivery_lists_a_gap_until_it_is_filled(client, service):
    for number in (1, 4):
        take(service, make_act(number).sealed())
    page = client.get("/console/delivery").text
    assert 'data-device="box-1" data-missing="2" data-doubled="0"' in page
    assert "2–3" in page
    for number in (2, 3, 3):
        take(service, make_act(number).sealed())
    page = client.get("/console/delivery").text
    assert 'data-missing="0" data-doubled="0"' in page
    assert "缺失 0，重复入库 0" in page
    client.post("/language", data={"language": "en", "back": "/"})
    assert "0 missing, 0 doubled" in client.get("/console/delivery").text


def test_what_is_held_stands_on_its_page_with_the_reason(client, service):
    take(service, make_act(clock=LATE).sealed())
    page = client.get("/console/held").text
    assert 'data-held="clock"' in page
    assert "expected at most 1000 ms, found 5000 ms" in page
    assert "未立案" in page


def test_a_case_that_is_held_says_so(client, service):
    deliver(service, make_act(), files=False)
    take(service, make_act(2, previous_manifest_sha256="a" * 64).sealed())
    assert 'data-held="chain"' in client.get("/console/cases/1").text


def test_a_monitor_reads_the_gaps(client, service):
    take(service, make_act(3).sealed())
    answer = client.get("/api/v1/devices/box-1/delivery").json()
    (chain,) = answer["chains"]
    assert (chain["highest"], chain["here"], chain["missing"], chain["missing_ranges"]) == (3, 1, 2, [[1, 2]])
    assert client.get("/api/v1/devices/box-9/delivery").status_code == 404


def test_the_metrics_tell_what_the_database_holds(client, service):
    take(service, make_act(3, clock=LATE).sealed())
    client.put("/api/v1/evidence/00", headers={"Authorization": f"Bearer {TOKEN}"}, content=b"x")
    told = client.get("/metrics").text
    chain = chain_of(service.public_key)
    assert f'lukou_missing_numbers{{chain="{chain}",device="box-1"}} 2.0' in told
    assert 'lukou_held_events{reason="clock"} 1.0' in told
    assert 'lukou_uploads_total{outcome="not_awaited"} 1.0' in told


ASKERS = [
    ("this machine", "127.0.0.1", None, {}, 200),
    ("this machine, by IPv6", "::1", None, {}, 200),
    ("another machine", "10.0.0.9", None, {}, 403),
    ("another machine, by a proxy on this one", "127.0.0.1", None, {"X-Forwarded-For": "10.0.0.9"}, 403),
    ("with the token", "10.0.0.9", "s3", {"Authorization": "Bearer s3"}, 200),
    ("with another token", "10.0.0.9", "s3", {"Authorization": "Bearer s4"}, 403),
    ("this machine, without the token", "127.0.0.1", "s3", {}, 403),
]


@pytest.mark.parametrize(("story", "host", "token", "headers", "status"), ASKERS, ids=[row[0] for row in ASKERS])
@pytest.mark.parametrize("path", ["/metrics", "/api/v1/devices/box-1/delivery"])
def test_who_may_ask(service, path, story, host, token, headers, status):
    take(service, make_act().sealed())
    asked = replace(service, settings=service.settings.model_copy(update={"metrics_token": token}))
    with opened(asked, host) as client:
        assert client.get(path, headers=headers).status_code == status


def test_every_metric_is_documented():
    documented = (DOCS / "metrics.md").read_text(encoding="utf-8")
    known = {name for family in Meter().registry.collect() for name in [family.name]}
    in_docs = {name.removesuffix("_total") for name in re.findall(r"^\| `(lukou_\w+)`", documented, re.MULTILINE)}
    assert known <= in_docs
