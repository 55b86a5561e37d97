"""A case with a history, as officers leave it: rows as the procedure writes them, a party, and money in the book."""

import json

from centre import NOW_MS, deliver, make_act
from sqlalchemy import select

from server import sealed_values
from server.cases import repository as cases
from server.cases.models import Case, CaseAct, Party
from server.civil_time import beijing_day
from server.db import unit_of_work
from server.documents.models import Document
from server.ledger import book
from server.ledger.postings import Basis as PostingBasis
from server.ledger.postings import assess
from server.papers.gathering import Papers
from server.parties.identity import Identity, read_identity
from server.parties.service import By, keep_identity
from server.procedure.words import Act, AgeBand, Basis, CaseState

DAY_MS = 86_400_000
CODE = "4F7K-9Q2M"
PUBLIC_URL = "https://lukou.example"
BY = By("officer", NOW_MS)
FORM = {
    "name": "测试当事人",
    "document_kind": "resident_id",
    "document_number": "11010519491231002X",
    "phone": "138 0000 0000",
    "address": "演示市示例区妫水北街 100 号院 2 号楼 3 单元 401 室",
}
S, A = CaseState, Act
PATH = {
    A.CONFIRM: (S.RECEIVED, S.CONFIRMED),
    A.IDENTIFY: (S.CONFIRMED, S.IDENTIFIED),
    A.NOTIFY: (S.IDENTIFIED, S.NOTIFIED),
    A.HEAR: (S.NOTIFIED, S.HEARD),
    A.FINE: (S.HEARD, S.DECIDED),
    A.WARN: (S.HEARD, S.DECIDED),
    A.EDUCATE: (S.HEARD, S.DECIDED),
    A.NO_PENALTY: (S.HEARD, S.DECIDED),
    A.APPROVE: (S.PROPOSED, S.DECIDED),
    A.SERVE: (S.DECIDED, S.SERVED),
    A.OBJECT: (S.NOTIFIED, S.OBJECTED),
    A.UPHOLD: (S.OBJECTED, S.REJECTED),
    A.DENY: (S.OBJECTED, S.NOTIFIED),
    A.MAINTAIN: (S.RECONSIDERATION, S.SERVED),
    A.REDUCE: (S.RECONSIDERATION, S.SERVED),
    A.ENFORCE: (S.SERVED, S.ENFORCEMENT),
    A.REVOKE: (S.DECIDED, S.REVOKED),
    A.ANNUL: (S.COURT, S.REVOKED),
}


def identity(**changes) -> Identity:
    return read_identity(FORM | changes, beijing_day(NOW_MS))


def papers_of(service) -> Papers:
    return Papers(service.office, service.house.book, PUBLIC_URL)


def said(service, document: Document) -> dict:
    """Return what a document says, opened from its seal."""
    with service.sessions.reading() as session:
        return json.loads(sealed_values.opened(session, service.secrets_box, document.data_name))["said"]


def identified_case(service, number: int = 1, *, age_band: AgeBand = AgeBand.ADULT, **changes) -> int:
    """Deliver an act and identify its party; who they are is not kept yet. Return the case's id."""
    deliver(service, make_act(number, **changes))
    with unit_of_work(service.sessions) as session:
        case = session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
        for act in (A.CONFIRM, A.IDENTIFY):
            done(session, case, act)
        values = {"basis": Basis.SHOWN_ON_SITE, "age_band": age_band, "identified_by": "officer"}
        session.add(Party(case_id=case.id, at_ms=NOW_MS, **values))
        return case.id


def known_case(service, number: int = 1, *, form=None, **changes) -> int:
    """The same, with the party's identity kept."""
    case_id = identified_case(service, number, **changes)
    with unit_of_work(service.sessions) as session:
        party = cases.party(session, case_id)
        keep_identity(session, service.secrets_box, party.id, identity(**(form or {})), BY)
    return case_id


def done(
    session, case: Case, act: Act, after: CaseState | None = None, before: CaseState | None = None, **given
) -> CaseAct:
    """Write an act into a case's history, and move the case on."""
    came, usual = PATH[act]
    state = after or usual
    values = {"actor": "officer", "at_ms": NOW_MS, "reason": "", "amount_fen": None} | given
    row = CaseAct(
        case_id=case.id, act=act, from_state=before or came, to_state=state, demonstration=case.demonstration, **values
    )
    session.add(row)
    case.state, case.version = state, case.version + 1
    session.flush()
    return row


def fined(session, case: Case, amount_fen: int = 1000, at_ms: int = NOW_MS) -> None:
    """Post a fine."""
    manifest = next(file.sha256 for file in case.event.files if file.name == "manifest.json")
    basis = PostingBasis(case.id, "officer", manifest, at_ms, case.demonstration)
    book.append(session, assess(basis, amount_fen))
