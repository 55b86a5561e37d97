"""What a case is and what was done to it, as rows: the event as reported, the offence, the claim of an act."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from contract.messages import ViolationReported
from contract.words import ViolationKind
from server import audit
from server.cases import repository
from server.cases.models import Case, CaseAct, Party
from server.errors import ChangedMeanwhileError, NotFoundError
from server.law.reading import Law, Offence
from server.procedure.history import Done
from server.procedure.words import NAMING, SANCTIONS, Act, AgeBand, Basis, CaseState

PRICED: Final = frozenset({Act.NOTIFY, Act.FINE, Act.REDUCE})
"""The acts that say an amount; a form that sends one with another act has said nothing by it."""


@dataclass(frozen=True, slots=True)
class Order:
    """What an officer asks for. ``version`` is the one they looked at; ``until_ms`` the end of more time granted."""

    act: Act
    version: int
    actor: str
    at_ms: int
    reason: str = ""
    age_band: AgeBand | None = None
    basis: Basis | None = None
    amount_fen: int | None = None
    until_ms: int | None = None


def reported(case: Case) -> ViolationReported:
    """Return the event of a case as the box reported it."""
    return ViolationReported.model_validate_json(case.event.body)


def offence_of(case: Case, law: Law) -> Offence | None:
    """Return the offence in force on the day of the act; None for a day without one, such as a wrong clock's."""
    try:
        return law.offence_at(ViolationKind(case.kind), case.entered_at_ms)
    except NotFoundError:
        return None


def history(session: Session, case_id: int) -> list[Done]:
    """Return what was done to a case, oldest first, as the procedure reads it."""
    return [as_done(row) for row in repository.acts(session, case_id)]


def as_done(row: CaseAct) -> Done:
    """Return an act as the procedure reads it."""
    states = CaseState(row.from_state), CaseState(row.to_state)
    return Done(Act(row.act), *states, row.actor, row.at_ms, row.amount_fen, row.until_ms)


def do(session: Session, case: Case, order: Order, after: CaseState, imposed: Done | None) -> CaseAct:
    """Do one act: claim the case at the version that the officer saw, and append to its history.

    ``imposed`` is the sanction that an approval turns into a decision. Raises ConflictError.
    """
    before = CaseState(case.state)
    _claim(session, case, order, after, imposed)
    if order.act in NAMING and order.basis is not None and order.age_band is not None:
        named = {"basis": order.basis, "age_band": order.age_band, "identified_by": order.actor}
        session.add(Party(case_id=case.id, at_ms=order.at_ms, **named))
    done = CaseAct(
        case_id=case.id,
        act=order.act,
        from_state=before,
        to_state=after,
        actor=order.actor,
        at_ms=order.at_ms,
        reason=order.reason,
        amount_fen=order.amount_fen if order.act in PRICED else None,
        until_ms=order.until_ms,
        demonstration=case.demonstration,
    )
    session.add(done)
    audit.record(session, order.at_ms, order.actor, f"case.{order.act.value}", case.id, order.reason)
    session.flush()
    return done


def _claim(session: Session, case: Case, order: Order, after: CaseState, imposed: Done | None) -> None:
    """Move the case on, if it is still the version that the officer saw, and was when its facts were gathered."""
    if case.version != order.version:
        raise ChangedMeanwhileError(case.number)
    changes: dict[str, object] = {"state": after, "version": order.version + 1, **_decided(order, after, imposed)}
    moved = session.execute(update(Case).where(Case.id == case.id, Case.version == order.version).values(**changes))
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
        raise ChangedMeanwhileError(case.number)
    session.refresh(case)


def _decided(order: Order, after: CaseState, imposed: Done | None) -> dict[str, object]:
    """Return what a decision writes into the case's row."""
    if order.act is Act.REDUCE:
        return {"amount_fen": order.amount_fen}
    if after is not CaseState.DECIDED:
        return {}
    if order.act in SANCTIONS:
        return {"sanction": order.act, "amount_fen": order.amount_fen if order.act in PRICED else None}
    if order.act is Act.APPROVE and imposed is not None:
        return {"sanction": imposed.act, "amount_fen": imposed.amount_fen}
    return {}
