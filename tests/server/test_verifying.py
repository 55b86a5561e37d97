"""Evidence proved anew: what may not be confirmed any more, though it was right when it came."""

import pytest
from centre import csrf_of, deliver, log_in, make_act, take
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi.testclient import TestClient
from recorded import record, recorded_act
from sqlalchemy import text
from uploading import pages_of

from contract.seal import seal
from contract.words import StillRole
from server.cases import repository, verifying
from server.cases.manifests import open_manifest
from server.cases.verifying import Proof
from server.console.case_evidence import exhibits
from server.console.looking import case_values
from server.db import unit_of_work
from server.pages.render import environment
from server.pages.texts import text as word

ACT = recorded_act()


def proved(service, case_id: int = 1) -> dict[Proof, tuple[str, ...]]:
    with service.sessions.reading() as session:
        found = verifying.prove(session, repository.get(session, case_id).event, service.store)
    return {proof: problems for proof, problems in found.problems_by.items() if problems}


def place_of(service, name: str):
    digest = next(file.sha256 for file in ACT.message.evidence if file.name == name)
    return service.settings.data_dir / "evidence" / digest[:2] / digest[2:4] / digest


@pytest.fixture
def client(service):
    app = pages_of(service)
    deliver(service, ACT)
    with TestClient(app, follow_redirects=False) as made:
        log_in(made)
        yield made


def confirm(client):
    form = {"csrf": csrf_of(client.get("/console").text), "version": 1, "act": "confirm"}
    return client.post("/console/cases/1", data=form)


def test_a_whole_package_holds_and_may_be_confirmed(client, service):
    assert proved(service) == {}
    html = client.get("/console/cases/1").text
    assert 'data-holds="yes"' in html
    assert '<button data-key="c"' in html
    assert confirm(client).status_code == 303


@pytest.mark.parametrize("name", ["entry.jpg", "clip.mp4", "tracks.csv"])
def test_a_changed_file_is_seen_at_the_next_view_and_stops_the_confirmation(client, service, name):
    assert client.get("/console/cases/1").status_code == 200
    place = place_of(service, name)
    place.write_bytes(place.read_bytes()[:-1] + b"\0x")
    assert proved(service) == {Proof.FILES: (f"{name}: the stored bytes have been changed",)}
    html = client.get("/console/cases/1").text
    assert 'data-holds="no"' in html
    assert '<button disabled data-key="c"' in html
    answer = confirm(client)
    assert answer.status_code == 409
    assert f"{name}: the stored bytes have been changed" in answer.text
    assert 'data-state="received"' in client.get("/console/cases/1").text


def test_a_file_that_is_gone_and_one_that_has_not_come(service):
    take(service, ACT.sealed())
    assert proved(service)[Proof.FILES][0] == "act.json: has not come yet"
    assert len(proved(service)[Proof.FILES]) == len(ACT.files)
    assert proved(service)[Proof.SEAL] == ("manifest.json is not here as it was sealed",)
    deliver(service, ACT)
    place_of(service, "before.jpg").unlink()
    assert proved(service) == {Proof.FILES: ("before.jpg: is not in the evidence store",)}


def change(service, sql: str, **values: str) -> None:
    """Change rows as somebody could who holds the database."""
    with unit_of_work(service.sessions) as session:
        session.execute(text(sql), values)


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ('"track_id":1,', '"track_id":2,', "manifest.json differs from its event in: track_id"),
        ('"measure":3.04', '"measure":9.04', "act.json differs from its event in: measure"),
        ('"zone_id":"n"', '"zone_id":"m"', "act.json differs from its event in: zone_id"),
    ],
)
def test_an_event_that_was_changed_is_seen(service, was, becomes, problem):
    deliver(service, ACT)
    change(service, "UPDATE events SET body = REPLACE(body, :was, :becomes)", was=was, becomes=becomes)
    assert proved(service)[Proof.EVENT][0] == problem


@pytest.mark.parametrize(
    ("sql", "proof", "problem"),
    [
        ("DELETE FROM event_files WHERE name = 'before.jpg'", Proof.EVENT, "are not those that the event names"),
        ("UPDATE events SET sequence = 5", Proof.EVENT, "the event's row is not the event's own"),
        ("UPDATE events SET held_because = 'clock', held_detail = 'd'", Proof.EVENT, "held back: clock: d"),
        ("UPDATE events SET manifest_sha256 = '0'", Proof.CHAIN, "is not the one that the chain names"),
        ("UPDATE device_keys SET compromised_at_ms = 1", Proof.SEAL, "is not known, or told to be compromised"),
    ],
)
def test_a_row_that_was_changed_is_seen(service, sql, proof, problem):
    deliver(service, ACT)
    change(service, sql)
    assert problem in proved(service)[proof][0]


def test_a_link_to_a_neighbour_that_was_exchanged_is_seen_from_both_ends(service):
    deliver(service, make_act(1))
    deliver(service, make_act(2))
    assert (proved(service, 1), proved(service, 2)) == ({}, {})
    change(service, "UPDATE events SET previous_manifest_sha256 = 'x' WHERE sequence = 2")
    for case_id in (1, 2):
        assert "number 2 names x before it" in proved(service, case_id)[Proof.CHAIN][0]


def test_an_act_file_that_is_none_is_said(service):
    deliver(service, recorded_act(files=record(act_json="{}")))
    assert proved(service)[Proof.EVENT][0].startswith("act.json: expected PackagedAct")


def test_an_event_of_before_the_chains_has_no_seal_to_check(service):
    deliver(service, ACT)
    change(service, "UPDATE events SET chain = NULL")
    assert proved(service) == {}


def test_whoever_must_not_know_the_first_verdict_sees_no_trace_of_it(client, service):
    confirm(client)
    client.post("/console/cases/1/hold", data={"csrf": csrf_of(client.get("/console").text), "reason": "等待复核"})
    with service.sessions.reading() as session:
        case = repository.get(session, 1)
        who = _Somebody()
        values = case_values(service, session, case, who)
        evidence = exhibits(session, case, ACT.message, service.store, lambda key: word(key, "zh"), purged=False)
        pages = {
            blind: environment()
            .get_template("case.html")
            .render(
                values
                | {"blind": blind, "evidence": evidence, "t": lambda key: word(key, "zh")}
                | {"language": "zh", "path": "/", "demonstration": False}
            )
            for blind in (False, True)
        }
    assert [trace in pages[False] for trace in ("officer", "等待复核", 'id="history"')] == [True, True, True]
    assert [trace in pages[True] for trace in ("officer", "等待复核", 'id="history"')] == [False, False, False]


class _Somebody:
    name, csrf, role = "another", "c", "reviewer"

    def may(self, right: str) -> bool:
        return True


def test_a_picture_that_is_none_has_no_drawing_and_harms_no_page(service):
    act = recorded_act(files=record(entry_jpg=b"GIF89a no picture", tracks_csv="x"))
    deliver(service, act)
    with service.sessions.reading() as session:
        case = repository.get(session, 1)
        shown = exhibits(session, case, act.message, service.store, lambda key: key, purged=False)
    assert set(shown.overlays) == {StillRole.BEFORE, StillRole.ADVANCED}
    assert shown.plan is None
    assert shown.record.problems == (
        "tracks.csv: expected the columns t_ms, track_id, kind, x_m, y_m, t_ms, track_id, kind, x_m, y_m is missing",
    )


def test_of_evidence_that_was_purged_nothing_is_read_and_nothing_holds(service):
    deliver(service, ACT)
    with service.sessions.reading() as session:
        case = repository.get(session, 1)
        shown = exhibits(session, case, ACT.message, service.store, lambda key: key, purged=True)
    assert (shown.proved.holds, shown.proved.contents, shown.overlays, shown.plan) == (False, {}, {}, None)


def test_a_manifest_that_another_key_sealed_opens_nothing(service):
    deliver(service, ACT)
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with service.sessions.reading() as session:
        event = repository.get(session, 1).event
        opened = open_manifest(session, event, event.chain, seal(ACT.message, "box-1", other))
    assert opened == "manifest.json: the signature is not that of 'box-1' for this body"
