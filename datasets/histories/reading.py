"""Reads cases and the book out of the database as the values that the oracles look at."""

from collections.abc import Sequence
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from datasets.histories.law import DAY_MS, day_of
from datasets.histories.stage import Centre
from datasets.histories.values import ActSeen, BookSeen, CaseSeen, EntrySeen
from server.cases import repository, service
from server.cases.models import Case, Party
from server.db import table_of, unit_of_work
from server.decisions.situation import situation
from server.law.limits import LimitKey
from server.ledger import book, forest, heads, statements
from server.ledger.models import LedgerEntry
from server.lists import service as lists

ENTRIES = table_of(LedgerEntry)


def read_cases(session: Session, centre: Centre, case_ids: Sequence[int], now_ms: int) -> list[CaseSeen]:
    """Return cases as they stand at an instant, with all that was done to them."""
    return [_case(session, centre, repository.get(session, case_id), now_ms) for case_id in case_ids]


def _case(session: Session, centre: Centre, case: Case, now_ms: int) -> CaseSeen:
    stands = situation(session, case, centre.house, now_ms)
    offence = service.offence_of(case, centre.house.law)
    line = lists.of_case(session, case.id)
    entries = select(ENTRIES).where(ENTRIES.c.case_id == case.id).order_by(ENTRIES.c.number)
    bands = select(Party.age_band).where(Party.case_id == case.id).order_by(Party.id)
    return CaseSeen(
        id=case.id,
        state=case.state,
        version=case.version,
        entered_at_ms=case.entered_at_ms,
        seen_ms=now_ms,
        fined=offence is not None and centre.house.fining_on(offence),
        range_fen=(0, 0) if offence is None else (offence.fine_min_fen, offence.fine_max_fen),
        simple_max_fen=centre.house.limit(LimitKey.SIMPLE_PROCEDURE_MAX, now_ms),
        sanction=case.sanction,
        amount_fen=case.amount_fen,
        due_ms=case.next_due_ms,
        reckoned_ms=stands.next_due_ms,
        lined=line is not None and line.withdrawn_at_ms is None,
        acts=tuple(
            ActSeen(row.act, row.from_state, row.to_state, row.actor, row.at_ms, row.amount_fen, row.until_ms)
            for row in repository.acts(session, case.id)
        ),
        bands=tuple(session.scalars(bands)),
        entries=tuple(_entry(row) for row in session.execute(entries)),
    )


def _entry(row: Row[tuple[object, ...]]) -> EntrySeen:
    return EntrySeen(**{name: getattr(row, name) for name in EntrySeen.__dataclass_fields__})


def close_book(centre: Centre, now_ms: int, counted_fen: tuple[int, int]) -> BookSeen:
    """Publish the head of the day of ``now_ms``, and return the whole book with what the product says of it.

    ``counted_fen``: what came and what went back, as it was counted beside the book.
    """
    with unit_of_work(centre.sessions) as session:
        head = heads.publish(session, Ed25519PrivateKey.generate(), now_ms + DAY_MS)
        head_root = "none" if head is None else head.root
    last = day_of(now_ms + DAY_MS)
    with centre.sessions.reading() as session:
        told = statements.period(session, date(1970, 1, 1), last)
        came_fen, went_fen = counted_fen
        return BookSeen(
            entries=tuple(_entry(row) for row in book.walk(session)),
            broken_at=book.broken_at(session),
            root=forest.root_of(session, forest.size_of(session)).hex(),
            head_root=head_root,
            trial_fen={line.account: line.closing_fen for line in statements.trial_balance(session, last)},
            debits_fen={line.account: line.debit_fen for line in told.accounts},
            credits_fen={line.account: line.credit_fen for line in told.accounts},
            came_fen=came_fen,
            went_fen=went_fen,
        )
