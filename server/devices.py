"""The register of devices: whose signature and whose uploads the centre believes."""

import json
from collections.abc import Sequence
from hashlib import sha256
from hmac import compare_digest

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contract.enrolment import fingerprint, key_of, key_text
from contract.seal import PublicKeyOf
from server.db import Base
from server.errors import ConflictError, NotFoundError, WrongInputError


class Device(Base):
    """One box. Its token is kept as a hash; a device that is not active is believed nothing.

    ``cameras`` is a JSON list of the cameras it may speak for; an empty one: any of its site.
    """

    __tablename__ = "devices"

    id: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[str]
    public_key: Mapped[str]
    token_sha256: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    enrolled_at_ms: Mapped[int]
    last_heartbeat: Mapped[str | None]
    last_heartbeat_ms: Mapped[int | None]
    cameras: Mapped[str] = mapped_column(default="[]")
    revoked_at_ms: Mapped[int | None]
    revoked_by: Mapped[str | None]
    revoked_because: Mapped[str | None]

    @property
    def camera_ids(self) -> tuple[str, ...]:
        """Return the cameras it may speak for; none: any of its site."""
        return tuple(json.loads(self.cameras))

    @property
    def fingerprint(self) -> str:
        """Return what `lukou device show` says on the box."""
        return fingerprint(key_of(self.public_key))

    def may_speak_for(self, camera_id: str) -> bool:
        """Tell whether the device was enrolled with this camera."""
        return not self.camera_ids or camera_id in self.camera_ids


class Site(Base):
    """One junction. Its row is what a writer holds while only one may decide something for the whole site."""

    __tablename__ = "sites"

    id: Mapped[str] = mapped_column(primary_key=True)


def claim_site(session: Session, site_id: str) -> None:
    """Hold the site until the unit of work ends; another that wants it waits (SQLite: a writer is alone anyway)."""
    session.execute(select(Site.id).where(Site.id == site_id).with_for_update())


def enrol(
    session: Session,
    device_id: str,
    site_id: str,
    key: Ed25519PublicKey,
    token: str,
    now_ms: int,
    cameras: Sequence[str] = (),
) -> Device:
    """Register a device, or give a registered one a new key and token (the old ones end at once)."""
    device = session.get(Device, device_id) or Device(id=device_id)
    device.site_id, device.cameras = site_id, json.dumps(list(cameras))
    device.public_key = key_text(key)
    device.token_sha256 = token_hash(token)
    device.active, device.enrolled_at_ms = True, now_ms
    device.revoked_at_ms = device.revoked_by = device.revoked_because = None
    session.add(device)
    session.merge(Site(id=site_id))
    return device


def revoke(session: Session, device_id: str, who: str, reason: str, now_ms: int) -> Device:
    """Believe a device nothing from now on. Only a new enrolment brings it back.

    Raises:
        NotFoundError: there is no such device.
        ConflictError: it is revoked already.
        WrongInputError: no reason.
    """
    device = session.get(Device, device_id)
    if device is None:
        raise NotFoundError(f"there is no device {device_id[:64]!r}")
    if not device.active:
        raise ConflictError(f"{device_id} is revoked already")
    if not reason.strip():
        raise WrongInputError("a revocation needs a reason: what happened to the box")
    device.active, device.revoked_at_ms, device.revoked_by, device.revoked_because = False, now_ms, who, reason
    return device


def all_devices(session: Session) -> Sequence[Device]:
    """Return the register, by site and id."""
    return session.scalars(select(Device).order_by(Device.site_id, Device.id)).all()


def token_hash(token: str) -> str:
    """Return what is stored of a token: a random 32-byte secret needs no slow hash."""
    return sha256(token.encode("utf-8")).hexdigest()


def key_lookup(session: Session) -> PublicKeyOf:
    """Return the lookup by which a seal is checked: active devices only."""

    def public_key_of(key_id: str) -> Ed25519PublicKey | None:
        device = session.get(Device, key_id)
        if device is None or not device.active:
            return None
        return key_of(device.public_key)

    return public_key_of


def by_token(session: Session, token: str) -> Device | None:
    """Return the active device that holds this token."""
    digest = token_hash(token)
    device = session.scalar(select(Device).where(Device.token_sha256 == digest))
    if device is None or not device.active or not compare_digest(device.token_sha256, digest):
        return None
    return device
