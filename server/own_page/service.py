"""Takes what a party sends, and what is answered. Every function works in the caller's unit of work."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from server import audit, sealed_values
from server.cases import repository as cases
from server.cases.models import Case, Party
from server.db import hold
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.evidence_store import EvidenceStore
from server.own_page import attachments, repository
from server.own_page.models import OwnPageAnswer, OwnPageFile, OwnPageMessage, OwnPageUnanswered
from server.own_page.problems import NotTakenError, Problem
from server.own_page.words import PARTY, MessageKind, taken
from server.parties import hearing, reaching
from server.parties.numbers import normal_phone
from server.parties.reaching import Contact
from server.parties.service import By, checked_reason
from server.parties.words import CameBy, Channel, Outcome, StatementKind
from server.procedure.words import CaseState
from server.secrets_box import SecretsBox

WORDS_MAX: Final = 4_000
DAY_MS: Final = 86_400_000
A_DAY_MAX: Final = 10
IN_ALL_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where what a party sends is kept."""

    box: SecretsBox
    store: EvidenceStore


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """What a party sends; printing it prints nothing of theirs."""

    kind: MessageKind
    words: str
    in_person: bool = False
    phone: str = ""
    files: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        """Return nothing that a log could keep."""
        return f"Message({self.kind}, hidden)"


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """A message in the clear, for whoever has a reason."""

    words: str
    phone: str
    answer: str

    def __repr__(self) -> str:
        """Return nothing that a log could keep."""
        return "Said(hidden)"


def take(session: Session, keeping: Keeping, case_id: int, sent: Message, at_ms: int) -> OwnPageMessage:
    """Keep what a party sends; from now on it waits for an answer.

    Raises NotTakenError with everything that is wrong in it, or for what is not taken in the case's state or today.
    """
    hold(session, f"own page of {case_id}")
    case = session.get_one(Case, case_id, with_for_update={"key_share": True})
    party = cases.party(session, case_id)
    if sent.kind not in taken(CaseState(case.state), party_known=party is not None):
        raise NotTakenError([Problem("closed")], 409)
    checked = _checked(sent)
    row = _row(session, case_id, checked, at_ms)
    _keep_words(session, keeping.box, row, (checked, party), at_ms)
    for position, data in enumerate(checked.files, 1):
        _keep_file(session, keeping, row, position, data)
    session.add(OwnPageUnanswered(message_id=row.id, at_ms=at_ms))
    audit.record(session, at_ms, PARTY, f"own_page.{sent.kind}", case_id, row.number)
    session.flush()
    if sent.kind is MessageKind.OBJECTION:
        on_objection(session, case, row)
    return row


def on_objection(session: Session, case: Case, row: OwnPageMessage) -> None:
    """Forward an objection on the day it comes (程序规定 art. 5): the one place that knows of every one.

    Here the procedure's act OBJECT is done in the party's name (actor "party", ``at_ms`` of the message), so that the
    five working days of the answer run from now. Until it is, the message itself waits with that clock on the page
    /console/from-parties, and the line in the log says so.
    """
    audit.record(session, row.at_ms, PARTY, "own_page.forwarded", case.id, f"{row.number}: to whoever answers it")


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


def _checked(sent: Message) -> Message:
    problems, words, phone = attachments.problems(sent.files), sent.words.strip(), sent.phone.strip()
    if not 1 <= len(words) <= WORDS_MAX:
        problems.append(Problem("words", str(len(words))))
    try:
        phone = normal_phone(phone) if phone else ""
    except WrongInputError:
        problems.append(Problem("phone"))
    if problems:
        raise NotTakenError(problems)
    return Message(sent.kind, words, sent.in_person, phone, sent.files)


def _row(session: Session, case_id: int, sent: Message, at_ms: int) -> OwnPageMessage:
    position = repository.last_position(session, case_id) + 1
    today = repository.count_since(session, case_id, at_ms - DAY_MS)
    if position > IN_ALL_MAX or today >= A_DAY_MAX:
        raise NotTakenError([Problem("many", str(A_DAY_MAX))], 429)
    return OwnPageMessage(case_id=case_id, position=position, kind=sent.kind, in_person=sent.in_person, at_ms=at_ms)


def _keep_words(
    session: Session, box: SecretsBox, row: OwnPageMessage, said: tuple[Message, Party | None], at_ms: int
) -> None:
    """Keep words and telephone: with the party where one is known, else with the message."""
    (sent, party), by = said, By(PARTY, at_ms)
    if party is not None and sent.phone:
        row.contact_id = reaching.add_contact(session, box, party.id, Contact(Channel.PHONE, sent.phone), by)
    if party is not None and sent.kind is not MessageKind.OBJECTION:
        kept = (StatementKind(sent.kind), CameBy.ONLINE, sent.words)
        row.statement_id = hearing.take_statement(session, box, party.id, kept, by)
    session.add(row)
    session.flush()
    if row.statement_id is None:
        sealed_values.keep(session, box, row.sealed("said"), sent.words.encode(), row.case_id, at_ms)
    if row.contact_id is None and sent.phone:
        sealed_values.keep(session, box, row.sealed("phone"), sent.phone.encode(), row.case_id, at_ms)


def _keep_file(session: Session, keeping: Keeping, row: OwnPageMessage, position: int, data: bytes) -> None:
    of, kind = row.sealed(f"file/{position}"), attachments.media_type(data) or ""
    key, sealed = attachments.seal(data, of)
    keeping.store.put(sealed)
    sealed_values.keep(session, keeping.box, of, key, row.case_id, row.at_ms)
    session.add(
        OwnPageFile(
            message_id=row.id,
            position=position,
            media_type=kind,
            size_bytes=len(data),
            sha256=attachments.digest(sealed),
        )
    )


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
