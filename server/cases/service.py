"""What officers do to cases: the table's transitions, with the money and the listing that follow in the same unit."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from contract.messages import ViolationReported
from contract.words import ViolationKind
from server import audit
from server.cases import repository
from server.cases.models import Case, CaseAct, Party
from server.cases.procedure import Act, AgeBand, Basis, CaseState, Facts, next_state, objections
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.law.reading import Law, Offence


@dataclass(frozen=True, slots=True)
class Order:
    """What an officer asks for. ``version`` is the one they looked at."""

    act: Act
    version: int
    actor: str
    at_ms: int
    reason: str = ""
    age_band: AgeBand | None = None
    basis: Basis | None = None
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class House:
    """What the operator has decided beforehand."""

    law: Law
    demonstration: bool
    fining_codes: tuple[str, ...]

    def fining_on(self, offence: Offence) -> bool:
        """Tell whether the operator has switched fining on for this code."""
        return offence.code in self.fining_codes


def reported(case: Case) -> ViolationReported:
    """Return the event of a case as the box reported it."""
    return ViolationReported.model_validate_json(case.event.body)


def offence_of(case: Case, law: Law) -> Offence | None:
    """Return the offence in force on the day of the act; None for a day without one, such as a wrong clock's."""
    try:
        return law.offence_at(ViolationKind(case.kind), case.entered_at_ms)
    except NotFoundError:
        return None


def act(session: Session, case: Case, order: Order, house: House) -> CaseAct:
    """Do one act to a case.

    Raises:
        ConflictError: the table has no such transition, or somebody changed the case meanwhile.
        WrongInputError: a guard objects; the text has every objection.
    """
    before = CaseState(case.state)
    after = next_state(before, order.act)
    found = objections(order.act, _facts(session, case, order, house))
    if found:
        raise WrongInputError("; ".join(found))
    _claim(session, case, order, after)
    if order.act is Act.IDENTIFY and order.basis is not None and order.age_band is not None:
        session.add(
            Party(
                case_id=case.id,
                basis=order.basis,
                age_band=order.age_band,
                identified_by=order.actor,
                at_ms=order.at_ms,
            )
        )
    done = CaseAct(
        case_id=case.id,
        act=order.act,
        from_state=before,
        to_state=after,
        actor=order.actor,
        at_ms=order.at_ms,
        reason=order.reason,
        amount_fen=order.amount_fen,
        demonstration=case.demonstration,
    )
    session.add(done)
    audit.record(session, order.at_ms, order.actor, f"case.{order.act.value}", case.id, order.reason)
    session.flush()
    return done


def _facts(session: Session, case: Case, order: Order, house: House) -> Facts:
    offence = offence_of(case, house.law)
    party = repository.party(session, case.id)
    recorded = AgeBand(party.age_band) if party is not None else None  # nobody grows older by the form of a fine
    return Facts(
        evidence_complete=case.event.evidence_complete_at_ms is not None,
        demonstration=case.demonstration,
        reason=order.reason,
        reason_on_list=house.law.rejection_reason(order.reason) is not None,
        age_band=order.age_band if order.act is Act.IDENTIFY else recorded,
        basis=order.basis,
        fining_switched_on=offence is not None and house.fining_on(offence),
        amount_fen=order.amount_fen,
        fine_range_fen=(0, 0) if offence is None else (offence.fine_min_fen, offence.fine_max_fen),
        held=case.event.held_because and f"{case.event.held_because}: {case.event.held_detail}",
    )


def _claim(session: Session, case: Case, order: Order, after: CaseState) -> None:
    """Move the case on, if it is still the version that the officer saw."""
    changes: dict[str, object] = {"state": after, "version": order.version + 1}
    if after is CaseState.DECIDED:
        changes |= {"sanction": order.act, "amount_fen": order.amount_fen}
    moved = session.execute(update(Case).where(Case.id == case.id, Case.version == order.version).values(**changes))
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
        raise ConflictError(f"case {case.number} was changed by somebody else meanwhile: look at it again")
    session.refresh(case)
