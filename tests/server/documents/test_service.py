"""Documents on a real database: numbers without a gap, sealed data, the same bytes again."""

import threading
from dataclasses import replace
from hashlib import sha256

import pytest
from centre import NOW_MS
from papers import PARTY, SAID
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from server import sealed_values
from server.audit import AuditEntry
from server.db import unit_of_work
from server.documents.models import Document
from server.documents.service import issue, print_again
from server.documents.words import Kind
from server.errors import NotFoundError, WrongInputError
from server.parties.service import By

BY = By("officer", NOW_MS, "the party lost the letter")
NOTICE, PENALTY = SAID[Kind.NOTICE], SAID[Kind.PENALTY]


def numbers(service, kind: Kind) -> list[tuple[int, int]]:
    with service.sessions.reading() as session:
        rows = session.execute(
            select(Document.year, Document.serial).where(Document.kind == kind).order_by(Document.id)
        )
        return [tuple(row) for row in rows]


def test_numbers_count_by_kind_and_year_in_beijing(service, office):
    new_year_ms = 1_798_732_800_000  # 2027-01-01 00:00 in Beijing, still 2026 in UTC
    with unit_of_work(service.sessions) as session:
        first = issue(session, office, PENALTY, None, By("officer", new_year_ms - 1))
        for said in (PENALTY, NOTICE):
            issue(session, office, said, None, By("officer", new_year_ms))
        issue(session, replace(office, demonstration=False), PENALTY, None, By("officer", new_year_ms))
    assert numbers(service, Kind.PENALTY) == [(2026, 1), (2027, 1), (2027, 1)]
    assert numbers(service, Kind.NOTICE) == [(2027, 1)]
    assert first.document.number == "演示演示交简罚〔2026〕第000001号"


def test_a_number_that_was_not_kept_is_taken_again(service, office):
    with unit_of_work(service.sessions) as session:
        issue(session, office, NOTICE, None, BY)
    with service.sessions.writing() as session:
        assert issue(session, office, NOTICE, None, BY).document.serial == 2
        session.rollback()  # as a unit of work does when the officer's other work fails
    with pytest.raises(WrongInputError), unit_of_work(service.sessions) as session:
        issue(session, office, replace(NOTICE, party=PARTY), None, BY)
    with unit_of_work(service.sessions) as session:
        issue(session, office, NOTICE, None, BY)
    assert numbers(service, Kind.NOTICE) == [(2027, 1), (2027, 2)]


def test_many_at_once_leave_no_gap_and_no_number_twice(service, office):
    failed = []

    def one() -> None:
        try:
            for _ in range(3):
                with unit_of_work(service.sessions) as session:
                    issue(session, office, NOTICE, None, BY)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(numbers(service, Kind.NOTICE)) == [(2027, n) for n in range(1, 13)]


@pytest.mark.parametrize("kind", Kind)
def test_a_document_is_printed_again_byte_for_byte(service, office, kind):
    with unit_of_work(service.sessions) as session:
        issued = issue(session, office, SAID[kind], None, BY)
    with unit_of_work(service.sessions) as session:
        again = print_again(session, office, issued.document.id, BY)
        assert (again.pdf, again.differs) == (issued.pdf, "")
        assert again.document.sha256 == sha256(issued.pdf).hexdigest()
        told = session.scalars(select(AuditEntry.detail).where(AuditEntry.what == "document.open")).all()
    assert told == [f"{issued.document.number}: the party lost the letter"]


def test_printing_again_needs_a_reason_and_a_document_that_is_still_here(service, office):
    with unit_of_work(service.sessions) as session:
        issued = issue(session, office, PENALTY, None, BY)
        with pytest.raises(WrongInputError, match="opening a document needs a reason"):
            print_again(session, office, issued.document.id, By("officer", NOW_MS))
        with pytest.raises(NotFoundError, match="there is no document 77"):
            print_again(session, office, 77, BY)
        session.execute(text("DELETE FROM sealed_values"))
        session.expire_all()
        with pytest.raises(NotFoundError, match="its time was over"):
            print_again(session, office, issued.document.id, BY)


def test_what_was_changed_since_is_told(service, office):
    with unit_of_work(service.sessions) as session:
        document = issue(session, office, PENALTY, None, BY).document
        data = sealed_values.opened(session, office.box, document.data_name)
        changed = data.replace("壹拾元整".encode(), "伍拾元整".encode())
        assert changed != data
        sealed_values.keep(session, office.box, document.data_name, changed, None, NOW_MS)
        assert print_again(session, office, document.id, BY).differs == (
            "its data or its template were changed since it was issued"
        )


def test_the_register_is_appended_only_and_holds_nothing_personal(service, office):
    with unit_of_work(service.sessions) as session:
        issue(session, office, PENALTY, None, BY)
    for change in ("UPDATE documents SET serial = 2", "DELETE FROM documents"):
        with pytest.raises(DatabaseError, match="appended only"), unit_of_work(service.sessions) as session:
            session.execute(text(change))
    with service.sessions.reading() as session:
        rows = str([session.execute(text(f"SELECT * FROM {table}")).all() for table in ("documents", "audit_log")])  # noqa: S608
        sealed = bytes(session.scalars(text("SELECT sealed FROM sealed_values")).one())
    assert PARTY.name not in rows
    assert PARTY.name.encode() not in sealed
