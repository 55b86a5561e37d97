"""Parties on a real database: what lies there is sealed, every opening is noted, the same person is found again."""

import pytest
from centre import NOW_MS, deliver, make_act
from officers import TO_IDENTIFIED, lead
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from server.audit import AuditEntry
from server.cases.models import Party
from server.civil_time import beijing
from server.db import unit_of_work
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.parties import hearing, reaching, repository
from server.parties import service as parties
from server.parties.identity import read_identity
from server.parties.reaching import Contact, Signed
from server.parties.service import By
from server.parties.words import CameBy, Channel, Outcome, StatementKind
from server.secrets_box import SealBrokenError, SecretsBox

FORM = {"name": "测试当事人", "document_kind": "resident_id", "document_number": "11010519491231002X"}
BY = By("officer", NOW_MS, "preparing the notice")
SECRETS = ("测试当事人", "11010519491231002X", "13800000000", "绿灯")


def identity(**changes):
    return read_identity(FORM | changes, beijing(NOW_MS).date())


@pytest.fixture
def box(settings) -> SecretsBox:
    return SecretsBox(settings.secrets_keys)


@pytest.fixture
def two_parties(service) -> list[int]:
    """Two cases, each with an adult party."""
    for number in (1, 2):
        deliver(service, make_act(number))
        lead(service, TO_IDENTIFIED, number)
    with service.sessions.reading() as session:
        return list(session.scalars(select(Party.id).order_by(Party.case_id)))


def whole_database(service) -> str:
    with service.sessions.reading() as session:
        tables = (
            "sealed_values",
            "party_digests",
            "party_contacts",
            "party_statements",
            "statement_answers",
            "parties",
        )
        rows = [session.execute(text(f"SELECT * FROM {table}")).all() for table in (*tables, "audit_log")]  # noqa: S608
    return str([[bytes(v) if isinstance(v, memoryview) else v for v in row] for table in rows for row in table])


def test_nothing_personal_lies_open_in_the_database_or_the_log(service, two_parties, box):
    with unit_of_work(service.sessions) as session:
        parties.keep_identity(session, box, two_parties[0], identity(), BY)
        reaching.add_contact(session, box, two_parties[0], Contact(Channel.PHONE, "138 0000 0000"), BY)
        said = (StatementKind.DEFENCE, CameBy.SPOKEN, "进入时是绿灯。")
        number = hearing.take_statement(session, box, two_parties[0], said, BY)
        hearing.answer_statement(session, box, number, (Outcome.NOT_ACCEPTED, "录像显示已不是绿灯。"), BY)
    found = whole_database(service)
    assert "P-0000001" in found
    assert not [secret for secret in SECRETS if secret in found or secret.encode().hex() in found]


def test_an_opening_needs_a_reason_and_is_noted(service, two_parties, box):
    with unit_of_work(service.sessions) as session:
        parties.keep_identity(session, box, two_parties[0], identity(), BY)
        for reason in ("", "  x ", "party 11010519491231002X", "y" * 401):
            with pytest.raises(WrongInputError) as error:
                parties.open_identity(session, box, two_parties[0], By("officer", NOW_MS, reason))
            assert "11010519491231002X" not in str(error.value)
        assert parties.open_identity(session, box, two_parties[0], BY) == identity()
    with service.sessions.reading() as session:
        told = session.scalars(select(AuditEntry.detail).where(AuditEntry.what == "party.open.identity")).all()
    assert told == ["P-0000001: preparing the notice"]


def test_rows_cannot_be_swapped(service, two_parties, box):
    with unit_of_work(service.sessions) as session:
        for party_id in two_parties:
            parties.keep_identity(session, box, party_id, identity(), BY)
        session.execute(
            text(
                "UPDATE sealed_values SET sealed = (SELECT sealed FROM sealed_values WHERE of = 'P-0000002/identity')"
                " WHERE of = 'P-0000001/identity'"
            )
        )
        session.expire_all()
        with pytest.raises(SealBrokenError):
            parties.open_identity(session, box, two_parties[0], BY)


def test_the_same_person_is_found_again_without_opening_anything(service, two_parties, box):
    first, second = two_parties
    with unit_of_work(service.sessions) as session:
        parties.keep_identity(session, box, first, identity(), BY)
        assert parties.earlier_cases(session, first) == []
        assert parties.earlier_cases(session, second) == []
        parties.keep_identity(session, box, second, identity(name="又名", document_number="11010519491231002x"), BY)
        (earlier,) = parties.earlier_cases(session, second)
        assert (earlier.number, earlier.state) == ("LK-0000001", "identified")
        assert len(parties.cases_by_document(session, box, identity())) == 2
        with pytest.raises(WrongInputError, match="has none"):
            parties.cases_by_document(session, box, identity(document_kind="", document_number=""))
        parties.keep_identity(session, box, second, identity(document_number="440524199001010018"), BY)
        assert parties.earlier_cases(session, second) == []
        opened = session.scalars(select(AuditEntry.id).where(AuditEntry.what.startswith("party.open"))).all()
    assert opened == []


def test_a_date_of_birth_that_contradicts_the_case_is_refused(service, two_parties, box):
    child = read_identity({"name": "x", "date_of_birth": "2016-01-01"}, beijing(NOW_MS).date())
    with (
        unit_of_work(service.sessions) as session,
        pytest.raises(ConflictError, match="under_14 on the day of the act"),
    ):
        parties.keep_identity(session, box, two_parties[0], child, BY)


def test_a_correction_needs_a_reason(service, two_parties, box):
    with unit_of_work(service.sessions) as session:
        parties.keep_identity(session, box, two_parties[0], identity(), By("officer", NOW_MS))
        with pytest.raises(WrongInputError, match="correcting an identity needs a reason"):
            parties.keep_identity(session, box, two_parties[0], identity(), By("officer", NOW_MS))


def test_no_notice_without_a_confirmed_contact_and_none_electronic_without_consent(service, two_parties, box):
    party_id = two_parties[0]
    with unit_of_work(service.sessions) as session:
        added = {
            channel: reaching.add_contact(session, box, party_id, Contact(channel, address), BY)
            for channel, address in (
                (Channel.PHONE, "13800000000"),
                (Channel.POST, "示例区示例街 1 号"),
                (Channel.ELECTRONIC, "a@lukou.example"),
            )
        }
        assert reaching.may_be_served_by(session, party_id) == set()
        for contact_id in (added[Channel.PHONE], added[Channel.ELECTRONIC]):
            reaching.confirm_contact(session, contact_id, "called back on the number", BY)
        assert reaching.may_be_served_by(session, party_id) == {Channel.PHONE}
        reaching.record_consent(session, party_id, Signed("a" * 64, NOW_MS), BY)
        assert reaching.may_be_served_by(session, party_id) == {Channel.PHONE, Channel.ELECTRONIC}
        reaching.record_consent(session, party_id, Signed("b" * 64, NOW_MS), BY, given=False)
        assert reaching.may_be_served_by(session, party_id) == {Channel.PHONE}
        with pytest.raises(ConflictError, match="confirmed by officer already"):
            reaching.confirm_contact(session, added[Channel.PHONE], "again, the same way", BY)
        contact = reaching.open_contact(session, box, added[Channel.PHONE], BY)
    assert (repr(contact), contact.address) == ("Contact(phone, hidden)", "13800000000")


@pytest.mark.parametrize("signed", [Signed("A" * 64, NOW_MS), Signed("a" * 63, NOW_MS), Signed("a" * 64, NOW_MS + 1)])
def test_a_consent_without_its_paper_is_none(service, two_parties, signed):
    with unit_of_work(service.sessions) as session, pytest.raises(WrongInputError, match="consent"):
        reaching.record_consent(session, two_parties[0], signed, BY)


def test_a_statement_is_answered_once_and_nothing_of_it_can_be_changed(service, two_parties, box):
    with unit_of_work(service.sessions) as session:
        said = (StatementKind.STATEMENT, CameBy.ONLINE, "我不在现场。")
        number = hearing.take_statement(session, box, two_parties[0], said, BY)
        assert hearing.open_statement(session, box, number, BY) == ("我不在现场。", None)
        hearing.answer_statement(session, box, number, (Outcome.ACCEPTED, "经查属实。"), BY)
        assert hearing.open_statement(session, box, number, BY) == ("我不在现场。", "经查属实。")
        with pytest.raises(ConflictError, match="answered already"):
            hearing.answer_statement(session, box, number, (Outcome.ACCEPTED, "再答"), BY)
        with pytest.raises(WrongInputError, match="found 0"):
            hearing.take_statement(session, box, two_parties[0], (*said[:2], "  "), BY)
        ((row, answer),) = repository.statements(session, two_parties[0])
    assert (row.kind, answer.outcome) == ("statement", "accepted")
    for table in ("party_statements", "statement_answers"):
        for change in (f"UPDATE {table} SET at_ms = 1", f"DELETE FROM {table}"):  # noqa: S608
            with pytest.raises(DatabaseError, match="appended only"), unit_of_work(service.sessions) as session:
                session.execute(text(change))


def test_what_is_erased_is_gone_and_the_case_still_tells_what_was_done(service, two_parties, box):
    first, second = two_parties
    with unit_of_work(service.sessions) as session:
        for party_id in two_parties:
            parties.keep_identity(session, box, party_id, identity(), BY)
        reaching.add_contact(session, box, first, Contact(Channel.PHONE, "13800000000"), BY)
        case_id = repository.get(session, first).case_id
        assert parties.erase(session, case_id, By("service", NOW_MS, "retention: 1095 days")) == 2
    with unit_of_work(service.sessions) as session:
        with pytest.raises(NotFoundError, match="its time was over"):
            parties.open_identity(session, box, first, BY)
        assert parties.earlier_cases(session, second) == []
        assert repository.get(session, first).basis == "self_report"
        assert parties.open_identity(session, box, second, BY) == identity()


def test_keys_turn_over_without_losing_anything(service, two_parties, box):
    with unit_of_work(service.sessions) as session:
        for party_id in two_parties:
            parties.keep_identity(session, box, party_id, identity(), BY)
        reaching.add_contact(session, box, two_parties[0], Contact(Channel.PHONE, "13800000000"), BY)
    box.add_key()
    with unit_of_work(service.sessions) as session:
        assert len(parties.cases_by_document(session, box, identity())) == 2  # in between as well
        assert [parties.turn_keys_over(session, box) for _ in range(2)] == [3, 0]
    box.forget_all_but_newest()
    with unit_of_work(service.sessions) as session:
        assert parties.open_identity(session, box, two_parties[1], BY) == identity()
        assert len(parties.cases_by_document(session, box, identity())) == 2
        assert len(parties.earlier_cases(session, two_parties[0])) == 1
