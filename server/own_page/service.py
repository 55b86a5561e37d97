"""Takes what a party sends, in the caller's unit of work. How it is opened and answered: answering.py."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from server import audit, sealed_values
from server.cases import repository as cases
from server.cases.house import House
from server.cases.models import Case, Party
from server.cases.service import Order
from server.db import hold
from server.decisions.errors import ObjectedError
from server.decisions.service import decide
from server.errors import ConflictError, WrongInputError
from server.evidence_store import EvidenceStore
from server.own_page import attachments, repository
from server.own_page.models import OwnPageFile, OwnPageMessage, OwnPageUnanswered
from server.own_page.problems import NotTakenError, Problem
from server.own_page.words import PARTY, MessageKind, taken
from server.parties import hearing, reaching
from server.parties.numbers import normal_phone
from server.parties.reaching import Contact
from server.parties.service import By
from server.parties.words import CameBy, Channel, StatementKind
from server.procedure.words import Act, CaseState
from server.secrets_box import SecretsBox

WORDS_MAX: Final = 4_000
DAY_MS: Final = 86_400_000
A_DAY_MAX: Final = 10
IN_ALL_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where what a party sends is kept, and the law by which it is taken."""

    box: SecretsBox
    store: EvidenceStore
    house: House


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


def take(session: Session, keeping: Keeping, case_id: int, sent: Message, at_ms: int) -> OwnPageMessage:
    """Keep what a party sends; from now on it waits for an answer.

    Raises NotTakenError with everything that is wrong in it, or for what is not taken in the case's state or today.
    """
    hold(session, f"own page of {case_id}")
    case = cases.get(session, case_id)
    session.refresh(case, with_for_update={"key_share": True})  # nobody acts on it meanwhile
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
        on_objection(session, keeping.house, case, row)
    return row


def on_objection(session: Session, house: House, case: Case, row: OwnPageMessage) -> None:
    """Forward an objection as it comes (程序规定 art. 5): the party's own act, whose answer's clock runs from now.

    One that comes while another is checked, or that the procedure refuses, waits as a message alone: the log says so.
    """
    reason = f"当事人自助查询页 {row.number}"
    try:
        decide(session, case, Order(Act.OBJECT, case.version, PARTY, row.at_ms, reason), house)
    except (ConflictError, ObjectedError) as error:
        audit.record(session, row.at_ms, PARTY, "own_page.not_forwarded", case.id, f"{row.number}: {error}")


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
