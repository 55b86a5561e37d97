"""What a reviewer sees of a case, and their acts: without knowing whether they are first, second, or looked at.

To a reviewer a first review, a second one and a case with a known answer are one thing: a new record. So the page is
made from the event alone as long as they have given no verdict, and the number of the case's changes is hidden.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from sqlalchemy.orm import Session

from server.cases import repository
from server.cases.house import House
from server.cases.models import Case, CaseAct
from server.cases.service import Order
from server.decisions.errors import ObjectedError
from server.decisions.gathering import facts
from server.decisions.situation import Situation, situation
from server.errors import ChangedMeanwhileError
from server.known_answers import service as known_answers
from server.known_answers.service import Drawing, Shown
from server.law.limits import LimitKey
from server.ledger.case_money import case_money
from server.procedure.clocks import clocks
from server.procedure.facts import Facts
from server.procedure.guards import objections
from server.procedure.happened import Around, moments
from server.procedure.history import REVIEWS, Done, done_before
from server.procedure.table import allowed_acts, next_state
from server.procedure.words import Act, CaseState

MASKED_FROM: Final = 2**40
WAITING: Final = (CaseState.RECEIVED, CaseState.SECOND_REVIEW)


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as a reviewer sees it. ``history`` is what they may know of it; ``known``: it has a known answer."""

    stands: Situation
    history: Sequence[CaseAct]
    known: Shown | None


def seen_by(session: Session, reviewer: str, case: Case, house: House, now_ms: int) -> Seen:
    """Return a case as it looks to a reviewer."""
    stands, history = situation(session, case, house, now_ms), repository.acts(session, case.id)
    known = known_answers.shown(session, reviewer, case.id, now_ms)
    mask = _mask(reviewer, case.id, house)
    if known is not None:
        return Seen(_as_new(stands, _said(known), house, mask), (), known)
    judged = reviewer in {done.actor for done in done_before(stands.history, stands.state)}
    if stands.state in WAITING and not judged:
        return Seen(_as_new(stands, (), house, mask), (), None)
    return Seen(replace(stands, case=_copy(case, stands.state, case.version + mask)), history, None)


def act(session: Session, case: Case, order: Order, house: House, do: Callable[[Order], object]) -> None:
    """Do a reviewer's act by ``do``; on a known answer only their verdict is kept, refused for the same reasons.

    Raises what ``do`` and server.decisions.service.decide raise.
    """
    unmasked = order.version - _mask(order.actor, case.id, house) if order.version >= MASKED_FROM else order.version
    order = replace(order, version=unmasked)
    known = known_answers.shown(session, order.actor, case.id, order.at_ms)
    if order.act not in allowed_acts(CaseState.RECEIVED) and (known is not None or case.state in WAITING):
        next_state(CaseState.RECEIVED, order.act, Facts())  # which refuses it, in the words that a new record has
    if known is not None:
        _judge(session, case, order, house, known)
    else:
        do(order)
    if order.act in REVIEWS:
        share = house.limit(LimitKey.KNOWN_ANSWER_SHARE, order.at_ms) / 100
        key = f"{order.actor}|{case.id}|{unmasked}"
        known_answers.draw(session, Drawing(order.actor, key, share, house.salt, order.at_ms))


def known_answer(session: Session, reviewer: str, house: House, now_ms: int) -> Case | None:
    """Return the case that lies in a reviewer's queue as a known answer, as the new record that it seems to be."""
    number = known_answers.waiting(session, reviewer)
    if number is None:
        return None
    stands = _as_new(situation(session, repository.get(session, number), house, now_ms), (), house, 0)
    stands.case.next_due_ms = stands.next_due_ms
    return stands.case


def _judge(session: Session, case: Case, order: Order, house: House, known: Shown) -> None:
    stands = _as_new(situation(session, case, house, order.at_ms), _said(known), house, 0)
    told = facts(session, stands, order, house)
    next_state(stands.state, order.act, told)
    found = objections(order.act, told)
    if found:
        raise ObjectedError(found)
    if order.act not in REVIEWS:
        raise ChangedMeanwhileError(case.number)
    known_answers.note(session, known, order.act, order.reason, order.at_ms, told.review.seen_ms)


def _said(known: Shown) -> tuple[Done, ...]:
    """Return the history that the reviewer knows of: their own verdict, which the second review follows."""
    said = known.verdict
    if said is None:
        return ()
    return (Done(Act(said.act), CaseState.RECEIVED, CaseState.SECOND_REVIEW, said.reviewer, said.at_ms),)


def _as_new(stands: Situation, history: tuple[Done, ...], house: House, mask: int) -> Situation:
    """Return how the case would stand if nothing but this had happened to it."""
    act_ms = stands.case.entered_at_ms
    happened = moments(history, Around(act_ms, act_ms, None, None, None, None))
    state = history[-1].after if history else CaseState.RECEIVED
    return replace(
        stands,
        case=_copy(stands.case, state, stands.case.version + mask),
        history=history,
        party=None,
        money=case_money({}, ever_assessed=False),
        moments=happened,
        clocks=clocks(happened, house.terms, house.calendar, stands.at_ms),
    )


def _copy(case: Case, state: CaseState, version: int) -> Case:
    """Return a case for a page to show, which is no row of the database."""
    known = ("id", "event_id", "site_id", "site_name", "kind", "entered_at_ms", "created_at_ms", "demonstration")
    values = {name: getattr(case, name) for name in known}
    fresh = state in WAITING
    decided = (
        {"sanction": None, "amount_fen": None} if fresh else {n: getattr(case, n) for n in ("sanction", "amount_fen")}
    )
    copy = Case(**values, **decided, state=state, version=version)
    copy.event = case.event
    return copy


def _mask(reviewer: str, case_id: int, house: House) -> int:
    """Return what is added to a version: from a second one or a tenth a reviewer would know that others were here."""
    drawn = sha256(f"version|{house.salt}|{reviewer}|{case_id}".encode()).digest()[:5]
    return MASKED_FROM + int.from_bytes(drawn, "big")
