"""Officers at random: mostly they do what comes next, now and then what is forbidden, stale or wrong."""

from dataclasses import dataclass
from random import Random
from typing import Final

from sqlalchemy.orm import Session

from datasets.histories.law import DAY_MS, LEADS
from datasets.histories.stage import Centre
from server.cases import repository, service
from server.cases.models import Case
from server.cases.service import Order
from server.decisions.service import decide
from server.parties.hearing import take_statement
from server.parties.identity import Identity
from server.parties.reaching import Contact, add_contact, confirm_contact
from server.parties.repository import what_is_known
from server.parties.service import By, keep_identity
from server.parties.words import CameBy, Channel, StatementKind
from server.procedure import history
from server.procedure.words import Act, AgeBand, Basis

OFFICERS: Final = ("zhang", "wang", "li", "zhao", "chen")
NEXT: Final[dict[str, tuple[str, ...]]] = {
    "received": ("confirm",) * 8 + ("reject",),
    "second_review": ("confirm",) * 8 + ("reject",),
    "disputed": ("confirm",) * 4 + ("reject",),
    "confirmed": ("identify",) * 9 + ("review_again",),
    "identified": ("notify",) * 14 + ("warn", "educate", "no_penalty", "reassign", "review_again"),
    "notified": ("hear",) * 8 + ("fine", "prolong", "object"),
    "heard": ("fine",) * 8 + ("hear", "reassign", "warn"),
    "proposed": ("approve",) * 5 + ("send_back",),
    "decided": ("serve",) * 9 + ("announce",),
    "served": ("apply_reconsideration", "sue", "object", "enforce", "enforce", "settle", "archive"),
    "paid": ("apply_reconsideration", "object", "archive", "revoke"),
    "enforcement": ("settle", "object", "sue"),
    "objected": ("deny",) * 3 + ("uphold",),
    "reconsideration": ("maintain", "reduce", "reduce", "annul"),
    "court": ("maintain", "reduce", "reduce", "annul"),
}
"""What officers mostly do next."""
AMOUNTS_FEN: Final = (500, *(1000,) * 6, 2000, 2500, 2501, *(3000,) * 4, 5000, 5000, 499, 5001, None)
LOWER_FEN: Final = (1, 300, 300, 600, 600, 900, 900, 1500, 5000, 0, None)
BANDS: Final = (AgeBand.ADULT,) * 8 + (AgeBand.MINOR_14_17,) * 2 + (AgeBand.UNDER_14, AgeBand.UNKNOWN)
BASES: Final = (Basis.SELF_REPORT, Basis.PLATE, Basis.SHOWN_ON_SITE, Basis.RIDER_CODE, Basis.DEMONSTRATION)
REASONS: Final = {Act.REJECT: "unclear", Act.WARN: "warning_suffices", Act.EDUCATE: "first_and_slight",
                  Act.NO_PENALTY: "slight_no_harm"}  # fmt: skip
UNTIL_DAYS: Final = (20, 20, 40, 60, 92, 93, 0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What an officer had before them when they made up their mind."""

    case_id: int
    state: str
    version: int
    announced_fen: int | None = None


def look(session: Session, case_id: int) -> Seen:
    """Look at a case; where a notice has gone out, at its amount as well."""
    case, announced_fen = session.get_one(Case, case_id), None
    if case.state in {"notified", "heard"}:
        announced_fen = history.announced_fen(service.history(session, case_id))
    return Seen(case.id, case.state, case.version, announced_fen)


def next_order(chance: Random, seen: Seen, at_ms: int) -> Order:
    """Return what somebody asks for at random."""
    roll = chance.random()
    likely, allowed = NEXT.get(seen.state, ()), [act for act, leads in LEADS.items() if seen.state in leads]
    if roll < 0.82 and likely:
        act = Act(chance.choice(likely))
    elif roll < 0.95 and allowed:
        act = Act(chance.choice(allowed))
    else:
        act = chance.choice(list(Act))
    return filled(chance, act, seen, at_ms)


def filled(chance: Random, act: Act, seen: Seen, at_ms: int) -> Order:
    """Return an act's form as somebody fills it in: mostly well."""
    stale = chance.random() < 0.03
    return Order(
        act=act,
        version=seen.version + (chance.choice((-1, 1)) if stale else 0),
        actor=chance.choice(OFFICERS),
        at_ms=at_ms,
        reason="" if chance.random() < 0.03 else REASONS.get(act, "as the file says"),
        age_band=chance.choice(BANDS),
        basis=None if chance.random() < 0.02 else chance.choice(BASES[: -1 if chance.random() < 0.98 else None]),
        amount_fen=_amount_fen(chance, act, seen),
        until_ms=at_ms + chance.choice(UNTIL_DAYS) * DAY_MS,
    )


def _amount_fen(chance: Random, act: Act, seen: Seen) -> int | None:
    if act is Act.FINE and seen.announced_fen is not None and chance.random() < 0.85:
        return seen.announced_fen
    return chance.choice(LOWER_FEN if act is Act.REDUCE else AMOUNTS_FEN)


def make_reachable(session: Session, centre: Centre, case_id: int, order: Order) -> None:
    """Record what a notice needs: who it is, a confirmed contact, and that the party waives a statement."""
    party, by, box = repository.party(session, case_id), By(order.actor, order.at_ms, "as shown"), centre.box
    if party is None or what_is_known(session, party).identity:
        return
    keep_identity(session, box, party.id, Identity("张三"), by)
    contact = add_contact(session, box, party.id, Contact(Channel.PHONE, "13800000000"), by)
    confirm_contact(session, contact, "called back", by)
    take_statement(session, box, party.id, (StatementKind.WAIVER, CameBy.SPOKEN, "无异议"), by)


def act(session: Session, centre: Centre, case_id: int, order: Order) -> None:
    """Do it, as the page of a case does."""
    decide(session, repository.get(session, case_id), order, centre.house)
