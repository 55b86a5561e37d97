"""Keeps the newest word of each box and camera; an older one, or one that is played again, changes nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.box import StatusTold
from contract.messages import Heartbeat
from contract.words import BoxStatus
from server.boxes.models import BoxPresence, CameraHeard


@dataclass(frozen=True, slots=True)
class BoxSeen:
    """One box as it last spoke. ``presence`` None: it never said whether it is online.

    ``heard_at_ms`` is the time of its newest heartbeat, None where there is none.
    """

    device_id: str
    presence: BoxPresence | None
    heartbeats: tuple[Heartbeat, ...]
    heard_at_ms: int | None


def note(session: Session, messages: Sequence[object], now_ms: int) -> None:
    """Keep what of a batch of messages is about boxes; in one order, so that two workers never wait for each other."""
    beats = [m for m in messages if isinstance(m, Heartbeat)]
    for beat in sorted(beats, key=lambda beat: (beat.device_id, beat.camera_id, beat.sent_at_ms)):
        note_heartbeat(session, beat, now_ms)
    told = [m for m in messages if isinstance(m, StatusTold)]
    for word in sorted(told, key=lambda word: (word.device_id, word.connection)):
        note_status(session, word, now_ms)


def note_heartbeat(session: Session, heartbeat: Heartbeat, now_ms: int) -> None:
    """Keep a camera's heartbeat, unless a newer one is here; one from a clock that is ahead counts as sent now."""
    sent_at_ms = min(heartbeat.sent_at_ms, now_ms)
    known = session.get(CameraHeard, (heartbeat.device_id, heartbeat.camera_id), with_for_update=True)
    if known is None or is_newer_beat(heartbeat, sent_at_ms, known.body, known.sent_at_ms):
        session.merge(
            CameraHeard(
                device_id=heartbeat.device_id,
                camera_id=heartbeat.camera_id,
                sent_at_ms=sent_at_ms,
                body=heartbeat.model_dump_json(),
            )
        )


def is_newer_beat(beat: Heartbeat, sent_at_ms: int, known: str, known_sent_at_ms: int) -> bool:
    """Tell whether a heartbeat is newer than one that is known, as JSON: by its numbers, which no clock sets back.

    Where either box tells none, by when they were sent; neither of them later than it came.
    """
    before = json.loads(known)
    start, number = before.get("start"), before.get("number")
    if beat.start is None or beat.number is None or start is None or number is None:
        return sent_at_ms > known_sent_at_ms
    return (beat.start, beat.number) > (start, number)


def note_status(session: Session, told: StatusTold, now_ms: int) -> bool:
    """Keep a box's word on whether it is online; return False for one that is not newer than what is here."""
    known = session.get(BoxPresence, told.device_id, with_for_update=True)
    online = told.state is BoxStatus.ONLINE
    if known is not None and not is_newer(told.connection, online, known.connection, known.is_online):
        return False
    session.merge(
        BoxPresence(
            device_id=told.device_id,
            connection=told.connection,
            is_online=online,
            since_ms=now_ms if told.since_ms is None else told.since_ms,
            by_itself=told.since_ms is not None,
        )
    )
    return True


def is_newer(connection: int, online: bool, known_connection: int, known_online: bool) -> bool:  # noqa: FBT001
    """Tell whether a word is newer: of a later connection, or the end of the connection that is known to stand."""
    return (connection, not online) > (known_connection, not known_online)


def seen(session: Session, device_ids: Sequence[str]) -> dict[str, BoxSeen]:
    """Return how each of these boxes last was."""
    presences = {row.device_id: row for row in session.scalars(select(BoxPresence))}
    heard: dict[str, list[CameraHeard]] = {device_id: [] for device_id in device_ids}
    wanted = select(CameraHeard).where(CameraHeard.device_id.in_(device_ids)).order_by(CameraHeard.camera_id)
    for row in session.scalars(wanted):
        heard[row.device_id].append(row)
    return {
        device_id: BoxSeen(
            device_id,
            presences.get(device_id),
            tuple(Heartbeat.model_validate_json(row.body) for row in rows),
            max((row.sent_at_ms for row in rows), default=None),
        )
        for device_id, rows in heard.items()
    }
