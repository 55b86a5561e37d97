"""The register of devices: whose signature and whose uploads the centre believes."""

import base64
from hashlib import sha256
from hmac import compare_digest

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contract.seal import PublicKeyOf
from server.db import Base


class Device(Base):
    """One box. Its token is kept as a hash; a device that is not active is believed nothing."""

    __tablename__ = "devices"

    id: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[str]
    public_key: Mapped[str]
    token_sha256: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    enrolled_at_ms: Mapped[int]
    last_heartbeat: Mapped[str | None]
    last_heartbeat_ms: Mapped[int | None]


class Site(Base):
    """One junction. Its row is what a writer holds while only one may decide something for the whole site."""

    __tablename__ = "sites"

    id: Mapped[str] = mapped_column(primary_key=True)


def claim_site(session: Session, site_id: str) -> None:
    """Hold the site until the unit of work ends; another that wants it waits (SQLite: a writer is alone anyway)."""
    session.execute(select(Site.id).where(Site.id == site_id).with_for_update())


def enrol(session: Session, device_id: str, site_id: str, key: Ed25519PublicKey, token: str, now_ms: int) -> Device:
    """Register a device, or give a registered one a new key and token (the old ones end at once)."""
    device = session.get(Device, device_id) or Device(id=device_id)
    device.site_id = site_id
    device.public_key = base64.b64encode(key.public_bytes_raw()).decode("ascii")
    device.token_sha256 = token_hash(token)
    device.active, device.enrolled_at_ms = True, now_ms
    session.add(device)
    session.merge(Site(id=site_id))
    return device


def token_hash(token: str) -> str:
    """Return what is stored of a token: a random 32-byte secret needs no slow hash."""
    return sha256(token.encode("utf-8")).hexdigest()


def key_lookup(session: Session) -> PublicKeyOf:
    """Return the lookup by which a seal is checked: active devices only."""

    def public_key_of(key_id: str) -> Ed25519PublicKey | None:
        device = session.get(Device, key_id)
        if device is None or not device.active:
            return None
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(device.public_key))

    return public_key_of


def by_token(session: Session, token: str) -> Device | None:
    """Return the active device that holds this token."""
    digest = token_hash(token)
    device = session.scalar(select(Device).where(Device.token_sha256 == digest))
    if device is None or not device.active or not compare_digest(device.token_sha256, digest):
        return None
    return device
