"""Builders for the centre's tests: events with real evidence, sealed by a real key, delivered as a box would."""

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from uuid import UUID

import cv2
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.orm import Session

from contract.evidence import ClockProof, EvidenceFile, Manifest, ModelUsed, RuleApplied, Still, Versions
from contract.identity import event_id, key_text
from contract.messages import LampAtEntry, SourceSaid, ViolationReported
from contract.seal import seal
from contract.words import (
    ClockReference,
    ClockStatus,
    LampSource,
    LampState,
    RoadUserKind,
    StillRole,
    ViolationKind,
)
from server.api.noting import note_stored
from server.db import unit_of_work
from server.ingest.intake import Intake
from server.service import Service

NOW_MS = 1_800_000_000_000
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TOKEN = "t" * 43
PASSWORD = "a long enough password"
TOPIC = "lukou/v1/s-1/c-1/violation"
KIND = ViolationKind.PEDESTRIAN_RED_LIGHT
SUBJECT = (40.0, 20.0, 80.0, 100.0)
CLOCK = ClockProof(
    status=ClockStatus.VALID,
    source=ClockReference.CHRONY,
    offset_ms=3.0,
    uncertainty_ms=12.0,
    synchronised_at_ms=NOW_MS - 300_000,
)
RULE = RuleApplied(name=KIND, version=1, parameters={"advance_m": 3.0})
MODEL = ModelUsed(name="nanodet-g", sha256="0" * 64)
MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "json": "application/json",
    "csv": "text/csv",
    "mp4": "video/mp4",
    "yaml": "application/yaml",
}
SAID = (
    SourceSaid(source=LampSource.LAMP, state=LampState.RED, since_ms=NOW_MS - 70_000, age_ms=40),
    SourceSaid(source=LampSource.PLAN, state=LampState.RED, since_ms=NOW_MS - 70_100, age_ms=0),
)


def log_in(client, name: str = "officer", password: str = PASSWORD):
    """Send the login's form as a browser does, with the token of the visit; return the answer."""
    visit = csrf_of(client.get("/login").text)
    return client.post("/login", data={"csrf": visit, "name": name, "password": password})


def csrf_of(html: str) -> str:
    """Return the token of a page's forms."""
    return html.split('name="csrf" value="')[1].split('"', maxsplit=1)[0]


@dataclass(frozen=True)
class Act:
    """One event and its files."""

    message: ViolationReported
    files: dict[str, bytes]

    def sealed(self, key: Ed25519PrivateKey = KEY, key_id: str = "box-1") -> bytes:
        return seal(self.message, key_id, key)


@cache
def picture(seed: int) -> bytes:
    noise = np.random.default_rng(seed).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    return cv2.imencode(".jpg", noise)[1].tobytes()


def described(name: str, data: bytes) -> EvidenceFile:
    media_type = MEDIA_TYPES[name.rpartition(".")[2]]
    return EvidenceFile(name=name, sha256=sha256(data).hexdigest(), size_bytes=len(data), media_type=media_type)


def make_act(number: int = 1, *, key: Ed25519PrivateKey = KEY, more: dict | None = None, **changes) -> Act:
    """One act, the ``number``-th of its device; its manifest says what it says, with every change of it.

    ``more`` are files beside the stills, or other ones in their place.
    """
    name: UUID = event_id("c-1", KIND, number, NOW_MS - 60_000)
    names = [f"{role.value}{end}.jpg" for role in StillRole for end in ("", "_original")]
    files = {file: picture(seed) for seed, file in enumerate(names)} | (more or {})
    values = {
        "event_id": name,
        "device_id": "box-1",
        "sequence": number,
        "previous_manifest_sha256": manifest_sha256(number - 1, key),
        "site_id": "s-1",
        "site_name": "路口一",
        "camera_id": "c-1",
        "direction": "由南向北",
        "kind": KIND,
        "user": RoadUserKind.PEDESTRIAN,
        "track_id": number,
        "zone_id": "n",
        "signal_id": "ped",
        "entered_at_ms": NOW_MS - 60_000 + number,
        "confirmed_at_ms": NOW_MS - 58_000,
        "measure": 3.1,
        "rule": RULE,
        "lamp": LampAtEntry(state=LampState.RED, since_ms=NOW_MS - 70_000, sources=SAID),
        "model": MODEL,
        "scene_sha256": "1" * 64,
        "software_version": "0.1.0",
        "clock_source": "footage",
        "seen_at_ms": NOW_MS - 57_000,
        "demonstration": False,
        "clock": CLOCK,
    } | changes
    described_files = tuple(described(n, d) for n, d in files.items())
    files["manifest.json"] = seal(
        manifest_of(values, described_files, public_key=key_text(key.public_key())), values["device_id"], key
    )
    values.setdefault("evidence", (*described_files, described("manifest.json", files["manifest.json"])))
    return Act(ViolationReported(**values), files)


def manifest_of(said: dict, files: tuple[EvidenceFile, ...], **changes) -> Manifest:
    """The manifest of what an event says."""
    number, previous = said["sequence"], said["previous_manifest_sha256"]
    user = {"track_id": said["track_id"], "kind": RoadUserKind.PEDESTRIAN, "box_xyxy_px": SUBJECT}
    stills = tuple(
        Still(
            role=role,
            captured_at_ms=NOW_MS - 60_000,
            stamped=f"{role.value}.jpg",
            original=f"{role.value}_original.jpg",
            width_px=160,
            height_px=120,
            road_users=(user,),
        )
        for role in StillRole
    )
    values = {
        "event_id": said["event_id"],
        "device_id": said["device_id"],
        "sequence": number,
        "previous_sha256": None if number == 1 else previous or "0" * 64,
        "public_key": key_text(KEY.public_key()),
        "sealed_at_ms": NOW_MS - 56_000,
        "camera_id": said["camera_id"],
        "kind": said["kind"],
        "track_id": said["track_id"],
        "clock_source": said["clock_source"],
        "clock": said["clock"] or CLOCK,
        "versions": Versions(
            software=said["software_version"], scene_sha256=said["scene_sha256"], rule=said["rule"], model=said["model"]
        ),
        "files": files,
        "stills": stills,
    }
    return Manifest(**(values | changes))


@cache
def manifest_sha256(number: int, key: Ed25519PrivateKey = KEY) -> str | None:
    """The hash of the manifest of a plain act with this number; none before the first."""
    for earlier in range(50, number, 50):
        manifest_sha256(earlier, key)  # each builds on the one before: this keeps the calls flat
    return None if number == 0 else sha256(make_act(number, key=key).files["manifest.json"]).hexdigest()


def drop_trigger(session: Session, name: str) -> None:
    """Take a trigger of the ledger away, as somebody could who holds the database."""
    where = " ON ledger_entries" if session.get_bind().dialect.name == "postgresql" else ""
    session.execute(text(f"DROP TRIGGER {name}{where}"))


def take(service: Service, payload: bytes, topic: str = TOPIC):
    """Take a message in and commit."""
    with unit_of_work(service.sessions) as session:
        return Intake(session, service.settings.demonstration, NOW_MS, service.house.book).take(topic, payload)


def deliver(service: Service, act: Act, *, files: bool = True) -> None:
    """Take an event in with its evidence."""
    take(service, act.sealed())
    for data in act.files.values() if files else ():
        keep_file(service, data)


def keep_file(service: Service, data: bytes, token: str = TOKEN) -> None:
    """Store a file as if its upload had come whole."""
    service.store.put(data)
    note_stored(service, token, sha256(data).hexdigest())


def body_of(payload: bytes) -> dict:
    return json.loads(payload)["body"]
