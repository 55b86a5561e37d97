"""All queries about what parties have sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, delete, exists, func, select
from sqlalchemy.orm import Session

from server.cases.models import CaseAct
from server.errors import NotFoundError
from server.own_page.models import OwnPageAnswer, OwnPageFile, OwnPageMessage, OwnPageUnanswered
from server.own_page.words import MessageKind
from server.parties.models import StatementAnswer
from server.procedure.words import Act

SHOWN: Final = 100
ANSWERS_OBJECTION: Final = (Act.UPHOLD, Act.DENY, Act.REJECT, Act.REVOKE)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message with what became of it: ``answered_at_ms`` None while nobody has answered."""

    message: OwnPageMessage
    files: Sequence[OwnPageFile]
    answered_at_ms: int | None
    outcome: str | None


def message(session: Session, message_id: int) -> OwnPageMessage:
    """Return a message. Raises NotFoundError."""
    found = session.get(OwnPageMessage, message_id)
    if found is None:
        raise NotFoundError(f"there is no message {message_id} from a party")
    return found


def message_at(session: Session, case_id: int, position: int) -> OwnPageMessage:
    """Return a message by its place in its case. Raises NotFoundError."""
    mine = (OwnPageMessage.case_id == case_id, OwnPageMessage.position == position)
    found = session.scalar(select(OwnPageMessage).where(*mine))
    if found is None:
        raise NotFoundError(f"this case has no message {position}")
    return found


def messages_of(session: Session, case_id: int) -> list[Sent]:
    """Return what came of a case's party, the oldest first."""
    rows = select(OwnPageMessage).where(OwnPageMessage.case_id == case_id).order_by(OwnPageMessage.position)
    return [sent(session, row) for row in session.scalars(rows.limit(SHOWN))]


def sent(session: Session, row: OwnPageMessage) -> Sent:
    """Return a message with its files and what became of it."""
    files = session.scalars(select(OwnPageFile).where(OwnPageFile.message_id == row.id).order_by(OwnPageFile.position))
    answer = answer_of(session, row)
    if answer is not None:
        return Sent(row, files.all(), answer.at_ms, answer.outcome)
    act = _act_on(session, row)
    return Sent(row, files.all(), None if act is None else act.at_ms, None if act is None else act.act)


def answer_of(session: Session, row: OwnPageMessage) -> OwnPageAnswer | StatementAnswer | None:
    """Return the answer in words; None while there is none."""
    if row.statement_id is not None:
        return session.get(StatementAnswer, row.statement_id)
    return session.get(OwnPageAnswer, row.id)


def file(session: Session, message_id: int, position: int) -> OwnPageFile:
    """Return a file of a message. Raises NotFoundError."""
    found = session.get(OwnPageFile, (message_id, position))
    if found is None:
        raise NotFoundError(f"message {message_id} has no file {position}")
    return found


def unanswered(session: Session, limit: int = SHOWN) -> Sequence[OwnPageMessage]:
    """Return the messages that wait, the oldest first. A decision on an objection answers it as well."""
    acted = exists().where(
        OwnPageMessage.kind == MessageKind.OBJECTION,
        CaseAct.case_id == OwnPageMessage.case_id,
        CaseAct.act.in_(ANSWERS_OBJECTION),
        CaseAct.at_ms >= OwnPageMessage.at_ms,
    )
    rows = (
        select(OwnPageMessage)
        .join(OwnPageUnanswered, OwnPageUnanswered.message_id == OwnPageMessage.id)
        .join(StatementAnswer, StatementAnswer.statement_id == OwnPageMessage.statement_id, isouter=True)
        .where(StatementAnswer.statement_id.is_(None), ~acted)
        .order_by(OwnPageUnanswered.at_ms, OwnPageUnanswered.message_id)
    )
    return session.scalars(rows.limit(limit)).all()


def take_out_answered(session: Session) -> None:
    """Take out of the queue what was answered on another page, with the party's statements."""
    answered = select(OwnPageMessage.id).join(
        StatementAnswer, StatementAnswer.statement_id == OwnPageMessage.statement_id
    )
    session.execute(delete(OwnPageUnanswered).where(OwnPageUnanswered.message_id.in_(answered)))


def last_position(session: Session, case_id: int) -> int:
    """Return how many messages a case has."""
    return session.scalar(select(func.max(OwnPageMessage.position)).where(OwnPageMessage.case_id == case_id)) or 0


def count_since(session: Session, case_id: int, since_ms: int) -> int:
    """Return how many messages of a case came after an instant."""
    newer = and_(OwnPageMessage.case_id == case_id, OwnPageMessage.at_ms > since_ms)
    return session.scalar(select(func.count()).where(newer)) or 0


def _act_on(session: Session, row: OwnPageMessage) -> CaseAct | None:
    if row.kind != MessageKind.OBJECTION:
        return None
    later = (CaseAct.case_id == row.case_id, CaseAct.at_ms >= row.at_ms, CaseAct.act.in_(ANSWERS_OBJECTION))
    return session.scalars(select(CaseAct).where(*later).order_by(CaseAct.id).limit(1)).first()
