"""Suspending a site and lifting it. 行政处罚法 art. 41: what equipment records must be true, clear, whole and accurate.

A site of which too many of the newest verdicts say that its records are wrong is not believed: nothing of it is
confirmed or decided, its boxes are told to accuse nobody, and what was believed is looked at once more.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contract.words import HandOffCause
from server import audit
from server.cases.models import Case, CaseAct
from server.devices import claim_sites
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.hand_off import service as hand_off
from server.procedure.sampling import SpikeRule, is_spike
from server.procedure.words import Act
from server.suspensions.models import Lifting, SiteVerdict, Suspension
from server.suspensions.repository import newest_verdicts, standing_at, waiting


def note(session: Session, case: Case, done: CaseAct, seen_ms: int) -> None:
    """Keep a verdict by its site."""
    reason = done.reason if done.act == Act.REJECT else None
    said = {"actor": done.actor, "reason": reason, "seen_ms": seen_ms}
    session.add(SiteVerdict(act_id=done.id, site_id=case.site_id, case_id=case.id, **said))
    session.flush()


def suspend_on_spike(session: Session, done: CaseAct, site_id: str, rule: SpikeRule) -> Suspension | None:
    """Suspend the site if this rejection makes a spike; the officer whose act it was is the one who suspended it."""
    verdicts = newest_verdicts(session, site_id, rule)
    if standing_at(session, site_id) is not None or not is_spike([verdict.reason for verdict in verdicts], rule):
        return None
    claim_sites(session, {site_id})  # two officers' rejections at once suspend it once
    if standing_at(session, site_id) is not None:
        return None
    counted = newest_verdicts(session, site_id, rule)
    against = sum(verdict.reason in rule.reasons for verdict in counted)
    reason = f"近 {len(counted)} 次判断中 {against} 次因记录有误而消除 ({against} of {len(counted)} records rejected)"
    first = min(verdict.act_id for verdict in counted)
    row = Suspension(
        site_id=site_id, at_ms=done.at_ms, officer=done.actor, reason=reason, first_act_id=first, act_id=done.id
    )
    session.add(row)
    audit.record(session, done.at_ms, done.actor, "site.suspend", done.case_id, f"{site_id}: {reason}")
    until_ms = done.at_ms + hand_off.SPAN_MS_MAX[HandOffCause.PAUSED]
    paused = hand_off.Order(site_id, until_ms, done.actor, reason, done.at_ms, HandOffCause.PAUSED)
    hand_off.switch(session, paused)
    session.flush()
    return row


def lift(session: Session, site_id: str, officer: str, reason: str, at_ms: int) -> Suspension:
    """Believe a site again; the boxes' pause that came with the suspension ends as well.

    Raises:
        NotFoundError: the site is not suspended.
        WrongInputError: no reason is given.
        ConflictError: cases of the site still wait to be reopened, or somebody lifts it at once.
    """
    claim_sites(session, {site_id})
    standing = standing_at(session, site_id)
    if standing is None:
        raise NotFoundError(f"site {site_id[:64]!r} is not suspended")
    if not reason.strip():
        raise WrongInputError("a site is believed again for a reason: what was wrong, and who has put it right")
    if waiting(session, site_id, 1):
        raise ConflictError(f"cases of {site_id} are still being reopened: try again in some minutes")
    newest = session.scalar(select(func.max(SiteVerdict.act_id)).where(SiteVerdict.site_id == site_id))
    values = {"at_ms": at_ms, "officer": officer, "reason": reason, "act_id": newest or standing.act_id}
    session.add(Lifting(suspension_id=standing.id, **values))
    audit.record(session, at_ms, officer, "site.lift", detail=f"{site_id}: {reason}")
    word = hand_off.last(session, site_id)
    if word is not None and word.stands(at_ms) and word.cause == HandOffCause.PAUSED:
        hand_off.switch(session, hand_off.Order(site_id, None, officer, reason, at_ms))
    session.flush()
    return standing
