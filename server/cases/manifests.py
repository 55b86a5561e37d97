"""Looks into ``manifest.json`` when it comes: the seal is that of the event's chain, and the body is the event's own.

What is not so holds the event (server.cases.holding): its case, if one was opened, cannot be confirmed.
"""

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.orm import Session

from contract.errors import SealError
from contract.evidence import Manifest
from contract.messages import ViolationReported
from contract.seal import MANIFEST_BYTES_MAX, unseal
from server.cases.holding import HeldBecause, Hold, graver, manifest_problems
from server.cases.models import Event
from server.devices import key_of_chain

DETAIL_MAX = 500


def check_manifest(session: Session, event: Event, data: bytes) -> Hold | None:
    """Hold an event whose manifest is not its own; events of before the chains have none to check."""
    if event.chain is None:
        return None
    problem = _problem(session, event, event.chain, data)
    if problem is None:
        return None
    hold = Hold(HeldBecause.MANIFEST, problem)
    hold_back(session, event.event_id, hold)
    return hold


def hold_back(session: Session, event_id: str, hold: Hold) -> None:
    """Hold an event that is here, unless it is held for a graver reason already."""
    lighter: list[ColumnElement[bool]] = [
        Event.held_because.is_(None),
        Event.held_because.in_([known for known in HeldBecause if graver(known, hold.because)]),
    ]
    which = Event.event_id == event_id, or_(*lighter)
    session.execute(update(Event).where(*which).values(held_because=hold.because, held_detail=hold.detail[:DETAIL_MAX]))


def open_manifest(session: Session, event: Event, chain: str, data: bytes) -> Manifest | str:
    """Return what ``manifest.json`` says, or why its seal is not that of the event's chain."""
    key = key_of_chain(session, event.device_id, chain)
    if key is None:
        return f"the key of chain {chain} is not known, or told to be compromised"
    try:
        opened = unseal(data, Manifest, lambda key_id: key if key_id == event.device_id else None, MANIFEST_BYTES_MAX)
    except SealError as error:
        return f"manifest.json: {error}"
    return opened.message


def _problem(session: Session, event: Event, chain: str, data: bytes) -> str | None:
    opened = open_manifest(session, event, chain, data)
    if isinstance(opened, str):
        return opened
    found = manifest_problems(opened, ViolationReported.model_validate_json(event.body))
    return f"manifest.json differs from its event in: {', '.join(found)}" if found else None
