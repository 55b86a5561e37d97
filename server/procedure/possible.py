"""Which acts may be done at all: an act is impossible where its guards refuse it however well its form is filled in.

The guards are asked with the best form that there is, so what is said here and what they refuse cannot drift apart. For
how long somebody has looked changes while they look: the least viewing time makes nothing impossible. Pure.
"""

from dataclasses import replace
from typing import Final

from server.procedure.facts import Facts
from server.procedure.guards import objections
from server.procedure.reasons import Objection
from server.procedure.words import NAMING, Act, AgeBand, Basis

WITHOUT_AMOUNT: Final = frozenset({Act.NOTIFY})
"""Their form may leave the amount open, and is then asked for less."""


def why_impossible(act: Act, facts: Facts) -> tuple[Objection, ...]:
    """Return why an act will be refused whatever its form says; none: there is a form that is not refused."""
    return objections(act, filled_in(act, facts))


def filled_in(act: Act, facts: Facts) -> Facts:
    """Return the facts with everything that a form can say said as well as it can be."""
    form: dict[str, object] = {
        "reason": facts.reason.strip() or "-",
        "reason_on_list": True,
        "until_ms": facts.until_range_ms[0],
        "money": replace(facts.money, amount_fen=_amount_fen(act, facts)),
        "review": replace(facts.review, seen_ms=facts.review.seen_min_ms),
    }
    if act in NAMING:  # to every other act it is a fact who it is
        form |= {"basis": Basis.SHOWN_ON_SITE, "age_band": AgeBand.ADULT}
    return replace(facts, **form)  # type: ignore[arg-type]  # each is of its field's type


def _amount_fen(act: Act, facts: Facts) -> int | None:
    """Return the amount that is refused last: the lowest that the law has; one fen where any lower one will do."""
    if act in WITHOUT_AMOUNT:
        return None
    return 1 if act is Act.REDUCE else max(facts.money.range_fen[0], 1)
