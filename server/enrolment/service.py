"""What becomes of a box that shows a code. Whoever calls commits, also after a refusal: it is counted and logged.

To the outside every code that opens nothing is the same; the audit log has which it was.
"""

import ipaddress
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hmac import compare_digest
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from contract.enrolment import EnrolmentRequest, proven
from server import audit, devices
from server.broker_access.rights import Box
from server.devices import Device
from server.enrolment.codes import code_hash, use_up
from server.enrolment.models import EnrolmentCode, RefusalCount, RefusedEnrolment

SPAN_MS: Final = 10 * 60_000
REFUSED_MAX: Final = 10
"""From one address in the span; after that it waits."""
REFUSED_IN_ALL_MAX: Final = 100
"""From all addresses in the span: it bounds what a flood can write, for 80 random bits cannot be guessed anyway."""

TOKEN_MARK: Final = 16
"""So much of a token's hash tells it from an older one; the broker's file shows it."""


class Refusal(StrEnum):
    """Why nobody was enrolled."""

    MALFORMED = "malformed"
    BAD_PROOF = "bad_proof"
    UNKNOWN_CODE = "unknown_code"
    CODE_WITHDRAWN = "code_withdrawn"
    CODE_OVER = "code_over"
    CODE_USED = "code_used"
    KEY_LOST = "key_lost"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A box that is enrolled now, and its token, which is kept nowhere."""

    device: Device
    token: str


def enrol(session: Session, body: bytes, address: str, now_ms: int) -> Enrolled | Refusal:
    """Enrol whoever shows a code that is open and a key that they hold.

    The same key may show its code again until the code is over: an answer may be lost on its way. It gets a new token.
    """
    source = _source(address)
    if _is_limited(session, source, now_ms):
        _count(session, Refusal.TOO_MANY)
        return Refusal.TOO_MANY
    try:
        request = EnrolmentRequest.model_validate_json(body)
    except ValidationError:
        return _refuse(session, Refusal.MALFORMED, source, now_ms)
    key = proven(request)
    if key is None:
        return _refuse(session, Refusal.BAD_PROOF, source, now_ms)
    code = _opened(session, request, key, now_ms)
    if isinstance(code, Refusal):
        return _refuse(session, code, source, now_ms)
    token = secrets.token_urlsafe(32)
    device = devices.enrol(session, code.device_id, code.site_id, key, token, now_ms, json.loads(code.cameras))
    told = f"{device.id} at {device.site_id} from {source}, key {device.fingerprint}, code of {code.made_by}"
    audit.record(session, now_ms, device.id, "device.enrol", detail=told)
    session.flush()
    return Enrolled(device, token)


def box_of(device: Device) -> Box:
    """Return a device as the broker is told of it."""
    return Box(device.id, device.site_id, device.camera_ids, device.token_sha256[:TOKEN_MARK], device.active)


def boxes(session: Session) -> list[Box]:
    """Return the whole register as the broker is told of it."""
    return [box_of(device) for device in devices.all_devices(session)]


def refusals(session: Session) -> Mapping[str, int]:
    """Return how many enrolments were ever refused, by reason."""
    counted = select(RefusalCount).where(RefusalCount.count > 0).order_by(RefusalCount.reason)
    return {row.reason: row.count for row in session.scalars(counted)}


def _opened(session: Session, request: EnrolmentRequest, key: Ed25519PublicKey, now_ms: int) -> EnrolmentCode | Refusal:
    digest = code_hash(request.code)
    code = session.scalar(select(EnrolmentCode).where(EnrolmentCode.code_sha256 == digest))
    if code is None or not compare_digest(code.code_sha256, digest):
        return Refusal.UNKNOWN_CODE
    if code.withdrawn_at_ms is not None:
        return Refusal.CODE_WITHDRAWN
    if code.ends_at_ms <= now_ms:
        return Refusal.CODE_OVER
    if devices.is_distrusted(session, code.device_id, key):
        return Refusal.KEY_LOST
    return code if use_up(session, code, request.public_key) else Refusal.CODE_USED


def _source(address: str) -> str:
    """Return what counts as one address: of IPv6 the /64 that one line is given."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(found if found.version == 4 else ipaddress.ip_network((found, 64), strict=False))


def _is_limited(session: Session, source: str, now_ms: int) -> bool:
    recent = select(func.count()).where(RefusedEnrolment.at_ms > now_ms - SPAN_MS)
    of_source = session.scalar(recent.where(RefusedEnrolment.address == source)) or 0
    return of_source >= REFUSED_MAX or (session.scalar(recent) or 0) >= REFUSED_IN_ALL_MAX


def _refuse(session: Session, why: Refusal, source: str, now_ms: int) -> Refusal:
    session.execute(delete(RefusedEnrolment).where(RefusedEnrolment.at_ms <= now_ms - SPAN_MS))
    session.add(RefusedEnrolment(address=source, at_ms=now_ms))
    session.flush()
    ends = " (the last that is logged: from here on it waits)" if _is_limited(session, source, now_ms) else ""
    audit.record(session, now_ms, "service", "device.enrol_refused", detail=f"{source}: {why.value}{ends}")
    _count(session, why)
    return why


def _count(session: Session, why: Refusal) -> None:
    one_more = update(RefusalCount).where(RefusalCount.reason == why.value).values(count=RefusalCount.count + 1)
    session.execute(one_more)
