"""Switching, and who knows of it. 道交法 art. 38: an officer's direction overrides the light.

Accusations at a site may also be paused (road works, a suspended site). One switch for both: the last word holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.hand_off import HandOffHeld, HandOffSwitched
from contract.words import HandOffCause
from server import audit
from server.devices import Device, Site, claim_sites
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.hand_off.models import BoxHolds, HandOffWord

DAY_MS: Final = 24 * 3_600_000
SPAN_MS_MAX: Final = {HandOffCause.DIRECTED: DAY_MS, HandOffCause.PAUSED: 31 * DAY_MS}
"""Nobody directs the traffic for longer than a day, and no pause is forgotten: whoever needs more sets it again."""
LOOKED_BACK: Final = 100


@dataclass(frozen=True, slots=True)
class Order:
    """What an officer asks for. ``until_ms`` None releases the switch."""

    site_id: str
    until_ms: int | None
    officer: str
    reason: str
    at_ms: int
    cause: HandOffCause = HandOffCause.DIRECTED


@dataclass(frozen=True, slots=True)
class SiteSwitch:
    """One site on the console: its last word, whether it stands, and its boxes with what each holds."""

    site_id: str
    word: HandOffWord | None
    is_set: bool
    boxes: tuple[tuple[str, bool], ...]


def switch(session: Session, order: Order) -> HandOffWord:
    """Set or release a site's switch.

    Raises:
        NotFoundError: there is no such site.
        WrongInputError: no reason, or an end that is past or too far.
        ConflictError: what is to be released is not set, or an officer's direction would end a pause.
    """
    if session.get(Site, order.site_id) is None:
        raise NotFoundError(f"there is no site {order.site_id[:64]!r}")
    if not order.reason.strip():
        raise WrongInputError("the switch needs a reason: who directs the traffic, and why")
    span_ms = SPAN_MS_MAX[order.cause]
    if order.until_ms is not None and not order.at_ms < order.until_ms <= order.at_ms + span_ms:
        raise WrongInputError(f"expected an end within the next {span_ms // 3_600_000} hours")
    claim_sites(session, {order.site_id})
    before = last(session, order.site_id)
    if order.until_ms is None and (before is None or not before.stands(order.at_ms)):
        raise ConflictError(f"the switch of {order.site_id} is not set: there is nothing to release")
    if _would_end_a_pause(order, before):
        raise ConflictError(f"accusations at {order.site_id} are paused already: nobody is accused while you direct")
    word = HandOffWord(
        site_id=order.site_id,
        sequence=max(0 if before is None else before.sequence + 1, order.at_ms),
        is_set=order.until_ms is not None,
        at_ms=order.at_ms,
        until_ms=order.until_ms,
        cause=order.cause if order.until_ms is not None or before is None else HandOffCause(before.cause),
        officer=order.officer,
        reason=order.reason,
    )
    session.add(word)
    verb = "set" if word.is_set else "release"
    what = f"hand_off.{verb}" if word.cause == HandOffCause.DIRECTED else f"hand_off.pause.{verb}"
    audit.record(session, order.at_ms, order.officer, what, detail=f"{order.site_id}: {order.reason}")
    session.flush()
    return word


def _would_end_a_pause(order: Order, before: HandOffWord | None) -> bool:
    """An officer's short word would take the place of the long one, and accusations would begin when it ends."""
    paused = before is not None and before.stands(order.at_ms) and before.cause == HandOffCause.PAUSED
    return paused and order.until_ms is not None and order.cause is HandOffCause.DIRECTED


def message_of(word: HandOffWord) -> HandOffSwitched:
    """Return the word as the boxes get it."""
    return HandOffSwitched(
        site_id=word.site_id,
        sequence=word.sequence,
        is_set=word.is_set,
        at_ms=word.at_ms,
        until_ms=word.until_ms,
        cause=HandOffCause(word.cause),
    )


def newest(session: Session) -> Sequence[HandOffWord]:
    """Return the last word on every site that has one."""
    sites = session.scalars(select(HandOffWord.site_id).distinct().order_by(HandOffWord.site_id)).all()
    return [word for site_id in sites if (word := last(session, site_id)) is not None]


def sites(session: Session, now_ms: int) -> Sequence[SiteSwitch]:
    """Return every site's switch. A box that holds an older word has not heard the last one."""
    held = {row.device_id: row for row in session.scalars(select(BoxHolds))}
    devices = session.scalars(select(Device).where(Device.active).order_by(Device.id)).all()
    found = []
    for site_id in session.scalars(select(Site.id).order_by(Site.id)):
        word = last(session, site_id)
        wanted = 0 if word is None else word.sequence
        boxes = tuple(
            (device.id, (row := held.get(device.id)) is not None and row.sequence == wanted)
            for device in devices
            if device.site_id == site_id
        )
        found.append(SiteSwitch(site_id, word, word is not None and word.stands(now_ms), boxes))
    return found


def note_held(session: Session, held: HandOffHeld) -> None:
    """Keep what a box says that it holds, unless something newer is here."""
    known = session.get(BoxHolds, held.device_id)
    if known is None or known.said_at_ms <= held.said_at_ms:
        session.merge(BoxHolds(**held.model_dump(exclude={"schema_version"})))


def handed_off(session: Session, site_id: str, from_ms: int, to_ms: int) -> HandOffCause | None:
    """Return why nobody was to be accused at a site from ``from_ms`` to ``to_ms``, both included; None: no reason."""
    said = select(HandOffWord).where(HandOffWord.site_id == site_id, HandOffWord.at_ms <= to_ms)
    words = session.scalars(said.order_by(HandOffWord.sequence.desc()).limit(LOOKED_BACK)).all()
    ends_ms = to_ms + 1
    for word in words:  # the newest first; each ends the one before it
        if word.is_set and min(ends_ms, word.until_ms or ends_ms) > from_ms:
            return HandOffCause(word.cause)
        ends_ms = min(ends_ms, word.at_ms)
    return None


def last(session: Session, site_id: str) -> HandOffWord | None:
    """Return the last word on a site, None where none was said."""
    said = select(HandOffWord).where(HandOffWord.site_id == site_id).order_by(HandOffWord.sequence.desc())
    return session.scalar(said.limit(1))
