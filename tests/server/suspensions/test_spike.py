"""A spike of rejections at a site: what is suspended and reopened, what is refused until when, and by whom."""

from dataclasses import replace
from threading import Thread

import pytest
from centre import NOW_MS, deliver, make_act
from officers import FIRST, TO_CONFIRMED, TO_HEARD, TO_IDENTIFIED, TO_SERVED, do, house_of, lead
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from contract.words import HandOffCause
from server import audit
from server.cases import repository
from server.cases.models import CaseAct
from server.db import unit_of_work
from server.decisions.errors import ObjectedError
from server.decisions.reopening import reopen_suspended
from server.decisions.service import reopen
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.hand_off import service as hand_off
from server.procedure.sampling import SpikeRule
from server.procedure.words import Act
from server.suspensions import repository as suspensions
from server.suspensions.service import lift, suspend_on_spike

ZHAO = "zhao"


@pytest.fixture
def strict(service):
    """A centre at which the third of six verdicts that speaks against the record suspends its site."""
    return replace(service, house=house_of(service.settings, SPIKE_VERDICTS=6, SPIKE_REJECTED_MAX=2))


def cases(service, count: int, first: int = 1) -> None:
    for number in range(first, first + count):
        deliver(service, make_act(number))


def state(service, case_id: int) -> str:
    with service.sessions.reading() as session:
        return repository.get(session, case_id).state


def suspended(service, site_id: str = "s-1") -> str | None:
    with service.sessions.reading() as session:
        return suspensions.why_suspended(session, site_id)


def lifted(service, reason: str = "the lamp was cleaned", officer: str = ZHAO) -> None:
    with unit_of_work(service.sessions) as session:
        lift(session, "s-1", officer, reason, NOW_MS + 1)


@pytest.mark.parametrize(
    ("story", "verdicts", "spike"),
    [
        ("three records of six are wrong", "R R R", True),
        ("two are", "R R", False),
        ("the three stand apart, and are still among the newest six", "R c c R c R", True),
        ("the first of them is too long ago", "R c c c R c R", False),
        ("the rider was helping somebody: that says nothing of the record", "A A A A", False),
        ("nobody doubts anything", "c c c c c c", False),
    ],
)
def test_what_suspends_a_site(strict, story, verdicts, spike):
    words = verdicts.split()
    cases(strict, len(words))
    for number, word in enumerate(words, 1):
        if word == "c":
            do(strict, Act.CONFIRM, number)
        else:
            do(strict, Act.REJECT, number, reason="unclear" if word == "R" else "avoidance")
    assert (suspended(strict) is not None) == spike


def test_two_rejections_of_one_record_are_one_wrong_record(strict):
    cases(strict, 2)
    for number in (1, 2):
        do(strict, Act.REJECT, number)
        do(strict, Act.REJECT, number)
    assert suspended(strict) is None


def spiked(strict) -> None:
    """Cases 1 to 5 as far as a case comes before it is decided, 6 to 8 rejected by one officer."""
    cases(strict, 9)
    for number, acts in enumerate(((Act.CONFIRM,), TO_CONFIRMED, TO_IDENTIFIED, TO_HEARD, TO_SERVED), 1):
        lead(strict, acts, number)
    for number in (6, 7, 8):
        do(strict, Act.REJECT, number, reason="signal_conflict")


def test_what_was_believed_is_reviewed_anew_by_the_act_of_whoever_tripped_it_and_what_was_decided_stands(strict):
    spiked(strict)
    assert [state(strict, number) for number in range(1, 6)] == ["received"] * 4 + ["served"]
    assert [state(strict, number) for number in (6, 7, 8, 9)] == ["second_review"] * 3 + ["received"]
    with strict.sessions.reading() as session:
        reopened = session.scalars(select(CaseAct).where(CaseAct.act == Act.REOPEN)).all()
        assert {(act.actor, act.reason) for act in reopened} == {(FIRST, suspended(strict))}
        (line,) = audit.newest(session, audit.Wanted(what="site.suspend"), None, 9)
        assert (line.who, line.case_id) == (FIRST, 8)
        assert "3 of 6 records rejected" in line.detail


def test_nothing_of_a_suspended_site_is_confirmed_and_its_boxes_accuse_nobody_until_a_supervisor_lifts_it(strict):
    spiked(strict)
    with pytest.raises(ObjectedError, match="suspended until a supervisor lifts it"):
        do(strict, Act.CONFIRM, 9)
    do(strict, Act.REJECT, 9, reason="unclear")
    with strict.sessions.reading() as session:
        assert hand_off.handed_off(session, "s-1", NOW_MS, NOW_MS) is HandOffCause.PAUSED
        assert suspensions.why_suspended(session, "s-2") is None
    lifted(strict)
    do(strict, Act.CONFIRM, 1)
    with strict.sessions.reading() as session:
        assert hand_off.handed_off(session, "s-1", NOW_MS + 2, NOW_MS + 2) is None


def test_after_a_lifting_the_count_begins_anew(strict):
    spiked(strict)
    lifted(strict)
    for number in (1, 2):
        do(strict, Act.REJECT, number)
    assert suspended(strict) is None
    do(strict, Act.REJECT, 3)
    assert suspended(strict) is not None


@pytest.mark.parametrize(
    ("story", "suspend", "reason", "error"),
    [
        ("a site that is not suspended", False, "the lamp was cleaned", NotFoundError),
        ("no reason", True, "  ", WrongInputError),
    ],
)
def test_what_is_not_lifted(strict, story, suspend, reason, error):
    if suspend:
        spiked(strict)
    with pytest.raises(error):
        lifted(strict, reason)


def test_many_cases_are_reopened_in_batches_by_the_reckoner_and_until_then_nobody_lifts(service):
    cases(service, 9)
    for number in range(1, 7):
        lead(service, TO_CONFIRMED, number)
    for number in (7, 8):
        do(service, Act.REJECT, number)
    done, rule = do(service, Act.REJECT, 9), SpikeRule(6, 2, frozenset({"unclear"}))
    with unit_of_work(service.sessions) as session:  # as if the site had a thousand, and one act reopened its part
        row = suspend_on_spike(session, done, "s-1", rule)
        assert reopen(session, row, service.house, NOW_MS, 2) == 2
    assert [state(service, number) for number in range(1, 7)] == ["received"] * 2 + ["confirmed"] * 4
    with pytest.raises(ObjectedError, match="suspended"):
        do(service, Act.IDENTIFY, 5)
    with pytest.raises(ConflictError, match="still being reopened"):
        lifted(service)
    assert [reopen_suspended(service.sessions, service.house, NOW_MS) for _ in range(2)] == [4, 0]
    assert {state(service, number) for number in range(1, 7)} == {"received"}
    lifted(service)


def test_two_officers_whose_rejections_come_at_once_suspend_it_once(strict):
    cases(strict, 6)
    do(strict, Act.REJECT, 1)
    do(strict, Act.REJECT, 2)
    threads = [
        Thread(target=do, args=(strict, Act.REJECT, number), kwargs={"actor": f"a-{number}"}) for number in (3, 4, 5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with strict.sessions.reading() as session:
        assert len(suspensions.standing(session)) == 1
    assert [state(strict, number) for number in (3, 4, 5)] == ["second_review"] * 3


@pytest.mark.parametrize("table", ["site_verdicts", "site_suspensions", "site_liftings"])
@pytest.mark.parametrize("change", ["UPDATE {} SET officer = 'x'", "DELETE FROM {}"])
def test_what_was_said_of_a_site_is_not_rewritten(strict, table, change):
    spiked(strict)
    lifted(strict)
    words = change.format(table).replace("officer", "actor") if table == "site_verdicts" else change.format(table)
    with pytest.raises(DatabaseError, match="appended only"), unit_of_work(strict.sessions) as session:
        session.execute(text(words))
