"""Stores what boxes count: passages, once by their number."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.messages import PassageCounts
from server.cases.models import PassageRow, YieldRow
from server.db import insert_from


def store(session: Session, counted: Sequence[tuple[str, PassageCounts]]) -> None:
    """Store counts with the chain that sealed them; what is here under the same number stays as it is."""
    done: set[tuple[str, str, int]] = set()
    for chain, message in sorted(counted, key=lambda pair: (pair[1].device_id, pair[0], pair[1].sequence)):
        number = message.device_id, chain, message.sequence
        if number in done or _is_here(session, PassageRow, *number) or _is_here(session, YieldRow, *number):
            continue
        done.add(number)
        shared = {"chain": chain, **message.model_dump(exclude={"schema_version", "counts", "yields"})}
        for table, parts in ((PassageRow, message.counts), (YieldRow, message.yields)):
            rows = [{"position": place, **shared, **part.model_dump()} for place, part in enumerate(parts)]
            if rows:
                session.execute(insert_from(session, table, rows).on_conflict_do_nothing())


def _is_here(
    session: Session, table: type[PassageRow] | type[YieldRow], device_id: str, chain: str, sequence: int
) -> bool:
    same = table.device_id == device_id, table.chain == chain, table.sequence == sequence
    return session.scalar(select(table.id).where(*same).limit(1)) is not None
