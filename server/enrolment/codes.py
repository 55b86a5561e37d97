"""The one-time codes: made by an admin for one device, shown once, kept as a hash, over after half an hour."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from contract.enrolment import CAMERAS_MAX, new_code
from contract.fields import Identifier
from server import audit, devices
from server.enrolment.models import EnrolmentCode
from server.errors import ConflictError, NotFoundError, WrongInputError

CODE_MS: Final = 30 * 60_000
RESERVED: Final = frozenset({"centre"})
"""The centre's own name: its key's in a seal, its user's at the broker."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an admin asks a code for. Without cameras the box may speak for any camera of its site."""

    device_id: str
    site_id: str
    cameras: tuple[str, ...]
    who: str
    at_ms: int


def make(session: Session, wanted: Wanted) -> str:
    """Make a code and return it: only its hash is kept. Earlier codes of the same device end at once.

    Raises:
        WrongInputError: an id that can be none.
        ConflictError: a camera is another active device's.
    """
    _check(session, wanted)
    _withdraw_all(session, wanted.device_id, wanted.at_ms)
    code = new_code()
    made = EnrolmentCode(
        code_sha256=code_hash(code),
        device_id=wanted.device_id,
        site_id=wanted.site_id,
        cameras=json.dumps(wanted.cameras),
        made_by=wanted.who,
        made_at_ms=wanted.at_ms,
        ends_at_ms=wanted.at_ms + CODE_MS,
    )
    session.add(made)
    told = f"{wanted.device_id} at {wanted.site_id}: {', '.join(wanted.cameras) or 'any camera'}"
    audit.record(session, wanted.at_ms, wanted.who, "device.code", detail=told)
    return code


def open_codes(session: Session, now_ms: int) -> Sequence[EnrolmentCode]:
    """Return the codes that nobody has used yet and that are not over, the newest first."""
    still = select(EnrolmentCode).where(
        EnrolmentCode.used_by_key.is_(None),
        EnrolmentCode.withdrawn_at_ms.is_(None),
        EnrolmentCode.ends_at_ms > now_ms,
    )
    return session.scalars(still.order_by(EnrolmentCode.id.desc())).all()


def withdraw(session: Session, code_id: int, who: str, now_ms: int) -> None:
    """End a code that nobody has used yet. Raises NotFoundError."""
    found = next((code for code in open_codes(session, now_ms) if code.id == code_id), None)
    if found is None:
        raise NotFoundError(f"there is no open code {code_id}")
    found.withdrawn_at_ms = now_ms
    audit.record(session, now_ms, who, "device.code_withdrawn", detail=f"{found.device_id} at {found.site_id}")


def revoke_device(session: Session, device_id: str, who: str, reason: str, now_ms: int, *, key_is_lost: bool) -> None:
    """Revoke a device at once, and with it every code by which it could come back. Raises as `devices.revoke`.

    ``key_is_lost``: its keys may be in other hands, so what they sealed is not believed either, now or later.
    """
    devices.revoke(session, device_id, who, reason, now_ms)
    if key_is_lost:
        devices.distrust_keys(session, device_id, now_ms)
    _withdraw_all(session, device_id, now_ms)
    lost = " (its key is lost)" if key_is_lost else ""
    audit.record(session, now_ms, who, "device.revoke", detail=f"{device_id}: {reason}{lost}")


def use_up(session: Session, code: EnrolmentCode, public_key: str) -> bool:
    """Let a key have the code; False where another key, or an end, was faster. The same key may ask again."""
    still = update(EnrolmentCode).where(
        EnrolmentCode.id == code.id,
        EnrolmentCode.withdrawn_at_ms.is_(None),
        or_(EnrolmentCode.used_by_key.is_(None), EnrolmentCode.used_by_key == public_key),
    )
    taken = session.execute(still.values(used_by_key=public_key).returning(EnrolmentCode.id))
    return taken.scalar() is not None


def code_hash(code: str) -> str:
    """Return what is stored of a code: 80 random bits for half an hour need no slow hash."""
    return sha256(code.encode("ascii")).hexdigest()


def _withdraw_all(session: Session, device_id: str, now_ms: int) -> None:
    of_device = update(EnrolmentCode).where(
        EnrolmentCode.device_id == device_id, EnrolmentCode.withdrawn_at_ms.is_(None)
    )
    session.execute(of_device.values(withdrawn_at_ms=now_ms))


def _check(session: Session, wanted: Wanted) -> None:
    for name, given in (
        ("device", wanted.device_id),
        ("site", wanted.site_id),
        *(("camera", c) for c in wanted.cameras),
    ):
        try:
            TypeAdapter(Identifier).validate_python(given)
        except ValidationError as error:
            expected = "expected lower-case letters, digits and hyphens, at most 63"
            raise WrongInputError(f"{name}: {expected}, found {given[:64]!r}") from error
    if wanted.device_id in RESERVED:
        raise WrongInputError(f"device: {wanted.device_id!r} is the centre's own name; choose another")
    if len(wanted.cameras) > CAMERAS_MAX or len(set(wanted.cameras)) < len(wanted.cameras):
        raise WrongInputError(f"cameras: expected at most {CAMERAS_MAX}, each once")
    for other in devices.all_devices(session):
        shared = set(wanted.cameras) & set(other.camera_ids)
        if shared and other.active and other.id != wanted.device_id:
            taken = ", ".join(sorted(shared))
            raise ConflictError(f"{taken}: enrolled with {other.id}; revoke that device first, or leave the camera out")
