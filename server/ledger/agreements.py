"""Grants deferral and instalments, and tells what is due. The caller checks who may; the unit of work commits."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.civil_time import beijing
from server.db import hold
from server.errors import WrongInputError
from server.ledger.balances import money_of
from server.ledger.instalments import PARTS_MAX, Due, agreement_problems
from server.ledger.models import AgreementDue, PaymentAgreement
from server.ledger.refusals import Refusal, refused


def grant(session: Session, case_id: int, dues: Sequence[Due], granted_by: str, reason: str, at_ms: int) -> int:
    """Grant an agreement over all that a case owes; it stands in the place of an earlier one. Returns its number.

    Raises WrongInputError with every problem.
    """
    hold(session, "ledger")
    owed_fen = money_of(session, [case_id])[case_id].owed_fen
    problems = agreement_problems(dues, owed_fen, beijing(at_ms).date())
    problems += [
        f"{name}: expected who and why" for name, said in (("granted_by", granted_by), ("reason", reason)) if not said
    ]
    if problems:
        raise WrongInputError(
            *refused(Refusal.NO_AGREEMENT, case=case_id, problems="; ".join(problems), owed=owed_fen, most=PARTS_MAX)
        )
    made = PaymentAgreement(case_id=case_id, total_fen=owed_fen, granted_by=granted_by, reason=reason, at_ms=at_ms)
    session.add(made)
    session.flush()
    session.add_all(AgreementDue(agreement_id=made.id, due_on=d.due_on, amount_fen=d.amount_fen) for d in dues)
    session.flush()
    return made.id


@dataclass(frozen=True, slots=True)
class Granted:
    """An agreement's moment (ms since the Unix epoch) and its last day."""

    at_ms: int
    last_on: date


def newest(session: Session, case_id: int) -> Granted | None:
    """Return the agreement of a case that stands."""
    of_case = select(PaymentAgreement).where(PaymentAgreement.case_id == case_id)
    found = session.scalars(of_case.order_by(PaymentAgreement.id.desc()).limit(1)).first()
    if found is None:
        return None
    last = session.scalar(select(func.max(AgreementDue.due_on)).where(AgreementDue.agreement_id == found.id))
    return None if last is None else Granted(found.at_ms, last)


def in_force(session: Session, case_ids: Sequence[int]) -> dict[int, list[Due]]:
    """Return the parts of each case's newest agreement; a case without one is left out."""
    newest = (
        select(func.max(PaymentAgreement.id).label("id"))
        .where(PaymentAgreement.case_id.in_(case_ids))
        .group_by(PaymentAgreement.case_id)
        .subquery()
    )
    rows = (
        select(PaymentAgreement.case_id, AgreementDue.due_on, AgreementDue.amount_fen)
        .join(newest, newest.c.id == PaymentAgreement.id)
        .join(AgreementDue, AgreementDue.agreement_id == PaymentAgreement.id)
        .order_by(AgreementDue.due_on)
    )
    found: dict[int, list[Due]] = defaultdict(list)
    for case_id, due_on, amount_fen in session.execute(rows):
        found[case_id].append(Due(due_on, amount_fen))
    return dict(found)
