"""The facts that the procedure's guards look at, from the rows of many tables."""

from sqlalchemy.orm import Session

from server import audit
from server.audit import Wanted
from server.cases.house import House
from server.cases.service import Order
from server.decisions.situation import Situation
from server.law.limits import LimitKey
from server.law.moments import Moment
from server.law.terms import Consequence
from server.parties import repository as parties
from server.procedure.clocks import remedies_over
from server.procedure.facts import Facts, Money, Review
from server.procedure.history import announced_fen, came_from, done_before, reviewed_twice
from server.procedure.sampling import is_looked_at_twice
from server.procedure.words import MILD, NAMING, Act, AgeBand, CaseState
from server.suspensions import repository as suspensions

DAY_MS = 86_400_000
NO_FORM = Act.LAPSE
"""An act whose form asks for nothing: what is gathered for it is true whatever somebody is about to do."""
PROLONGED_DAYS_MAX = 92
"""程序规定 art. 53: up to three months, which never have more days."""


def facts_of_page(session: Session, stands: Situation, officer: str, house: House) -> Facts:
    """Return the facts as an officer has them before them who has filled in no form yet."""
    return facts(session, stands, Order(NO_FORM, stands.case.version, officer, stands.at_ms), house)


def facts(session: Session, stands: Situation, order: Order, house: House) -> Facts:
    """Return everything that the act's conditions and guards look at."""
    case, party = stands.case, stands.party
    recorded = None if party is None else AgeBand(party.age_band)  # nobody grows older by the form of a fine
    known = parties.what_is_known(session, party)
    return Facts(
        evidence_complete=case.event.evidence_complete_at_ms is not None,
        demonstration=case.demonstration,
        held=case.event.held_because and f"{case.event.held_because}: {case.event.held_detail}",
        site_suspended=suspensions.why_suspended(session, case.site_id),
        reason=order.reason,
        reason_on_list=_on_list(order, house),
        review=_review(session, stands, order, house),
        money=_money(stands, order, house),
        basis=order.basis,
        age_band=order.age_band if order.act in NAMING else recorded,
        identity_known=known.identity,
        contact_confirmed=known.contact_confirmed,
        statement_kept=known.statement,
        hearing_over=_hearing_over(stands),
        two_years_over=Consequence.BARS_FINE in stands.consequences,
        remedies_over=remedies_over(stands.clocks),
        until_ms=order.until_ms,
        until_range_ms=(order.at_ms + 1, order.at_ms + PROLONGED_DAYS_MAX * DAY_MS),
        came_from=came_from(stands.history, stands.state),
    )


def _hearing_over(stands: Situation) -> bool:
    """More time that was granted is waited for, also where the period was over when it was granted."""
    granted_ms = stands.moments.get(Moment.PROLONGED_UNTIL)
    over = Consequence.ENDS_HEARING in stands.consequences and (granted_ms is None or granted_ms < stands.at_ms)
    return stands.state is CaseState.HEARD or over


def _on_list(order: Order, house: House) -> bool:
    if order.act in MILD:
        return house.law.leniency_reason(order.reason, order.act) is not None
    return house.law.rejection_reason(order.reason) is not None


def _review(session: Session, stands: Situation, order: Order, house: House) -> Review:
    before = done_before(stands.history, stands.state)
    share = house.limit(LimitKey.SECOND_REVIEW_SHARE, order.at_ms) / 100
    fined = stands.offence is not None and house.fining_on(stands.offence)
    return Review(
        actor=order.actor,
        earlier_by=frozenset(done.actor for done in before),
        first_confirmed=before[0].act is Act.CONFIRM if before else None,
        reviewed_twice=reviewed_twice(stands.history),
        second_due=fined or is_looked_at_twice(stands.case.event_id, share, house.salt),
        seen_ms=_seen_ms(session, stands.case.id, order),
        seen_min_ms=house.limit(LimitKey.VIEWING_TIME_MIN, order.at_ms),
    )


def _seen_ms(session: Session, case_id: int, order: Order) -> int:
    """Return for how long the actor can have looked: since they opened the case, and since their last verdict on any.

    So ten cases opened at once are not looked at in the time of one.
    """
    if order.act not in {Act.CONFIRM, Act.REJECT}:
        return 0
    opened = audit.newest(session, Wanted(order.actor, "case.view", case_id), None, 1)
    if not opened:
        return 0
    words = [f"{what}.{act}" for what in ("case", "known") for act in (Act.CONFIRM, Act.REJECT)]
    verdicts = (audit.newest(session, Wanted(order.actor, word), None, 1) for word in words)
    since_ms = max([opened[0].at_ms, *(line.at_ms for found in verdicts for line in found)])
    return max(order.at_ms - since_ms, 0)


def _money(stands: Situation, order: Order, house: House) -> Money:
    offence = stands.offence
    return Money(
        amount_fen=order.amount_fen,
        range_fen=(0, 0) if offence is None else (offence.fine_min_fen, offence.fine_max_fen),
        announced_fen=announced_fen(stands.history),
        simple_max_fen=house.limit(LimitKey.SIMPLE_PROCEDURE_MAX, order.at_ms),
        fining_on=offence is not None and house.fining_on(offence),
        decided_fen=stands.case.amount_fen,
        owed_fen=stands.money.owed_fen,
        overdue=Consequence.SURCHARGE in stands.consequences,
    )
