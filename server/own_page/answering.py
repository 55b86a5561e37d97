"""Opens what a party has sent, for a reason, and keeps what is answered. In the caller's unit of work."""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from server import audit, sealed_values
from server.db import hold
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.own_page import attachments, repository
from server.own_page.models import OwnPageAnswer, OwnPageMessage, OwnPageUnanswered
from server.own_page.service import WORDS_MAX, Keeping
from server.parties import hearing, reaching
from server.parties.service import By, checked_reason
from server.parties.words import Outcome
from server.secrets_box import SecretsBox


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """A message in the clear, for whoever has a reason."""

    words: str
    phone: str
    answer: str

    def __repr__(self) -> str:
        """Return nothing that a log could keep."""
        return "Said(hidden)"


def answer(session: Session, box: SecretsBox, message_id: int, answered: tuple[Outcome, str], by: By) -> None:
    """Keep an officer's answer, once; the party reads it on their page. Raises ConflictError, WrongInputError."""
    row = repository.message(session, message_id)
    hold(session, f"own page of {row.case_id}")
    if row.statement_id is not None:
        hearing.answer_statement(session, box, row.statement_id, answered, by)
    else:
        _keep_answer(session, box, row, answered, by)
    session.execute(delete(OwnPageUnanswered).where(OwnPageUnanswered.message_id == message_id))
    repository.take_out_answered(session)
    audit.record(session, by.at_ms, by.who, "own_page.answer", row.case_id, f"{row.number}: {answered[0]}")


def opened(session: Session, box: SecretsBox, message_id: int, by: By) -> Said:
    """Return a message in the clear; the reason is noted before anything opens. Raises NotFoundError."""
    row = repository.message(session, message_id)
    reason = checked_reason(by.reason, "opening what a party sent")
    audit.opened(session, by.at_ms, by.who, "own_page.open", row.case_id, f"{row.number}: {reason}")
    session.flush()
    if row.statement_id is not None:
        words, answered = hearing.open_statement(session, box, row.statement_id, by)
    else:
        words = sealed_values.opened(session, box, row.sealed("said")).decode()
        known = repository.answer_of(session, row) is not None
        answered = sealed_values.opened(session, box, row.sealed("answer")).decode() if known else None
    return Said(words, _phone(session, box, row, by), answered or "")


def open_file(session: Session, keeping: Keeping, message_id: int, position: int) -> tuple[bytes, str]:
    """Return a file that came with a message, and what it is. Raises NotFoundError, ConflictError."""
    row = repository.message(session, message_id)
    file = repository.file(session, message_id, position)
    of = row.sealed(f"file/{position}")
    return attachments.opened(session, keeping.box, keeping.store, of, file.sha256), file.media_type


def _keep_answer(session: Session, box: SecretsBox, row: OwnPageMessage, answered: tuple[Outcome, str], by: By) -> None:
    outcome, text = answered
    words = text.strip()
    if not 1 <= len(words) <= WORDS_MAX:
        raise WrongInputError(f"an answer: expected 1 to {WORDS_MAX} characters, found {len(words)}")
    if repository.answer_of(session, row) is not None:
        raise ConflictError(f"{row.number} is answered already")
    session.add(OwnPageAnswer(message_id=row.id, outcome=outcome, answered_by=by.who, at_ms=by.at_ms))
    sealed_values.keep(session, box, row.sealed("answer"), words.encode(), row.case_id, by.at_ms)


def _phone(session: Session, box: SecretsBox, row: OwnPageMessage, by: By) -> str:
    """Return the telephone that was left with it; empty for none, or one that was erased."""
    try:
        if row.contact_id is not None:
            return reaching.open_contact(session, box, row.contact_id, by).address
        return sealed_values.opened(session, box, row.sealed("phone")).decode()
    except NotFoundError:
        return ""
