"""The hand-off switch at the centre: who may set it, until when, and what follows from it."""

from datetime import datetime

import centre
import pytest
from centre import KEY, NOW_MS, deliver, make_act, take
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from uploading import pages_of

from contract.hand_off import HandOffHeld
from contract.seal import seal
from contract.words import HandOffCause
from server.audit import AuditEntry
from server.civil_time import BEIJING
from server.console.hand_off import end_ms
from server.db import unit_of_work
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.hand_off import service as hand_off
from server.hand_off.service import Order

HOUR_MS = 3_600_000


OFFICER, WORKS = HandOffCause.DIRECTED, HandOffCause.PAUSED


def switch(service, *, until_h: float | None = 1, at_h: float = 0, site_id="s-1", reason="高峰", cause=OFFICER):
    at_ms = NOW_MS + round(at_h * HOUR_MS)
    until_ms = None if until_h is None else NOW_MS + round(until_h * HOUR_MS)
    with unit_of_work(service.sessions) as session:
        return hand_off.message_of(hand_off.switch(session, Order(site_id, until_ms, "officer", reason, at_ms, cause)))


def test_each_word_has_a_higher_number_even_if_the_clock_goes_back_and_is_logged(service):
    words = [switch(service), switch(service, until_h=None, at_h=0.5), switch(service, at_h=-2, until_h=-1)]
    numbers = [word.sequence for word in words]
    assert numbers == sorted(set(numbers))
    assert [word.is_set for word in words] == [True, False, True]
    with service.sessions.reading() as session:
        logged = session.scalars(
            select(AuditEntry).where(AuditEntry.what.startswith("hand_off")).order_by(AuditEntry.id)
        ).all()
        assert [(entry.what, entry.who, entry.detail) for entry in logged] == [
            ("hand_off.set", "officer", "s-1: 高峰"),
            ("hand_off.release", "officer", "s-1: 高峰"),
            ("hand_off.set", "officer", "s-1: 高峰"),
        ]


@pytest.mark.parametrize(
    ("story", "values", "error"),
    [
        ("an unknown site", {"site_id": "s-9"}, NotFoundError),
        ("no reason", {"reason": " "}, WrongInputError),
        ("an end that is past", {"until_h": 0}, WrongInputError),
        ("an end in two days", {"until_h": 48}, WrongInputError),
        ("road works for six weeks", {"until_h": 42 * 24, "cause": WORKS}, WrongInputError),
        ("a release of what is not set", {"until_h": None}, ConflictError),
    ],
)
def test_what_is_refused(service, story, values, error):
    with pytest.raises(error):
        switch(service, **values)


def test_a_switch_that_has_ended_by_itself_cannot_be_released(service):
    switch(service, until_h=1)
    with pytest.raises(ConflictError):
        switch(service, until_h=None, at_h=2)


def test_accusations_are_paused_for_weeks_and_no_officers_word_ends_that(service):
    paused = switch(service, until_h=30 * 24, cause=WORKS)
    assert (paused.cause, paused.is_set) == (WORKS, True)
    with pytest.raises(ConflictError, match="paused already"):
        switch(service, until_h=2, at_h=1)
    longer = switch(service, until_h=31 * 24, at_h=1, cause=WORKS)
    assert longer.sequence > paused.sequence
    with service.sessions.reading() as session:
        assert hand_off.handed_off(session, "s-1", NOW_MS, NOW_MS + HOUR_MS) is WORKS
    assert not switch(service, until_h=None, at_h=3).is_set
    assert switch(service, until_h=5, at_h=4).cause is OFFICER
    with service.sessions.reading() as session:
        lines = select(AuditEntry.what).where(AuditEntry.what.startswith("hand_off")).order_by(AuditEntry.id)
        logged = session.scalars(lines).all()
        assert logged == ["hand_off.pause.set", "hand_off.pause.set", "hand_off.pause.release", "hand_off.set"]


@pytest.mark.parametrize("change", ["UPDATE hand_offs SET officer = 'x'", "DELETE FROM hand_offs"])
def test_the_database_keeps_every_word(service, change):
    switch(service)
    with service.sessions.writing() as session, pytest.raises(DatabaseError, match="appended only"):
        session.execute(text(change))


@pytest.mark.parametrize(
    ("story", "from_h", "to_h", "directed"),
    [
        ("before", -1.0, -0.1, False),
        ("as it was set", -0.1, 0.0, True),
        ("while set", 0.2, 0.3, True),
        ("after the release", 0.6, 0.9, False),
        ("across the release", 0.4, 0.9, True),
        ("in the second span", 2.1, 2.2, True),
        ("when the second had ended", 3.0, 4.0, False),
        ("across it all", -1.0, 5.0, True),
    ],
)
def test_an_act_is_asked_whether_an_officer_directed_then(service, story, from_h, to_h, directed):
    switch(service, until_h=1)
    switch(service, until_h=None, at_h=0.5)
    switch(service, until_h=3, at_h=2)
    span = (NOW_MS + round(from_h * HOUR_MS), NOW_MS + round(to_h * HOUR_MS))
    with service.sessions.reading() as session:
        assert bool(hand_off.handed_off(session, "s-1", *span)) == directed
        assert not hand_off.handed_off(session, "s-2", *span)


def at(day: int, hour: int, minute: int = 0) -> int:
    return round(datetime(2026, 11, day, hour, minute, tzinfo=BEIJING).timestamp() * 1000)


@pytest.mark.parametrize(
    ("clock", "now_ms", "end"),
    [
        ("", at(24, 8), at(25, 0)),
        ("17:30", at(24, 8), at(24, 17, 30)),
        ("07:00", at(24, 8), at(25, 7)),
        ("00:00", at(24, 23, 59), at(25, 0)),
    ],
)
def test_the_end_is_the_next_such_time_of_day_and_midnight_where_none_is_given(clock, now_ms, end):
    assert end_ms(clock, now_ms) == end


@pytest.mark.parametrize(
    ("clock", "day", "end"),
    [("17:30", "2026-11-30", at(30, 17, 30)), ("", "2026-11-26", at(27, 0)), ("", "2026-11-24", at(25, 0))],
)
def test_the_end_of_a_pause_is_on_a_day_and_its_midnight_where_no_time_is_given(clock, day, end):
    assert end_ms(clock, at(24, 8), day) == end


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "2026-02-30"])
def test_a_day_that_is_none_is_refused(day):
    with pytest.raises(WrongInputError, match="expected a day"):
        end_ms("", NOW_MS, day)


@pytest.mark.parametrize("clock", ["24:00", "7:30", "noon", "07:60", "١٢:٠٠"])
def test_a_time_of_day_that_is_none_is_refused(clock):
    with pytest.raises(WrongInputError, match="expected a time of day"):
        end_ms(clock, NOW_MS)


@pytest.fixture
def client(service):
    app = pages_of(service)
    with TestClient(app, follow_redirects=False) as made:
        yield made


PAGE = "/console/hand-off"


def log_in(client, name: str = "officer") -> str:
    centre.log_in(client, name)
    return client.get("/console").text.split('name="csrf" value="')[1].split('"')[0]


def held(service, sequence: int, said_at_ms: int = NOW_MS, site_id: str = "s-1") -> None:
    message = HandOffHeld(device_id="box-1", site_id=site_id, sequence=sequence, is_set=True, said_at_ms=said_at_ms)
    take(service, seal(message, "box-1", KEY), f"lukou/v1/{site_id}/hand-off/state")


def test_an_officer_sets_and_releases_it_and_sees_whether_the_box_knows(client, service):
    deliver(service, make_act())
    csrf = log_in(client)
    form = {"csrf": csrf, "reason": "早高峰，张警官", "until": ""}
    assert client.post(f"{PAGE}/s-1/set", data=form).status_code == 303
    html = client.get(PAGE).text
    assert 'data-site="s-1" data-set="yes"' in html
    assert 'data-site="s-2" data-set="no"' in html
    assert "早高峰，张警官" in html
    assert "路口一 s-1" in html
    assert "box-1: 设备尚未确认" in html
    with service.sessions.reading() as session:
        (word,) = hand_off.newest(session)
    held(service, word.sequence)
    held(service, 0, NOW_MS - 1)  # an older word that comes late
    assert "box-1: 设备已收到" in client.get(PAGE).text
    assert client.post(f"{PAGE}/s-1/release", data={"csrf": csrf, "reason": "结束"}).status_code == 303
    assert 'data-site="s-1" data-set="no"' in client.get(PAGE).text
    assert client.post(f"{PAGE}/s-1/release", data={"csrf": csrf, "reason": "结束"}).status_code == 409


@pytest.mark.parametrize(
    ("story", "who", "form", "status"),
    [
        ("an auditor", "auditor", {}, 403),
        ("another's token", "officer", {"csrf": "x"}, 403),
        ("no reason", "officer", {"reason": " "}, 422),
        ("a reason that is too long", "officer", {"reason": "r" * 201}, 422),
        ("a time that is none", "officer", {"until": "25:00"}, 422),
    ],
)
def test_who_and_what_is_refused_at_the_page(client, story, who, form, status):
    csrf = log_in(client, who)
    filled = {"csrf": csrf, "reason": "r", "until": ""} | form
    assert client.post(f"{PAGE}/s-1/set", data=filled).status_code == status
    assert client.post(f"{PAGE}/s-9/set", data=filled).status_code in {404, status}


def test_a_case_of_an_act_under_an_officers_direction_says_so(client, service):
    deliver(service, make_act())
    log_in(client)
    assert "交警正在现场指挥" not in client.get("/console/cases/1").text
    switch(service, at_h=-1, until_h=1)
    assert "交警正在现场指挥" in client.get("/console/cases/1").text
