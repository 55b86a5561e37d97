"""Acts as a form does them: what is confirmed is proved, what is decided is printed, what is served has a proof."""

from dataclasses import replace

import pytest
from casework import papers_of
from centre import NOW_MS, deliver, make_act
from officers import FILLED, FIRST, SECOND, make_reachable
from sqlalchemy import select

from server.cases import repository
from server.cases.service import Order
from server.casework import service as casework
from server.casework.service import Work
from server.db import unit_of_work
from server.documents.models import Document
from server.documents.words import Kind
from server.errors import ConflictError, PartAwayError, WrongInputError
from server.ledger.models import LedgerEntry
from server.papers import serving
from server.papers.register import last_of
from server.papers.serving import Attempt
from server.papers.words import Came, ServedBy
from server.parties.service import By
from server.procedure.words import Act, CaseState

A = Act
TO_HEARD = (A.CONFIRM, A.CONFIRM, A.IDENTIFY, A.NOTIFY, A.HEAR)
DAY_MS = 86_400_000


def work_of(service) -> Work:
    return Work(service.house, service.store, papers_of(service) if service.office else None)


def do(service, *acts: Act, **given) -> None:
    for act in acts:
        with unit_of_work(service.sessions) as session:
            case = repository.get(session, 1)
            second = act is A.CONFIRM and case.state == CaseState.SECOND_REVIEW
            if act is A.NOTIFY:
                make_reachable(session, service, 1)
            values = {"version": case.version, "actor": SECOND if second else FIRST, "at_ms": NOW_MS}
            order = Order(act=act, **values | FILLED.get(act, {}) | given)
            casework.prove(session, work_of(service), case, act)
            casework.do(session, work_of(service), case, order, "7KQM-2XWD-9HPC")


def issued(service) -> list[str]:
    with service.sessions.reading() as session:
        return list(session.scalars(select(Document.kind).order_by(Document.id)))


def note_service(service, came: Came, channel: ServedBy = ServedBy.HANDED_OVER, at_ms: int = NOW_MS) -> None:
    with unit_of_work(service.sessions) as session:
        document = last_of(session, 1, (Kind.PENALTY, Kind.WARNING))
        attempt = Attempt(channel, came, at_ms, "receipt signed at the counter")
        serving.note(session, 1, document.id, attempt, By("officer", at_ms))


def test_each_act_leaves_its_document_and_a_revocation_withdraws_them(service):
    deliver(service, make_act())
    do(service, *TO_HEARD, A.FINE)
    assert issued(service) == ["notice", "hearing", "penalty"]
    do(service, A.REVOKE, reason="it was another rider")
    assert issued(service)[-1] == "revocation"


def test_a_decision_is_served_with_a_proof_alone(service):
    deliver(service, make_act())
    do(service, *TO_HEARD, A.FINE)
    with pytest.raises(WrongInputError, match="nothing proves that the decision was served"):
        do(service, A.SERVE)
    note_service(service, Came.RECEIVED)
    do(service, A.SERVE)


def test_an_education_is_told_as_it_is_given(service):
    deliver(service, make_act())
    do(service, *TO_HEARD, A.EDUCATE, A.SERVE)
    assert issued(service)[-1] == "education"


def test_what_cannot_be_printed_is_not_decided(service):
    deliver(service, make_act())
    do(service, *TO_HEARD)
    without_font = replace(service, office=None)
    with pytest.raises(PartAwayError, match="lukou assets pull"):
        do(without_font, A.FINE)
    with service.sessions.reading() as session:
        assert repository.get(session, 1).state == "heard"
        assert session.scalars(select(LedgerEntry)).all() == []


def test_evidence_that_was_changed_since_it_came_is_not_confirmed_but_can_be_deleted(service):
    act = make_act()
    deliver(service, act)
    with service.sessions.reading() as session:
        file = next(f for f in repository.get(session, 1).event.files if f.name == "entry.jpg")
    path = next(service.settings.data_dir.rglob(f"*{file.sha256}*"))
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ConflictError):
        do(service, A.CONFIRM)
    do(service, A.REJECT)


def test_an_objection_of_somebody_nobody_knows_can_be_answered(service):
    deliver(service, make_act())
    do(service, A.CONFIRM, A.CONFIRM)
    do(service, A.OBJECT, reason="own page: M-0000001")
    do(service, A.UPHOLD, reason="the lamp had failed")
    assert issued(service) == []
