"""Holds and purges on a real database and store: noted before anything is deleted, and nothing needed is deleted."""

import time
from hashlib import sha256

import pytest
from casework import done, known_case
from centre import NOW_MS, deliver, make_act
from officers import lead
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from server.audit import AuditEntry
from server.cases import repository as cases
from server.cases.models import Case
from server.db import unit_of_work
from server.errors import ConflictError, NotFoundError, PartAwayError, WrongInputError
from server.law.periods import Fate
from server.parties.models import PartyDigest
from server.procedure.words import Act
from server.retention import repository
from server.retention import service as retention
from server.retention.policy import DAY_MS
from server.retention.sweeper import sweeper
from server.sealed_values import SealedValue


@pytest.fixture
def rejected(service):
    """One case, delivered whole and rejected."""
    act = make_act()
    deliver(service, act)
    lead(service, (Act.REJECT, Act.REJECT), case_id(service))
    return act


def sweep(service, days: float):
    return retention.sweep(service.sessions, service.store, service.retention, round(NOW_MS + days * DAY_MS))


def here(service, act) -> set[str]:
    return {name for name, data in act.files.items() if service.store.has(sha256(data).hexdigest())}


def case_id(service) -> int:
    with service.sessions.reading() as session:
        return session.scalars(select(Case.id)).one()


def test_evidence_of_a_rejected_case_is_gone_after_its_time_and_the_note_stays(service, rejected):
    assert (sweep(service, 29).events, here(service, rejected)) == (0, set(rejected.files))
    swept = sweep(service, 30)
    assert (swept.events, swept.files, here(service, rejected)) == (1, len(rejected.files), set())
    assert (sweep(service, 31).events, sweep(service, 31).files) == (0, 0)
    with service.sessions.reading() as session:
        (purge,) = repository.purges(session)
        told = session.scalars(select(AuditEntry.detail).where(AuditEntry.what == "evidence.purge")).all()
    assert (purge.fate, purge.days, purge.files) == ("rejected", 30, len(rejected.files))
    assert told == [f"{purge.event_id}: rejected, 30 days"]


def test_what_would_be_purged_can_be_asked_before(service, rejected):
    for days, due in ((29, 0), (30, 1)):
        with service.sessions.reading() as session:
            counted = retention.count_due(session, service.retention, round(NOW_MS + days * DAY_MS))
        assert counted[Fate.REJECTED] == due
        assert sum(counted.values()) == due


def test_the_centre_sweeps_by_itself_and_outlives_a_store_that_is_away(service, rejected):
    later = NOW_MS + 30 * DAY_MS
    away = Mute()
    sweeping = sweeper(service.sessions, away, service.retention, lambda: later, every_s=0.05)
    sweeping.start()
    try:
        assert until(lambda: away.asked >= 2)
    finally:
        sweeping.stop()
    assert here(service, rejected) == set(rejected.files)
    sweeping = sweeper(service.sessions, service.store, service.retention, lambda: later, every_s=0.05)
    sweeping.start()
    try:
        assert until(lambda: here(service, rejected) == set())
    finally:
        sweeping.stop()


class Mute:
    """A store that does not answer."""

    def __init__(self) -> None:
        self.asked = 0

    def delete(self, digest: str) -> None:
        self.asked += 1
        raise PartAwayError(digest)


def until(holds, seconds: float = 20.0) -> bool:
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        if holds():
            return True
        time.sleep(0.02)
    return False


def test_nothing_of_a_case_under_a_hold_is_purged_until_it_is_released(service, rejected):
    number = case_id(service)
    with unit_of_work(service.sessions) as session:
        retention.set_hold(session, number, "officer", "court file 12", NOW_MS)
    assert (sweep(service, 900).events, here(service, rejected)) == (0, set(rejected.files))
    with unit_of_work(service.sessions) as session:
        retention.release_hold(session, number, "officer", "judgement is final", NOW_MS + DAY_MS)
    assert sweep(service, 900).events == 1


def test_a_hold_needs_a_case_a_reason_and_no_other_hold(service, rejected):
    number = case_id(service)
    with service.sessions.writing() as session:
        with pytest.raises(WrongInputError):
            retention.set_hold(session, number, "officer", " ", NOW_MS)
        with pytest.raises(NotFoundError):
            retention.set_hold(session, number + 1, "officer", "x", NOW_MS)
        with pytest.raises(NotFoundError):
            retention.release_hold(session, number, "officer", "x", NOW_MS)
        retention.set_hold(session, number, "officer", "x", NOW_MS)
        with pytest.raises(ConflictError):
            retention.set_hold(session, number, "officer", "x", NOW_MS)


class DiesError(Exception):
    """The process ends here."""


class DyingStore:
    """A store whose process dies at the second deletion."""

    def __init__(self, store) -> None:
        self.store, self.deletions = store, 0

    def delete(self, digest: str) -> None:
        self.deletions += 1
        if self.deletions > 1:
            raise DiesError
        self.store.delete(digest)


def test_a_crash_between_the_note_and_the_deletion_is_made_good_by_the_next_sweep(service, rejected):
    with pytest.raises(DiesError):
        retention.sweep(service.sessions, DyingStore(service.store), service.retention, NOW_MS + 30 * DAY_MS)
    assert len(here(service, rejected)) == len(rejected.files) - 1
    swept = sweep(service, 30)
    assert (swept.events, here(service, rejected)) == (0, set())


def test_a_picture_that_another_case_needs_stays(service, rejected):
    other = make_act(2, entered_at_ms=NOW_MS - 30_000, confirmed_at_ms=NOW_MS - 29_000)
    deliver(service, other)
    shared = {name for name in rejected.files if other.files.get(name) == rejected.files[name]}
    assert shared
    assert sweep(service, 30).events == 1
    assert here(service, rejected) == shared
    assert here(service, other) == set(other.files)


def test_the_database_refuses_to_change_the_note_of_a_purge(service, rejected):
    sweep(service, 30)
    for statement in ("UPDATE purges SET files = 0", "DELETE FROM purges"):
        with service.sessions.writing() as session, pytest.raises(DatabaseError, match="appended only"):
            session.execute(text(statement))


def test_what_names_somebody_is_erased_with_the_case_s_evidence(service):
    case_id = known_case(service)
    with unit_of_work(service.sessions) as session:
        done(session, cases.get(session, case_id), Act.REVOKE, at_ms=NOW_MS, reason="wrong")
    kept = SealedValue.case_id == case_id
    for days, left in ((1094, 1), (1095, 0)):
        sweep(service, days)
        with service.sessions.reading() as session:
            assert session.scalar(select(func.count()).where(kept)) == left
    with service.sessions.reading() as session:
        told = session.scalars(select(AuditEntry.detail).where(AuditEntry.what == "party.erase")).all()
        assert session.scalars(select(PartyDigest)).all() == []
        assert cases.party(session, case_id) is not None  # a number, how, and the age band: no name
    assert told == ["1 sealed values: its time is over: revoked, 1095 days"]


def test_a_hold_keeps_the_names_as_well(service):
    case_id = known_case(service)
    with unit_of_work(service.sessions) as session:
        done(session, cases.get(session, case_id), Act.REVOKE, at_ms=NOW_MS, reason="wrong")
        retention.set_hold(session, case_id, "officer", "a claim for damages", NOW_MS)
    sweep(service, 2000)
    with service.sessions.reading() as session:
        assert session.scalar(select(func.count()).where(SealedValue.case_id == case_id)) == 1
