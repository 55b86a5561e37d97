"""How documents are served, as an officer notes it: what is kept, what is refused and why, and what serves."""

from dataclasses import replace

import pytest
from casework import BY, CODE, DAY_MS, done, fined, known_case, papers_of
from centre import NOW_MS
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from server.cases import repository as cases
from server.db import unit_of_work
from server.errors import NotFoundError
from server.papers import serving
from server.papers.service import issue_for
from server.papers.serving import Attempt, NotKeptError
from server.papers.words import POSSIBLE, SERVES, Came, ServedBy
from server.parties import reaching
from server.parties.reaching import Contact, Signed
from server.parties.words import Channel
from server.procedure.words import Act

W, C = ServedBy, Came
LATER = replace(BY, at_ms=NOW_MS + DAY_MS)
RECEIPT = "回证 0001，本人签收"


@pytest.fixture
def case_id(service) -> int:
    """A case with a notice (document 1) and a decision (document 2)."""
    made = known_case(service)
    with unit_of_work(service.sessions) as session:
        case = cases.get(session, made)
        for act in (Act.NOTIFY, Act.FINE):
            done(session, case, act, amount_fen=1000)
            if act is Act.FINE:
                fined(session, case)
            issue_for(session, papers_of(service), case, act, BY, CODE)
    return made


def note(service, case_id: int, channel, outcome, document_id: int = 2, **given):
    attempt = Attempt(channel, outcome, given.get("at_ms", NOW_MS + 1000), given.get("proof", RECEIPT))
    with unit_of_work(service.sessions) as session:
        return serving.note(session, case_id, document_id, attempt, LATER)


def reachable(service, case_id: int, channel: Channel, address: str) -> None:
    with unit_of_work(service.sessions) as session:
        party = cases.party(session, case_id)
        contact = reaching.add_contact(session, service.secrets_box, party.id, Contact(channel, address), BY)
        reaching.confirm_contact(session, contact, "called back", BY)


def consent(service, case_id: int, *, given: bool = True) -> None:
    with unit_of_work(service.sessions) as session:
        party = cases.party(session, case_id)
        reaching.record_consent(session, party.id, Signed("a" * 64, NOW_MS), BY, given=given)


def proof_of_service(service, case_id: int):
    with service.sessions.reading() as session:
        return serving.proof_of_service(session, case_id)


@pytest.mark.parametrize(
    ("channel", "outcome", "serves"),
    [
        (W.HANDED_OVER, C.RECEIVED, True),
        (W.HANDED_OVER, C.REFUSED, True),
        (W.POST, C.SENT, False),
        (W.POST, C.RECEIVED, True),
        (W.POST, C.RETURNED, False),
        (W.ELECTRONIC, C.RECEIVED, True),
    ],
)
def test_what_serves_a_decision(service, case_id, channel, outcome, serves):
    reachable(service, case_id, Channel.POST, "演示市示例区妫水北街 100 号")
    reachable(service, case_id, Channel.ELECTRONIC, "party@example.org")
    consent(service, case_id)
    note(service, case_id, channel, outcome)
    found = proof_of_service(service, case_id)
    assert (found is not None) == serves
    if serves:
        assert (found.at_ms, found.proof, found.recorded_by) == (NOW_MS + 1000, RECEIPT, "officer")


def test_the_notice_being_served_does_not_serve_the_decision(service, case_id):
    note(service, case_id, W.HANDED_OVER, C.RECEIVED, document_id=1)
    assert proof_of_service(service, case_id) is None


@pytest.mark.parametrize(
    ("channel", "outcome", "given", "keys"),
    [
        (W.HANDED_OVER, C.RETURNED, {}, {"outcome"}),
        (W.HANDED_OVER, C.RECEIVED, {"proof": "  "}, {"proof"}),
        (W.HANDED_OVER, C.RECEIVED, {"proof": "11010519491231002X"}, {"proof"}),
        (W.HANDED_OVER, C.RECEIVED, {"at_ms": NOW_MS - DAY_MS}, {"time"}),
        (W.HANDED_OVER, C.RECEIVED, {"at_ms": NOW_MS + 2 * DAY_MS}, {"time"}),
        (W.POST, C.SENT, {}, {"contact"}),
        (W.ELECTRONIC, C.SENT, {}, {"consent"}),
        (W.PHONE, C.SENT, {}, {"phone", "contact"}),
        (W.ANNOUNCED, C.ANNOUNCED, {}, {"untried"}),
        (W.ANNOUNCED, C.RECEIVED, {"proof": "x"}, {"outcome", "proof", "untried"}),
    ],
)
def test_what_cannot_have_been_is_not_kept_and_every_reason_is_told(service, case_id, channel, outcome, given, keys):
    with pytest.raises(NotKeptError, match="演示交简罚") as error:
        note(service, case_id, channel, outcome, **given)
    assert {refusal.key for refusal in error.value.refusals} == keys
    assert "11010519491231002X" not in str(error.value)


def test_a_consent_that_is_taken_back_ends_electronic_service(service, case_id):
    reachable(service, case_id, Channel.ELECTRONIC, "party@example.org")
    consent(service, case_id)
    note(service, case_id, W.ELECTRONIC, C.SENT)
    consent(service, case_id, given=False)
    with pytest.raises(NotKeptError, match="signed consent in force"):
        note(service, case_id, W.ELECTRONIC, C.SENT)


def test_a_decision_is_announced_after_it_came_back_and_serves_nothing_by_itself(service, case_id):
    reachable(service, case_id, Channel.POST, "演示市示例区妫水北街 100 号")
    note(service, case_id, W.POST, C.RETURNED)
    note(service, case_id, W.ANNOUNCED, C.ANNOUNCED, proof="公告 2027 年第 3 号")
    assert proof_of_service(service, case_id) is None
    with service.sessions.reading() as session:
        assert serving.announcement(session, case_id).proof == "公告 2027 年第 3 号"
    note(service, case_id, W.HANDED_OVER, C.RECEIVED)
    with pytest.raises(NotKeptError, match="served already"):
        note(service, case_id, W.ANNOUNCED, C.ANNOUNCED)


def test_another_case_s_document_is_not_found(service, case_id):
    other = known_case(service, 2)
    with pytest.raises(NotFoundError, match=f"case {other} has no document 2"):
        note(service, other, W.HANDED_OVER, C.RECEIVED)


def test_what_was_noted_cannot_be_changed(service, case_id):
    note(service, case_id, W.HANDED_OVER, C.RECEIVED)
    for change in ("UPDATE document_services SET outcome = 'returned'", "DELETE FROM document_services"):
        with pytest.raises(DatabaseError, match="appended only"), unit_of_work(service.sessions) as session:
            session.execute(text(change))


def test_every_way_has_an_outcome_and_every_outcome_that_serves_has_a_way():
    assert set(POSSIBLE) == set(ServedBy)
    assert {outcome for outcomes in POSSIBLE.values() for outcome in outcomes} >= SERVES
