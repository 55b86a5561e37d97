"""Stores what boxes count and how they are: passages once by their number, the newest heartbeat of each device."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from contract.messages import Heartbeat, PassageCounts
from server.boxes.service import is_newer_beat
from server.cases.models import PassageRow, YieldRow
from server.db import insert_from
from server.devices import Device


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


def note_heartbeats(session: Session, beats: Sequence[Heartbeat], now_ms: int) -> None:
    """Keep the newest heartbeat of each device.

    One from a clock that is ahead counts as sent now: once that clock is set right, the box must be heard again.
    """
    ordered = sorted(beats, key=lambda beat: (beat.start or 0, beat.number or 0, beat.sent_at_ms))
    for device_id, beat in sorted({beat.device_id: beat for beat in ordered}.items()):
        sent_at_ms, of_device = min(beat.sent_at_ms, now_ms), Device.id == device_id
        known = select(Device.last_heartbeat, Device.last_heartbeat_ms).where(of_device)
        # FOR NO KEY UPDATE: who stores an event of the device at this moment neither waits nor is waited for
        told, told_ms = session.execute(known.with_for_update(key_share=True)).one()
        if told is None or told_ms is None or is_newer_beat(beat, sent_at_ms, told, told_ms):
            values = {"last_heartbeat": beat.model_dump_json(), "last_heartbeat_ms": sent_at_ms}
            session.execute(update(Device).where(of_device).values(values))
