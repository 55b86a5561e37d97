"""All queries about parties."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from server.cases.models import Case, Party
from server.errors import NotFoundError
from server.parties.models import PartyContact, PartyDigest, PartyStatement, ServiceConsent, StatementAnswer
from server.sealed_values import SealedValue


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """A case of the same person, with nothing of the person. Amounts in fen."""

    case_id: int
    number: str
    kind: str
    state: str
    sanction: str | None
    entered_at_ms: int


def get(session: Session, party_id: int) -> Party:
    """Return a party. Raises NotFoundError."""
    found = session.get(Party, party_id)
    if found is None:
        raise NotFoundError(f"there is no party {party_id}")
    return found


@dataclass(frozen=True, slots=True)
class Known:
    """Which of the things that the procedure asks for are kept of a party; nothing of what they say."""

    identity: bool = False
    contact_confirmed: bool = False
    statement: bool = False


def what_is_known(session: Session, party: Party | None) -> Known:
    """Return what is kept of a party."""
    if party is None:
        return Known()

    def there(query: Select[Any]) -> bool:
        return session.scalar(query.limit(1)) is not None

    confirmed = PartyContact.confirmed_at_ms.is_not(None)
    return Known(
        identity=there(select(SealedValue.of).where(SealedValue.of == f"{party.number}/identity")),
        contact_confirmed=there(select(PartyContact.id).where(PartyContact.party_id == party.id, confirmed)),
        statement=there(select(PartyStatement.id).where(PartyStatement.party_id == party.id)),
    )


def get_held(session: Session, party_id: int) -> Party:
    """Return a party; others that want it so wait until the unit of work ends. Raises NotFoundError."""
    found = session.scalar(select(Party).where(Party.id == party_id).with_for_update())
    if found is None:
        raise NotFoundError(f"there is no party {party_id}")
    return found


def cases_of_same_person(session: Session, digests: Sequence[str], but: int | None = None) -> list[EarlierCase]:
    """Return the cases whose party has this document number, the newest act first, without the case ``but``."""
    query = (
        select(Case)
        .join(Party, Party.case_id == Case.id)
        .join(PartyDigest, PartyDigest.party_id == Party.id)
        .where(PartyDigest.digest.in_(digests))
        .order_by(Case.entered_at_ms.desc(), Case.id.desc())
    )
    return [
        EarlierCase(case.id, case.number, case.kind, case.state, case.sanction, case.entered_at_ms)
        for case in session.scalars(query)
        if case.id != but
    ]


def digest_of(session: Session, party_id: int) -> str | None:
    """Return the digest of a party's document number; None without one."""
    found = session.get(PartyDigest, party_id)
    return found.digest if found is not None else None


def contact(session: Session, contact_id: int) -> PartyContact:
    """Return a contact. Raises NotFoundError."""
    found = session.get(PartyContact, contact_id)
    if found is None:
        raise NotFoundError(f"there is no contact {contact_id}")
    return found


def contacts(session: Session, party_id: int) -> Sequence[PartyContact]:
    """Return how a party can be reached, the oldest first."""
    return session.scalars(
        select(PartyContact).where(PartyContact.party_id == party_id).order_by(PartyContact.id)
    ).all()


def last_consent(session: Session, party_id: int) -> ServiceConsent | None:
    """Return the newest word of a party about electronic service."""
    query = select(ServiceConsent).where(ServiceConsent.party_id == party_id).order_by(ServiceConsent.id.desc())
    return session.scalars(query.limit(1)).first()


def statement(session: Session, statement_id: int) -> PartyStatement:
    """Return a statement. Raises NotFoundError."""
    found = session.get(PartyStatement, statement_id)
    if found is None:
        raise NotFoundError(f"there is no statement {statement_id}")
    return found


def statements(session: Session, party_id: int) -> Sequence[tuple[PartyStatement, StatementAnswer | None]]:
    """Return what a party said, the oldest first, each with its answer."""
    query = (
        select(PartyStatement, StatementAnswer)
        .join(StatementAnswer, StatementAnswer.statement_id == PartyStatement.id, isouter=True)
        .where(PartyStatement.party_id == party_id)
        .order_by(PartyStatement.id)
    )
    return [(said, answer) for said, answer in session.execute(query)]


def parties_of(session: Session, case_id: int) -> Sequence[Party]:
    """Return the parties of a case."""
    return session.scalars(select(Party).where(Party.case_id == case_id)).all()
