"""What is told when a fine is enforced: the demand; when its days are over, the application (行政强制法 53 to 55)."""

from datetime import date
from typing import NoReturn

from sqlalchemy.orm import Session

from server.civil_time import beijing_day
from server.documents.after_decision import Demand, EnforcementApplication
from server.documents.models import Document
from server.documents.pieces import Cited
from server.documents.values import Said
from server.documents.words import Kind
from server.errors import ConflictError
from server.law.limits import LimitKey
from server.ledger.balances import money_of
from server.ledger.case_money import CaseMoney
from server.papers import register, serving, telling
from server.papers.citing import cited
from server.papers.gathering import Gathered
from server.papers.heard import heard
from server.papers.proving import proof_of_fine
from server.procedure.words import Act


def demand(session: Session, of: Gathered) -> Said:
    """Return the demand. Raises ConflictError where there is no decision on a fine, or nothing is owed."""
    decision, money, wait = _decision(session, of), _owed(session, of), of.limit(LimitKey.DEMAND_WAIT)
    return Demand(
        party=telling.whole_person(of.identity),
        act=telling.act_told(of),
        number=decision.number,
        decided_on=beijing_day(decision.issued_at_ms),
        served_on=_served_on(of),
        fine_owed_fen=money.fine_owed_fen,
        surcharge_owed_fen=money.surcharge_owed_fen,
        owed_fen=money.owed_fen,
        wait_days=wait.value,
        cited=Cited("", cited(wait.article), wait.verified),
        payment=telling.payment_told(of),
        officers=telling.officers(session, of, of.by.who, signing=True),
        query=of.query,
        proof=proof_of_fine(session, of),
    )


def application(session: Session, of: Gathered) -> Said:
    """Return the application. Raises ConflictError where no demand was served, or its days are not over."""
    done, decision, money = of.must(Act.ENFORCE), _decision(session, of), _owed(session, of)
    asked, served_on = _demanded(session, of)
    wait, offence = of.limit(LimitKey.DEMAND_WAIT), telling.offence_cited(of)
    return EnforcementApplication(
        party=telling.whole_person(of.identity),
        act=telling.act_told(of),
        number=decision.number,
        decided_on=beijing_day(decision.issued_at_ms),
        served_on=_served_on(of),
        heard=heard(session, of),
        fine_owed_fen=money.fine_owed_fen,
        surcharge_owed_fen=money.surcharge_owed_fen,
        owed_fen=money.owed_fen,
        demand_number=asked.number,
        demand_served_on=served_on,
        cited=Cited(offence.broken, cited(wait.article), offence.verified and wait.verified),
        officers=telling.officers(session, of, done.actor, signing=True),
        proof=proof_of_fine(session, of),
    )


def _demanded(session: Session, of: Gathered) -> tuple[Document, date]:
    """Return the demand and the day of its service; its days must be over."""
    asked = register.last_of(session, of.case.id, (Kind.DEMAND,))
    if asked is None:
        _refused(of, "no demand was issued (page 文书, 催告书)", "尚未出具催告书（文书页）")
    row = serving.served(serving.services_of(session, [asked.id])[asked.id])
    if row is None:
        _refused(of, f"nothing proves that {asked.number} was served", f"没有 {asked.number} 的送达证明")
    served_on, days = beijing_day(row.at_ms), of.limit(LimitKey.DEMAND_WAIT).value
    due = of.papers.book.calendar.add_working_days(served_on, days).day
    if beijing_day(of.by.at_ms) <= due:
        _refused(
            of,
            f"{asked.number} was served on {served_on}, its last day is {due}",
            f"{asked.number} 于 {served_on} 送达，期限至 {due}",
        )
    return asked, served_on


def _decision(session: Session, of: Gathered) -> Document:
    found = register.last_of(session, of.case.id, (Kind.PENALTY,))
    if found is None:
        _refused(of, "no decision on a fine was issued", "没有出具过罚款决定书")
    return found


def _served_on(of: Gathered) -> date:
    return beijing_day(of.must(Act.SERVE).at_ms)


def _owed(session: Session, of: Gathered) -> CaseMoney:
    money = money_of(session, [of.case.id])[of.case.id]
    if not money.owed_fen:
        _refused(of, "nothing is owed", "没有欠款")
    return money


def _refused(of: Gathered, why: str, chinese: str) -> NoReturn:
    raise ConflictError(
        f"{of.case.number}: nothing can be enforced: {why} (行政强制法 arts. 53, 54)",
        f"{of.case.number}：不能强制执行：{chinese}（行政强制法 53、54）",
    )
