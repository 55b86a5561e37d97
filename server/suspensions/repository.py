"""All queries about suspended sites and the verdicts that are counted by site."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.cases.models import Case, CaseAct
from server.procedure.sampling import SpikeRule
from server.procedure.table import TABLE
from server.procedure.words import Act
from server.suspensions.models import Lifting, SiteVerdict, Suspension

VERDICTS_A_CASE_MAX: Final = 3
"""Two reviewers and the supervisor; a reopened case has more, and then counts for less."""
REOPENED_FROM: Final = tuple(step.before for step in TABLE if step.act is Act.REOPEN)
SHOWN_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Counted:
    """A verdict that was counted when a site was suspended. ``reason`` None: a confirmation."""

    case_id: int
    actor: str
    at_ms: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A suspension with what lifted it, None while it stands."""

    suspension: Suspension
    lifting: Lifting | None


def why_suspended(session: Session, site_id: str) -> str | None:
    """Return why a site is suspended, None where it is believed."""
    found = standing_at(session, site_id)
    return None if found is None else found.reason


def standing(session: Session) -> Sequence[Suspension]:
    """Return every suspension that stands, the newest first."""
    open_ones = select(Suspension).outerjoin(Lifting, Lifting.suspension_id == Suspension.id)
    return session.scalars(open_ones.where(Lifting.suspension_id.is_(None)).order_by(Suspension.id.desc())).all()


def told(session: Session, limit: int = SHOWN_MAX) -> Sequence[Told]:
    """Return the newest suspensions with what lifted them, the newest first."""
    rows = select(Suspension, Lifting).outerjoin(Lifting, Lifting.suspension_id == Suspension.id)
    return [Told(*row) for row in session.execute(rows.order_by(Suspension.id.desc()).limit(limit))]


def counted(session: Session, suspension: Suspension) -> Sequence[Counted]:
    """Return the verdicts that were counted when a site was suspended, the newest first; one a case."""
    within = SiteVerdict.act_id.between(suspension.first_act_id, suspension.act_id)
    rows = session.execute(
        select(SiteVerdict.case_id, SiteVerdict.actor, CaseAct.at_ms, SiteVerdict.reason)
        .join(CaseAct, CaseAct.id == SiteVerdict.act_id)
        .where(SiteVerdict.site_id == suspension.site_id, within)
        .order_by(SiteVerdict.act_id.desc())
        .limit(SHOWN_MAX)
    )
    newest: dict[int, Counted] = {}
    for row in rows:
        newest.setdefault(row.case_id, Counted(*row))
    return tuple(newest.values())


def waiting(session: Session, site_id: str, limit: int) -> Sequence[Case]:
    """Return cases of a site that were believed, or half so, and are to be reviewed anew; held until the unit ends.

    What a rejection was done to last is left as it is: nobody believes it. What another unit of work holds is passed
    over: its officer may wait for this site.
    """
    last = select(CaseAct.act).where(CaseAct.case_id == Case.id).order_by(CaseAct.id.desc()).limit(1).scalar_subquery()
    believed = select(Case).where(Case.site_id == site_id, Case.state.in_(REOPENED_FROM), last != Act.REJECT)
    held = believed.order_by(Case.id).limit(limit).with_for_update(skip_locked=True, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).all()


def standing_at(session: Session, site_id: str) -> Suspension | None:
    """Return the suspension that stands at a site, None where it is believed."""
    newest = select(Suspension, Lifting).outerjoin(Lifting, Lifting.suspension_id == Suspension.id)
    row = session.execute(
        newest.where(Suspension.site_id == site_id).order_by(Suspension.id.desc()).limit(1)
    ).one_or_none()
    return None if row is None or row[1] is not None else row[0]


def newest_verdicts(session: Session, site_id: str, rule: SpikeRule) -> Sequence[SiteVerdict]:
    """Return the newest verdict of each of the site's cases that were judged last, since it was lifted last."""
    since = session.scalar(
        select(Lifting.act_id)
        .join(Suspension, Suspension.id == Lifting.suspension_id)
        .where(Suspension.site_id == site_id)
        .order_by(Suspension.id.desc())
        .limit(1)
    )
    verdicts = select(SiteVerdict).where(SiteVerdict.site_id == site_id, SiteVerdict.act_id > (since or 0))
    newest: dict[int, SiteVerdict] = {}
    wanted = verdicts.order_by(SiteVerdict.act_id.desc()).limit(rule.verdicts * VERDICTS_A_CASE_MAX)
    for verdict in session.scalars(wanted):
        newest.setdefault(verdict.case_id, verdict)
    return list(newest.values())[: rule.verdicts]
