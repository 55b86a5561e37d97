"""Gathers what the figures of reviewers' care are reckoned from: the newest verdicts of each, by an index."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from server.access.models import User
from server.access.rights import TABLE, Right, Role
from server.care.figures import Care, Later, Share, Verdict, care
from server.cases.house import House
from server.cases.models import CaseAct
from server.known_answers.models import KnownVerdict
from server.known_answers.service import KEPT_UP_MS
from server.law.limits import LimitKey
from server.procedure.words import Act, CaseState
from server.suspensions.models import SiteVerdict

WINDOW: Final = 500
"""The newest verdicts that are looked at: how somebody works now, and a bounded query."""
REVIEWERS_MAX: Final = 200


def reviewers(session: Session) -> Sequence[str]:
    """Return who gives verdicts here, by name."""
    roles = [role for role in Role if role in TABLE[Right.CONFIRM]]
    named = select(User.name).where(User.role.in_(roles), User.active).order_by(User.name).limit(REVIEWERS_MAX)
    return session.scalars(named).all()


def care_of(session: Session, reviewer: str, house: House, now_ms: int) -> Care:
    """Return one reviewer's figures."""
    least = house.limit(LimitKey.CARE_FIGURE_MIN, now_ms)
    verdicts = _verdicts(session, reviewer)
    later = _later(session, [verdict.case_id for verdict in verdicts])
    return care(reviewer, _known(session, reviewer, now_ms), verdicts, later, least)


def _known(session: Session, reviewer: str, now_ms: int) -> Share:
    """Count the known answers, but for those of the last days: a figure that moves at once would tell which it was."""
    counted = select(func.count(), func.coalesce(func.sum(cast(KnownVerdict.right, Integer)), 0))
    of, right = session.execute(
        counted.where(KnownVerdict.reviewer == reviewer, KnownVerdict.at_ms < now_ms - KEPT_UP_MS)
    ).one()
    return Share(int(right), int(of))


def _verdicts(session: Session, reviewer: str) -> list[Verdict]:
    rows = session.execute(
        select(SiteVerdict.act_id, SiteVerdict.case_id, CaseAct.from_state, CaseAct.to_state, SiteVerdict.seen_ms)
        .join(CaseAct, CaseAct.id == SiteVerdict.act_id)
        .where(SiteVerdict.actor == reviewer)
        .order_by(SiteVerdict.act_id.desc())
        .limit(WINDOW)
    )
    return [Verdict(row[0], row[1], CaseState(row[2]), CaseState(row[3]), row[4]) for row in rows]


def _later(session: Session, case_ids: Sequence[int]) -> dict[int, list[Later]]:
    found: dict[int, list[Later]] = defaultdict(list)
    for done in session.scalars(select(CaseAct).where(CaseAct.case_id.in_(case_ids)).order_by(CaseAct.id)):
        states = CaseState(done.from_state), CaseState(done.to_state)
        found[done.case_id].append(Later(done.id, Act(done.act), *states))
    return found
