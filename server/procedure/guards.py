"""Whether an act may be done that the table has: each guard gives its reasons, all at once. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from server.civil_time import beijing_day
from server.procedure.facts import Facts
from server.procedure.reasons import Objection, Reason
from server.procedure.words import Act, AgeBand, Basis

Guard = Callable[[Facts], Iterator[Objection]]
R = Reason


def objections(act: Act, facts: Facts) -> tuple[Objection, ...]:
    """Return every reason why this act may not be done; none means that it may."""
    return tuple(objection for guard in GUARDS.get(act, ()) for objection in guard(facts))


def _believed(facts: Facts) -> Iterator[Objection]:
    if facts.held is not None:
        yield Objection(R.HELD, found=facts.held)
    if facts.site_suspended is not None:
        yield Objection(R.SITE_SUSPENDED, found=facts.site_suspended)


def _complete(facts: Facts) -> Iterator[Objection]:
    if not facts.evidence_complete:
        yield Objection(R.EVIDENCE_INCOMPLETE)


def _looked_at(facts: Facts) -> Iterator[Objection]:
    """Chicago: one officer approved 41 records in 59 s. Nobody has seen a case in less than the floor."""
    review = facts.review
    if review.seen_ms < review.seen_min_ms:
        yield Objection(R.SEEN_TOO_SHORT, *(f"{ms / 1000:.1f} s" for ms in (review.seen_min_ms, review.seen_ms)))


def _another_reviewer(facts: Facts) -> Iterator[Objection]:
    if facts.review.actor in facts.review.earlier_by:
        yield Objection(R.SAME_REVIEWER, found=facts.review.actor)


def _listed(facts: Facts) -> Iterator[Objection]:
    if not facts.reason_on_list:
        yield Objection(R.REASON_NOT_ON_LIST, found=facts.reason)


def _lenient(facts: Facts) -> Iterator[Objection]:
    if not facts.reason_on_list:
        yield Objection(R.LENIENCY_NOT_ON_LIST, found=facts.reason)


def _reasoned(facts: Facts) -> Iterator[Objection]:
    if not facts.reason.strip():
        yield Objection(R.NO_REASON)


def _identified(facts: Facts) -> Iterator[Objection]:
    if facts.basis is None:
        yield Objection(R.NO_BASIS)
    if facts.age_band is None:
        yield Objection(R.NO_AGE)
    if facts.basis is Basis.DEMONSTRATION and not facts.demonstration:
        yield Objection(R.DEMONSTRATION_ONLY)


def _reachable(facts: Facts) -> Iterator[Objection]:
    if not facts.identity_known and not facts.demonstration:
        yield Objection(R.NO_IDENTITY)
    if not facts.contact_confirmed and not facts.demonstration:
        yield Objection(R.CONTACT_NOT_CONFIRMED)


def _heard(facts: Facts) -> Iterator[Objection]:
    if not facts.hearing_over:
        yield Objection(R.NOT_HEARD)


def _in_time(facts: Facts) -> Iterator[Objection]:
    if facts.two_years_over:
        yield Objection(R.TWO_YEARS_OVER)


def _no_child(facts: Facts) -> Iterator[Objection]:
    if facts.age_band is AgeBand.UNDER_14:
        yield Objection(R.UNDER_14)


def _age_known(facts: Facts) -> Iterator[Objection]:
    if facts.age_band in {None, AgeBand.UNKNOWN}:
        yield Objection(R.AGE_UNKNOWN)


def _lawful(facts: Facts) -> Iterator[Objection]:
    money = facts.money
    if not money.fining_on:
        yield Objection(R.FINING_OFF)
    low, high = money.range_fen
    if money.amount_fen is None or not low <= money.amount_fen <= high:
        yield Objection(R.AMOUNT_OUT_OF_RANGE, f"{low} to {high}", str(money.amount_fen))


def _announced(facts: Facts) -> Iterator[Objection]:
    money = facts.money
    if money.announced_fen is None:
        yield Objection(R.NOT_ANNOUNCED)
    elif money.amount_fen is not None and money.amount_fen > money.announced_fen:
        yield Objection(R.AMOUNT_ABOVE_NOTICE, str(money.announced_fen), str(money.amount_fen))


def _of_a_fine(facts: Facts) -> Iterator[Objection]:
    """A notice that announces a fine must be able to lead to one; other notices announce no amount."""
    if facts.money.amount_fen is not None:
        for guard in (_no_child, _age_known, _lawful, _twice):
            yield from guard(facts)


def _twice(facts: Facts) -> Iterator[Objection]:
    if not facts.review.reviewed_twice:
        yield Objection(R.NOT_REVIEWED_TWICE)


def _lower(facts: Facts) -> Iterator[Objection]:
    money = facts.money
    if money.decided_fen is None:
        yield Objection(R.NO_FINE)
    elif money.amount_fen is None or not 0 < money.amount_fen < money.decided_fen:
        yield Objection(R.NOT_LOWER, str(money.decided_fen), str(money.amount_fen))


def _old(facts: Facts) -> Iterator[Objection]:
    if not facts.two_years_over:
        yield Objection(R.TWO_YEARS_NOT_OVER)


def _nothing_owed(facts: Facts) -> Iterator[Objection]:
    if facts.money.owed_fen != 0:
        yield Objection(R.STILL_OWED, found=str(facts.money.owed_fen))


def _overdue(facts: Facts) -> Iterator[Objection]:
    if not facts.money.overdue:
        yield Objection(R.NOT_OVERDUE)


def _said(facts: Facts) -> Iterator[Objection]:
    if not facts.statement_kept and not facts.demonstration:
        yield Objection(R.NO_STATEMENT)


def _until(facts: Facts) -> Iterator[Objection]:
    low, high = facts.until_range_ms
    if facts.until_ms is None or not low <= facts.until_ms <= high:
        found = "-" if facts.until_ms is None else _day(facts.until_ms)
        yield Objection(R.UNTIL_OUT_OF_RANGE, f"{_day(low)} – {_day(high)}", found)


def _day(ms: int) -> str:
    return f"{beijing_day(ms):%Y-%m-%d}"


def _final(facts: Facts) -> Iterator[Objection]:
    if not facts.remedies_over:
        yield Objection(R.REMEDIES_OPEN)


GUARDS: Final[Mapping[Act, tuple[Guard, ...]]] = {
    Act.CONFIRM: (_believed, _complete, _looked_at, _another_reviewer),
    Act.REJECT: (_looked_at, _another_reviewer, _listed),
    Act.REVIEW_AGAIN: (_believed,),
    Act.REOPEN: (_reasoned,),
    Act.IDENTIFY: (_believed, _identified),
    Act.REASSIGN: (_believed, _identified, _reasoned),
    Act.NOTIFY: (_believed, _in_time, _reachable, _of_a_fine),
    Act.PROLONG: (_believed, _in_time, _reasoned, _until),
    Act.HEAR: (_believed, _said),
    Act.FINE: (_believed, _in_time, _no_child, _age_known, _lawful, _announced, _twice, _heard),
    Act.WARN: (_believed, _in_time, _no_child, _lenient),
    Act.EDUCATE: (_believed, _in_time, _lenient),
    Act.NO_PENALTY: (_believed, _lenient),
    Act.APPROVE: (_believed, _in_time, _another_reviewer),
    Act.SEND_BACK: (_reasoned,),
    Act.ANNOUNCE: (_reasoned,),
    Act.SERVE: (_reasoned,),
    Act.SETTLE: (_nothing_owed,),
    Act.OBJECT: (_reasoned,),
    Act.UPHOLD: (_reasoned,),
    Act.DENY: (_reasoned,),
    Act.MAINTAIN: (_reasoned,),
    Act.REDUCE: (_reasoned, _lower),
    Act.ANNUL: (_reasoned,),
    Act.ENFORCE: (_overdue, _final),
    Act.REVOKE: (_reasoned,),
    Act.LAPSE: (_old,),
    Act.SHELVE: (_reasoned,),
    Act.ARCHIVE: (_nothing_owed, _final),
}
"""What each act must pass. Acts that are not here need nothing but their row of the table."""
