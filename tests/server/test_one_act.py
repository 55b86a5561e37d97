"""One act, two reports: one case at the centre, whatever the order, however often, and with two workers at once."""

import threading
from hashlib import sha256
from uuid import UUID

import pytest
from centre import KEY, NOW_MS, Act, deliver, log_in, make_act, take
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from officers import lead
from sqlalchemy import delete, select
from uploading import pages_of

from contract.words import ReceiptOutcome
from server import devices, statistics
from server.audit import AuditEntry
from server.cases import opening, repository
from server.cases.models import Case, Event, EventFile, FurtherReport
from server.cases.opening import Parting
from server.db import unit_of_work
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.procedure.words import Act as Deed

CAMERAS = {"c-1": ("box-1", "t" * 43), "c-2": ("box-3", "v" * 43)}


@pytest.fixture
def service(service):
    with unit_of_work(service.sessions) as session:
        devices.enrol(session, "box-3", "s-1", KEY.public_key(), "v" * 43, NOW_MS)
    return service


def seen(camera: str, place_m: tuple[float, float] = (0.0, 0.0), number: int = 1, late_ms: int = 0) -> Act:
    before = None if number == 1 else seen(camera, number=number - 1).files["manifest.json"]
    return make_act(
        number,
        previous_manifest_sha256=None if before is None else sha256(before).hexdigest(),
        event_id=UUID(int=number * 100 + int(camera[-1])),
        device_id=CAMERAS[camera][0],
        camera_id=camera,
        entered_at_m=place_m,
        entered_at_ms=NOW_MS - 60_000 + late_ms,
    )


def bring(service, act: Act):
    return take(service, act.sealed(key_id=act.message.device_id), f"lukou/v1/s-1/{act.message.camera_id}/violation")


def tally(service) -> tuple[int, int, int]:
    """Return how many events, cases and further reports there are."""
    with service.sessions.reading() as session:
        found = statistics.counts(session)
    return found.events, sum(found.cases.values()), found.further_reports


FIRST, SECOND = seen("c-1"), seen("c-2", (0.5, 0.4), late_ms=300)
ELSEWHERE = seen("c-2", (3.0, 0.0))


@pytest.mark.parametrize(
    ("story", "acts", "expected"),
    [
        ("one camera", [FIRST], (1, 1, 0)),
        ("both", [FIRST, SECOND], (2, 1, 1)),
        ("the other way round", [SECOND, FIRST], (2, 1, 1)),
        ("each twice", [FIRST, SECOND, SECOND, FIRST], (2, 1, 1)),
        ("three metres apart", [FIRST, ELSEWHERE], (2, 2, 0)),
    ],
)
def test_one_act_is_one_case_and_every_report_gets_its_receipt(service, story, acts, expected):
    answers = [bring(service, act) for act in acts]
    assert {answer.receipt.outcome for answer in answers} == {ReceiptOutcome.ACCEPTED}
    assert tally(service) == expected


@given(st.integers(-20, 20), st.integers(-20, 20), st.integers(-1500, 1500), st.booleans())
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_in_which_two_reports_arrive_does_not_matter(service, x_dm, y_dm, late_ms, same_camera):
    camera = "c-1" if same_camera else "c-2"
    pair = [FIRST, seen(camera, (x_dm / 10, y_dm / 10), number=2, late_ms=late_ms)]
    found = []
    for order in (pair, pair[::-1]):
        with unit_of_work(service.sessions) as session:
            for table in (FurtherReport, Case, EventFile, Event):
                session.execute(delete(table))
        for act in order:
            bring(service, act)
        found.append(tally(service))
    assert found[0] == found[1]


def test_two_workers_at_once_open_one_case(service):
    for number in range(1, 9):
        pair = [seen("c-1", (0, number * 10.0), number), seen("c-2", (0, number * 10.0), number)]
        together = threading.Barrier(2)

        def work(act: Act, together=together) -> None:
            together.wait()
            bring(service, act)

        workers = [threading.Thread(target=work, args=(act,)) for act in pair]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert tally(service) == (2 * number, number, number)


def part(service, because: str = "another coat", case_id: int = 1, event: UUID = SECOND.message.event_id):
    with unit_of_work(service.sessions) as session:
        return opening.part(session, case_id, str(event), Parting("officer", because, NOW_MS + 5), service.house.book)


def test_an_officer_parts_two_people_and_it_stays_so(service):
    for act in (FIRST, SECOND):
        bring(service, act)
    case = part(service)
    assert tally(service) == (2, 2, 0)
    with service.sessions.reading() as session:
        made = repository.get(session, case.id)
        assert (made.event_id, made.state, made.version) == (str(SECOND.message.event_id), "received", 1)
        row = session.get(FurtherReport, made.event_id)
        assert (row.parted_by, row.parted_because, row.parted_at_ms) == ("officer", "another coat", NOW_MS + 5)
        logged = session.scalars(select(AuditEntry).where(AuditEntry.what == "case.part")).one()
        assert (logged.who, logged.case_id) == ("officer", 1)
    bring(service, SECOND)
    assert tally(service) == (2, 2, 0)


@pytest.mark.parametrize(
    ("story", "values", "error"),
    [
        ("no reason", {"because": "  "}, WrongInputError),
        ("another case", {"case_id": 2}, NotFoundError),
        ("the case's own report", {"event": FIRST.message.event_id}, NotFoundError),
    ],
)
def test_parting_needs_a_further_report_and_a_reason(service, story, values, error):
    for act in (FIRST, SECOND):
        bring(service, act)
    with pytest.raises(error):
        part(service, **values)
    assert tally(service) == (2, 1, 1)


def test_nobody_parts_twice(service):
    for act in (FIRST, SECOND):
        bring(service, act)
    part(service)
    with pytest.raises(ConflictError):
        part(service)
    assert tally(service) == (2, 2, 0)


@pytest.fixture
def client(service):
    app = pages_of(service)
    with TestClient(app, follow_redirects=False) as made:
        log_in(made)
        yield made


REPORT = f"/console/cases/1/reports/{SECOND.message.event_id}"


def upload(client, act: Act) -> None:
    token = CAMERAS[act.message.camera_id][1]
    for data in act.files.values():
        path = f"/api/v1/evidence/{sha256(data).hexdigest()}"
        assert client.put(path, content=data, headers={"Authorization": f"Bearer {token}"}).status_code in {200, 201}


def test_the_case_page_shows_who_else_saw_it_and_an_officer_parts_them_there(client, service):
    deliver(service, FIRST)
    bring(service, SECOND)
    upload(client, SECOND)
    html = client.get("/console/cases/1").text
    assert "另有记录，摄像机 c-2" in html
    assert client.get(f"{REPORT}/evidence/entry.jpg").content == SECOND.files["entry.jpg"]
    assert client.get("/console/cases/1/reports/x/evidence/entry.jpg").status_code == 404
    csrf = html.split('name="csrf" value="')[1].split('"')[0]
    assert client.post(f"{REPORT}/part", data={"csrf": "x", "reason": "r"}).status_code == 403
    answer = client.post(f"{REPORT}/part", data={"csrf": csrf, "reason": "另一件外套"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/cases/2")
    assert client.get("/console/cases/2").status_code == 200
    assert "另一件外套" in client.get("/console/cases/1").text
    assert client.post(f"{REPORT}/part", data={"csrf": csrf, "reason": "r"}).status_code == 409


def test_a_report_that_comes_after_a_rejection_is_marked_and_in_the_queues_sight(client, service):
    deliver(service, FIRST)
    lead(service, (Deed.REJECT, Deed.REJECT), at_ms=NOW_MS - 1)
    assert 'id="late"' not in client.get("/console").text
    bring(service, SECOND)
    assert "结案后到达" in client.get("/console/cases/1").text
    assert 'href="/console/cases/1#further"' in client.get("/console").text
    part(service)
    assert 'id="late"' not in client.get("/console").text
