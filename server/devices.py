"""The register of devices: whose signature and whose uploads the centre believes."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from contract.identity import chain_of, fingerprint, key_of, key_text
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


class DeviceKey(Base):
    """A key that a device has, or had: what it sealed is believed for good, unless the key is told to be compromised.

    ``until_ms`` says when another key took its place. ``chain`` is its name (contract.identity).
    """

    __tablename__ = "device_keys"

    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    chain: Mapped[str] = mapped_column(primary_key=True)
    public_key: Mapped[str]
    from_ms: Mapped[int]
    until_ms: Mapped[int | None]
    compromised_at_ms: Mapped[int | None]


class Site(Base):
    """One junction. Its row is what a writer holds while only one may decide something for the whole site."""

    __tablename__ = "sites"

    id: Mapped[str] = mapped_column(primary_key=True)


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
    session.flush()
    _note_key(session, device, chain_of(key), now_ms)
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


def distrust_keys(session: Session, device_id: str, now_ms: int) -> None:
    """Believe nothing any more that a device's keys have sealed or will seal: they may be in other hands."""
    trusted = DeviceKey.device_id == device_id, DeviceKey.compromised_at_ms.is_(None)
    session.execute(update(DeviceKey).where(*trusted).values(compromised_at_ms=now_ms))


def is_distrusted(session: Session, device_id: str, key: Ed25519PublicKey) -> bool:
    """Tell whether this key of a device was told to be compromised."""
    known = session.get(DeviceKey, (device_id, chain_of(key)))
    return known is not None and known.compromised_at_ms is not None


def all_devices(session: Session) -> Sequence[Device]:
    """Return the register, by site and id."""
    return session.scalars(select(Device).order_by(Device.site_id, Device.id)).all()


def _note_key(session: Session, device: Device, chain: str, now_ms: int) -> None:
    others = DeviceKey.device_id == device.id, DeviceKey.until_ms.is_(None), DeviceKey.chain != chain
    session.execute(update(DeviceKey).where(*others).values(until_ms=now_ms))
    known = session.get(DeviceKey, (device.id, chain))
    if known is None:
        session.add(DeviceKey(device_id=device.id, chain=chain, public_key=device.public_key, from_ms=now_ms))
    else:
        known.until_ms = None
    session.flush()


@dataclass(frozen=True, slots=True)
class Speaker:
    """An active device as the intake knows it: its site, and its keys by their chain, the present one first."""

    device_id: str
    site_id: str
    cameras: tuple[str, ...]
    keys: Mapping[str, Ed25519PublicKey]

    def may_speak_for(self, camera_id: str) -> bool:
        """Tell whether the device was enrolled with this camera; none named: any of its site."""
        return not self.cameras or camera_id in self.cameras


def speakers(session: Session, device_ids: Collection[str]) -> dict[str, Speaker]:
    """Return the active ones among these devices, each with every key of its own that is not compromised."""
    found = session.execute(
        select(Device.id, Device.site_id, Device.cameras, DeviceKey.chain, DeviceKey.public_key)
        .join(DeviceKey, DeviceKey.device_id == Device.id)
        .where(Device.id.in_(device_ids), Device.active, DeviceKey.compromised_at_ms.is_(None))
        .order_by(DeviceKey.until_ms.is_not(None), DeviceKey.until_ms.desc())
    )
    keys: dict[tuple[str, str, str], dict[str, Ed25519PublicKey]] = {}
    for device_id, site_id, cameras, chain, text in found:
        keys.setdefault((device_id, site_id, cameras), {})[chain] = key_of(text)
    return {who[0]: Speaker(who[0], who[1], tuple(json.loads(who[2])), known) for who, known in keys.items()}


def key_of_chain(session: Session, device_id: str, chain: str) -> Ed25519PublicKey | None:
    """Return the key that sealed a chain of a device, None where it is not known or told to be compromised."""
    known = session.get(DeviceKey, (device_id, chain))
    return None if known is None or known.compromised_at_ms is not None else key_of(known.public_key)


def claim_sites(session: Session, site_ids: Collection[str]) -> None:
    """Hold sites until the unit of work ends; another that wants one of them waits (SQLite: a writer is alone anyway).

    They are taken in one order by everybody, so that nobody waits in a circle.
    """
    session.execute(select(Site.id).where(Site.id.in_(sorted(site_ids))).order_by(Site.id).with_for_update())


def token_hash(token: str) -> str:
    """Return what is stored of a token: a random 32-byte secret needs no slow hash."""
    return sha256(token.encode("utf-8")).hexdigest()


def by_token(session: Session, token: str) -> Device | None:
    """Return the active device that holds this token."""
    digest = token_hash(token)
    device = session.scalar(select(Device).where(Device.token_sha256 == digest))
    if device is None or not device.active or not compare_digest(device.token_sha256, digest):
        return None
    return device
