"""What a party says and what the officer answers: appended, the words under seal (行政处罚法 arts. 44, 45)."""

from typing import Final

from sqlalchemy.orm import Session

from server import audit, sealed_values
from server.errors import ConflictError, WrongInputError
from server.parties import repository
from server.parties.models import PartyStatement, StatementAnswer
from server.parties.service import By, checked_reason
from server.parties.words import CameBy, Outcome, StatementKind
from server.secrets_box import SecretsBox

LONGEST: Final = 20_000


def take_statement(
    session: Session, box: SecretsBox, party_id: int, said: tuple[StatementKind, CameBy, str], by: By
) -> int:
    """Keep what a party said: kind, how it came, the words. Returns its id. Raises NotFoundError, WrongInputError."""
    kind, came_by, text = said
    party = repository.get_held(session, party_id)
    words = _checked(text, "a statement")
    row = PartyStatement(party_id=party_id, kind=kind, came_by=came_by, taken_by=by.who, at_ms=by.at_ms)
    session.add(row)
    session.flush()
    sealed_values.keep(session, box, _said(party.number, row.id), words.encode(), party.case_id, by.at_ms)
    audit.record(session, by.at_ms, by.who, f"party.{kind}", party.case_id, f"{party.number}: statement {row.id}")
    return row.id


def answer_statement(session: Session, box: SecretsBox, statement_id: int, answer: tuple[Outcome, str], by: By) -> None:
    """Keep the officer's answer, once. Raises NotFoundError, WrongInputError, ConflictError."""
    outcome, text = answer
    row = repository.statement(session, statement_id)
    party = repository.get_held(session, row.party_id)
    words = _checked(text, "an answer")
    if session.get(StatementAnswer, statement_id) is not None:
        raise ConflictError(f"statement {statement_id} of {party.number} is answered already")
    session.add(StatementAnswer(statement_id=statement_id, outcome=outcome, answered_by=by.who, at_ms=by.at_ms))
    session.flush()
    of = _answered(party.number, statement_id)
    sealed_values.keep(session, box, of, words.encode(), party.case_id, by.at_ms)
    audit.record(session, by.at_ms, by.who, "party.answer", party.case_id, f"{party.number}: {outcome}")


def open_statement(session: Session, box: SecretsBox, statement_id: int, by: By) -> tuple[str, str | None]:
    """Return what was said and, if there is one, the answer; the reason is noted. Raises NotFoundError."""
    row = repository.statement(session, statement_id)
    party = repository.get(session, row.party_id)
    reason = checked_reason(by.reason, "opening personal data")
    audit.record(session, by.at_ms, by.who, "party.open.statement", party.case_id, f"{party.number}: {reason}")
    session.flush()
    said = sealed_values.opened(session, box, _said(party.number, row.id)).decode()
    if session.get(StatementAnswer, statement_id) is None:
        return said, None
    return said, sealed_values.opened(session, box, _answered(party.number, statement_id)).decode()


def _checked(text: str, what: str) -> str:
    words = text.strip()
    if not 0 < len(words) <= LONGEST:
        raise WrongInputError(f"{what}: expected 1 to {LONGEST} characters, found {len(words)}")
    return words


def _said(number: str, statement_id: int) -> str:
    return f"{number}/statement/{statement_id}"


def _answered(number: str, statement_id: int) -> str:
    return f"{number}/answer/{statement_id}"
