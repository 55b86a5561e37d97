"""Two at once, on both databases: what one has begun and not yet committed, the other must neither miss nor undo."""

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from centre import KEY, NOW_MS, deliver, keep_file, make_act, take
from officers import FILLED, TO_HEARD, lead
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from contract.messages import PassageCount, PassageCounts
from contract.seal import seal
from contract.words import LampState, PassageVerdict, ReceiptOutcome, RoadUserKind
from server import statistics
from server.access import service as access
from server.access.service import Entrance, Moment
from server.access.sessions import Lengths
from server.access.tries import TRIES_MAX
from server.cases import repository
from server.cases.models import Event
from server.cases.service import Order
from server.db import unit_of_work
from server.decisions.service import decide
from server.decisions.settling import settle_paid
from server.errors import ConflictError, TooManyTriesError, WrongInputError
from server.ingest.intake import Intake
from server.ledger.balances import money_of
from server.ledger.book import LedgerEntry, broken_at
from server.ledger.case_account import ask_surcharge, basis_of
from server.ledger.lateness import LawOfPayment
from server.ledger.payments import take_epay
from server.lists import service as lists
from server.procedure.words import Act as Deed

Work = Callable[[Session], object]


def at_once(service, first: Work, second: Work) -> object:
    """Begin the first, let the second come before the first is committed; return what came of the second."""
    became: list[object] = []

    def come() -> None:
        try:
            with unit_of_work(service.sessions) as session:
                became.append(second(session))
        except Exception as error:
            became.append(error)

    follower = threading.Thread(target=come)
    with unit_of_work(service.sessions) as session:
        first(session)
        follower.start()
        follower.join(0.3)
    follower.join(60)
    assert not follower.is_alive()
    return became[0]


def act(service, deed: Deed, case_id: int = 1, **values) -> Work:
    def work(session: Session) -> object:
        case = repository.get(session, case_id)
        order = {"act": deed, "version": case.version, "actor": "officer", "at_ms": NOW_MS} | values
        return decide(session, case, Order(**order), service.house)

    return work


def publish(service, listing_id: str) -> Work:
    approval = lists.Approval(listing_id, "officer", "r", 7, NOW_MS)
    return lambda session: lists.publish(session, repository.get(session, 1), approval, service.store)


def heard(service, *case_ids: int) -> None:
    for case_id in case_ids:
        deliver(service, make_act(case_id))
        lead(service, TO_HEARD, case_id)


def test_two_fines_at_once_are_two_links_of_one_chain(service):
    heard(service, 1, 2)
    fines = [act(service, Deed.FINE, case_id, amount_fen=1000) for case_id in (1, 2)]
    assert not isinstance(at_once(service, *fines), Exception)
    with service.sessions.reading() as session:
        assert session.scalars(select(LedgerEntry.case_id).order_by(LedgerEntry.number)).all() == [1, 2]
        assert broken_at(session) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [(Deed.FINE, Deed.FINE), (Deed.FINE, Deed.REJECT), (Deed.WARN, Deed.EDUCATE), (Deed.REJECT, Deed.FINE)],
)
def test_of_two_officers_one_decides(service, first, second):
    heard(service, 1)
    found = at_once(service, *(act(service, deed, **FILLED[deed]) for deed in (first, second)))
    assert isinstance(found, ConflictError)
    with service.sessions.reading() as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == int(first is Deed.FINE)
        assert repository.get(session, 1).version == 7


def listed(service) -> list[str | None]:
    with service.sessions.reading() as session:
        return [line.withdrawn_because for line in lists.public_lines(session, NOW_MS)]


def test_what_is_revoked_while_it_is_being_listed_is_not_public_whichever_comes_first(service):
    heard(service, 1)
    lead(service, (Deed.WARN, Deed.SERVE))
    revoke = act(service, Deed.REVOKE, reason="wrong person")
    assert not isinstance(at_once(service, publish(service, "l1"), revoke), Exception)
    assert listed(service) == ["wrong person"]


def test_what_has_just_been_revoked_is_not_listed(service):
    heard(service, 1)
    lead(service, (Deed.WARN, Deed.SERVE))
    found = at_once(service, act(service, Deed.REVOKE, reason="wrong person"), publish(service, "l1"))
    assert isinstance(found, WrongInputError)
    assert listed(service) == []


def test_a_case_is_listed_once(service):
    heard(service, 1)
    lead(service, (Deed.WARN, Deed.SERVE))
    found = at_once(service, publish(service, "l1"), publish(service, "l2"))
    assert isinstance(found, WrongInputError)
    assert listed(service) == [None]


def test_tries_to_log_in_that_come_at_once_are_all_counted(service):
    entrance = Entrance(service.secrets_box, Lengths(60_000, 60_000))

    def guess(session: Session) -> object:
        return access.log_in(session, "officer", "a wrong password", entrance, Moment(NOW_MS))

    for _ in range(TRIES_MAX - 1):
        with unit_of_work(service.sessions) as session:
            guess(session)
    assert isinstance(at_once(service, guess, guess), TooManyTriesError)


def passages() -> bytes:
    words = {"user": RoadUserKind.PEDESTRIAN, "lamp_at_entry": LampState.GREEN, "verdict": PassageVerdict.LAWFUL}
    count = PassageCount(zone_id="n", count=4, **words)
    names = {"device_id": "box-1", "site_id": "s-1", "camera_id": "c-1", "sequence": 9}
    return seal(PassageCounts(**names, from_ms=1, to_ms=2, counts=(count,)), "box-1", KEY)


def taking(service, topic: str, payload: bytes) -> Work:
    return lambda session: Intake(session, False, NOW_MS, service.house.book).take(topic, payload)


def test_the_same_passages_at_two_workers_count_once(service):
    work = taking(service, "lukou/v1/s-1/c-1/passages", passages())
    assert at_once(service, work, work) is None
    with service.sessions.reading() as session:
        assert statistics.counts(session).passages == {"lawful": 4}


def test_the_same_event_at_two_workers_is_one_case_and_both_give_a_receipt(service):
    work = taking(service, "lukou/v1/s-1/c-1/violation", make_act().sealed())
    assert at_once(service, work, work).receipt.outcome is ReceiptOutcome.ACCEPTED
    with service.sessions.reading() as session:
        assert statistics.counts(session).cases == {"received": 1}


def test_refusals_at_two_workers_do_not_wait_for_each_other_for_ever(service):
    work = taking(service, "lukou/v1/s-1/c-1/violation", b"hello")
    assert at_once(service, work, work) is None
    with service.sessions.reading() as session:
        assert statistics.refused(session) == 2


def test_an_event_whose_last_two_files_come_at_once_is_complete(service):
    evidence = make_act()
    take(service, evidence.sealed())
    *before, one, other = evidence.files.values()
    for data in before:
        keep_file(service, data)
    together = threading.Barrier(2)

    def meet(_session: Session) -> None:
        with suppress(threading.BrokenBarrierError):  # whoever has to wait for the other's commit does not come
            together.wait(0.3)

    event.listen(service.sessions.writing, "before_commit", meet)
    workers = [threading.Thread(target=keep_file, args=(service, data)) for data in (one, other)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    with service.sessions.reading() as session:
        assert session.get(Event, str(evidence.message.event_id)).evidence_complete_at_ms == NOW_MS


def test_of_two_who_ask_for_the_same_surcharge_one_is_told_that_it_is_asked(service):
    heard(service, 1)
    lead(service, (Deed.FINE, Deed.SERVE))
    book = service.house.book
    law, late_ms = LawOfPayment(book.terms, book.limits, book.calendar), NOW_MS + 18 * 86_400_000

    def ask(session: Session) -> object:
        return ask_surcharge(session, basis_of(session, 1, "zhao", late_ms), law, 30, "late")

    assert isinstance(at_once(service, ask, ask), WrongInputError)
    with service.sessions.reading() as session:
        assert money_of(session, [1])[1].surcharge_owed_fen == 30


def test_a_payment_and_a_revocation_of_one_case_do_not_wait_for_each_other_for_ever(service):
    heard(service, 1)
    lead(service, (Deed.FINE, Deed.SERVE))

    revoke, became = act(service, Deed.REVOKE, reason="wrong person"), []

    def come() -> None:
        try:
            with unit_of_work(service.sessions) as session:
                revoke(session)
        except Exception as error:
            became.append(error)

    follower = threading.Thread(target=come)
    with unit_of_work(service.sessions) as session:
        take_epay(session, basis_of(session, 1, "payment service", NOW_MS), 1000, "t1")
        follower.start()
        follower.join(0.5)  # the revocation comes between the money and the settling
        settle_paid(session, [1], "payment service", NOW_MS, service.house)
    follower.join(60)
    assert len(became) <= 1
    assert all(isinstance(error, ConflictError) for error in became)
    with service.sessions.reading() as session:
        assert repository.get(session, 1).state == ("paid" if became else "revoked")


def test_many_officers_and_many_cases_leave_one_whole_chain(service):
    heard(service, *range(1, 9))
    together = threading.Barrier(8)

    def fine(case_id: int) -> None:
        together.wait()
        with unit_of_work(service.sessions) as session:
            act(service, Deed.FINE, case_id, amount_fen=1000)(session)

    officers = [threading.Thread(target=fine, args=(case_id,)) for case_id in range(1, 9)]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join(60)
    with service.sessions.reading() as session:
        assert sorted(session.scalars(select(LedgerEntry.case_id))) == list(range(1, 9))
        assert broken_at(session) is None
