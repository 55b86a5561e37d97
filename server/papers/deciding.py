"""What a decision says: fine, warning, education, with why it is mild."""

from typing import Final

from sqlalchemy.orm import Session

from server.cases.models import CaseAct
from server.documents.pieces import Cited
from server.documents.values import EducationRecord, NoPenaltyDecision, PenaltyDecision, Said, WarningDecision
from server.errors import WrongInputError
from server.law.limits import LimitKey
from server.law.reading import Leniency
from server.papers import telling
from server.papers.citing import all_of, cited
from server.papers.gathering import Gathered
from server.papers.heard import heard
from server.papers.proving import proof_of_fine
from server.procedure.words import Act, AgeBand

EDUCATED: Final = "已向当事人说明违法事实及其危害，讲解道路交通安全法律、法规；当事人已听取。"


def penalty(session: Session, of: Gathered) -> Said:
    """行政处罚法 art. 52: the decision on a fine, by the officer, or proposed by one and approved by another."""
    done, approval = of.must(Act.FINE), of.last(Act.APPROVE)
    approved = approval is not None and approval.id > done.id
    return PenaltyDecision(
        party=telling.whole_person(of.identity),
        act=telling.act_told(of),
        cited=telling.offence_cited(of),
        evidence=telling.evidence_told(of),
        amount_fen=_fined(of, done),
        payment=telling.payment_told(of),
        remedies=telling.remedies_told(of, on_the_spot=not approved),
        officers=telling.officers(
            session, of, done.actor, *([approval.actor] if approval and approved else []), signing=True
        ),
        decided_at=of.papers.office.authority.name,
        heard=heard(session, of),
        reduced=_reduced(of, done),
        query=of.query,
        proof=proof_of_fine(session, of),
    )


def warning(session: Session, of: Gathered) -> Said:
    """行政处罚法 art. 52, of a warning."""
    done = of.must(Act.WARN)
    why = _leniency(of, done)
    return WarningDecision(
        party=telling.whole_person(of.identity),
        act=telling.act_told(of),
        cited=telling.offence_cited(of, why.articles),
        evidence=telling.evidence_told(of),
        remedies=telling.remedies_told(of, on_the_spot=True),
        officers=telling.officers(session, of, done.actor, signing=True),
        decided_at=of.papers.office.authority.name,
        heard=heard(session, of),
        reason=f"{why.zh}。",
        query=of.query,
    )


def education(session: Session, of: Gathered) -> Said:
    """行政处罚法 art. 33: education in the place of a penalty."""
    done = of.must(Act.EDUCATE)
    why, told = _leniency(of, done), telling.offence_cited(of)
    young = of.party.age_band in {AgeBand.UNDER_14, AgeBand.MINOR_14_17}
    return EducationRecord(
        party=telling.whole_person(of.identity),
        act=telling.act_told(of),
        cited=Cited(told.broken, cited(why.articles), told.verified and why.verified),
        reason=f"{why.zh}。",
        told=EDUCATED,
        guardian="当事人未满十八周岁，由监护人在下方签名。" if young else "",
        officers=telling.officers(session, of, done.actor),
    )


def no_penalty(session: Session, of: Gathered) -> Said:
    """行政处罚法 arts 33 and 57: nothing is imposed, and the party is educated; under 14 the guardian is told (30)."""
    done = of.must(Act.NO_PENALTY)
    why, told = _leniency(of, done), telling.offence_cited(of)
    child = of.party.age_band == AgeBand.UNDER_14
    young = of.limit(LimitKey.FINED_FROM_AGE)
    basis = cited(all_of([why.articles, young.article])) if child else cited(why.articles)
    return NoPenaltyDecision(
        party=telling.whole_person(of.identity),
        act=telling.act_told(of),
        cited=Cited(told.broken, basis, told.verified and why.verified),
        evidence=telling.evidence_told(of),
        reason=f"{why.zh}。",
        told=EDUCATED,
        guardian="当事人不满十四周岁，责令监护人加以管教；由监护人签收。" if child else "",
        remedies=telling.remedies_told(of, on_the_spot=False),
        officers=telling.officers(session, of, done.actor),
        heard=heard(session, of),
        query=of.query,
    )


def _fined(of: Gathered, done: CaseAct) -> int:
    if done.amount_fen is None:
        raise WrongInputError(f"{of.case.number}: no decision can be printed: the fine has no amount")
    return done.amount_fen


def _reduced(of: Gathered, done: CaseAct) -> str:
    """Return why a fine is lighter than the table's; empty where it is not."""
    if done.amount_fen is None or done.amount_fen >= of.offence.fine_fen:
        return ""
    young = of.limit(LimitKey.ADULT_FROM_AGE)
    if of.party.age_band == AgeBand.MINOR_14_17:
        return f"当事人已满十四周岁不满十八周岁，依法从轻或者减轻处罚（{cited(young.article)}）。"
    return done.reason


def _leniency(of: Gathered, done: CaseAct) -> Leniency:
    found = of.papers.book.offences.leniency_reason(done.reason, done.act)
    if found is None:
        raise WrongInputError(f"{of.case.number}: {done.act}: its reason is none of the law's list (leniency)")
    return found
