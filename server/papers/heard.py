"""What is told of a party's being heard: the record, the sentence in a decision, the answer to an objection."""

from sqlalchemy.orm import Session

from server.cases.models import CaseAct
from server.civil_time import beijing
from server.documents.values import HearingRecord, ObjectionAnswer, Said
from server.errors import WrongInputError
from server.law.terms import TermKey
from server.papers import telling
from server.papers.citing import all_of, cited
from server.papers.gathering import Gathered
from server.papers.words import CAME_BY_WORDS, OUTCOME_WORDS
from server.parties import hearing
from server.parties import repository as parties
from server.parties.words import CameBy, Outcome, StatementKind
from server.procedure.words import Act, CaseState


def hearing_record(session: Session, of: Gathered) -> Said:
    """行政处罚法 arts 44 and 45: what the party said last, and what is answered so far."""
    said_at_ms, came_by, statement, outcome, answer = _said_last(session, of)
    return HearingRecord(
        party=telling.whole_person(of.identity),
        act=telling.act_told(of),
        said_at_ms=said_at_ms,
        came_by=came_by,
        statement=statement,
        outcome=outcome,
        answer=answer,
        officers=telling.officers(session, of, of.must(Act.HEAR).actor),
    )


def _said_last(session: Session, of: Gathered) -> tuple[int, str, str, str, str]:
    """Return when and how it came, what was said, what came of it, and the answer; what is not yet is empty."""
    said = parties.statements(session, of.party.id)
    if not said:
        if not of.case.demonstration:
            raise WrongInputError(f"{of.case.number}: no record can be made: nothing is kept of what the party said")
        return of.by.at_ms, CAME_BY_WORDS[CameBy.SPOKEN], "（演示：没有登记陈述、申辩。）", "", ""
    row, answer = said[-1]
    text, answered = hearing.open_statement(session, of.papers.office.box, row.id, of.by)
    outcome = "" if answer is None else OUTCOME_WORDS[Outcome(answer.outcome)]
    return row.at_ms, CAME_BY_WORDS[CameBy(row.came_by)], text, outcome, answered or ""


def objection_answer(session: Session, of: Gathered) -> Said:  # noqa: ARG001
    """程序规定 art. 5: upheld, the record is taken out; else the party is told."""
    objected, answered = of.must(Act.OBJECT), of.must(Act.UPHOLD, Act.DENY)
    upheld = answered.act == Act.UPHOLD
    term, taken_out = of.term(TermKey.OBJECTION_ANSWER), of.term(TermKey.DELETION)
    articles = [term.article, taken_out.article] if upheld else [term.article]
    return ObjectionAnswer(
        party=telling.masked_person(of.identity),
        act=telling.act_told(of),
        objected_at_ms=objected.at_ms,
        objection=objected.reason,
        upheld=upheld,
        reasons=answered.reason,
        effect=_effect(answered),
        source=cited(all_of(articles)),
        query=of.query,
    )


def _effect(answered: CaseAct) -> str:
    if answered.act == Act.DENY:
        return "案件继续办理，原告知和决定不变；期限照常计算。"
    if answered.to_state == CaseState.REVOKED:
        return "该违法信息已消除，已作出的决定同时撤销，另行通知。"
    return "该违法信息已消除，本案终结。"


def heard(session: Session, of: Gathered) -> str:
    """Return how the party was told and heard, as far as it is on record."""
    noticed = of.last(Act.NOTIFY)
    if noticed is None:
        return "未另发书面通知；当面告知事实、理由、依据和陈述、申辩权利的情况，由执法人员和当事人在下方签名确认。"
    day = beijing(noticed.at_ms)
    amount = "、拟罚款数额" if noticed.amount_fen else ""
    told = f"已于 {day:%Y} 年 {day.month} 月 {day.day} 日告知违法事实、理由、依据{amount}和陈述、申辩的权利；"
    said = parties.statements(session, of.party.id)
    if not said:
        return f"{told}当事人未提出陈述、申辩。"
    row, answer = said[-1]
    if row.kind == StatementKind.WAIVER:
        return f"{told}当事人表示放弃陈述、申辩。"
    came_of = "已充分听取" if answer is None else f"已充分听取并复核，{OUTCOME_WORDS[Outcome(answer.outcome)]}"
    return f"{told}当事人提出陈述、申辩，{came_of}。"
