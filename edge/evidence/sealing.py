"""The end of a package: what was reported is put in, the folder gets its name, and the manifest seals it.

``act.json`` and the folder's name come first, the manifest last and within the outbox's transaction, which gives it
its number. A power cut in between leaves a folder without a valid place in the chain; ``reopen`` reads it, so that the
next start can seal it and nothing is lost.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from contract.evidence import MANIFEST, EvidenceFile, Manifest, Versions
from contract.identity import chain_of, key_text
from contract.messages import ActReported, PackagedAct
from contract.seal import message_bytes, seal
from edge.chain import Link
from edge.errors import InputProblemError
from edge.evidence.package import Package, describe, write_through

ACT: Final = "act.json"


@dataclass(frozen=True, slots=True)
class Closed:
    """A package that lacks nothing but its manifest. ``files`` are all others."""

    folder: Path
    packaged: PackagedAct
    files: tuple[EvidenceFile, ...]

    @property
    def act(self) -> ActReported:
        """Return what is reported."""
        return self.packaged.act


@dataclass(frozen=True, slots=True)
class Seal:
    """Who seals: the device's key, and the name by which the centre knows it."""

    key_id: str
    key: Ed25519PrivateKey

    @property
    def chain(self) -> str:
        """Return the name of the chain that it seals."""
        return chain_of(self.key.public_key())


def close(package: Package, act: ActReported) -> Closed:
    """Put the act in and give the folder its name; a closed package of the same act is replaced."""
    packaged = PackagedAct(act=act, stills=package.stills, crop=package.crop)
    data = message_bytes(packaged)
    write_through(package.unfinished / ACT, data)
    _sync_folder(package.unfinished)
    shutil.rmtree(package.folder, ignore_errors=True)
    package.unfinished.rename(package.folder)
    _sync_folder(package.folder.parent)
    return Closed(package.folder, packaged, (*package.files, describe(ACT, data)))


def seal_package(closed: Closed, link: Link, by: Seal, sealed_at_ms: int) -> EvidenceFile:
    """Write the manifest at its place in the chain; return its entry. An older manifest is replaced whole."""
    act, packaged = closed.act, closed.packaged
    if act.clock is None:
        raise ValueError("expected an act that says how its clock was, found none")
    manifest = Manifest(
        event_id=act.event_id,
        device_id=act.device_id,
        sequence=link.sequence,
        previous_sha256=link.previous_sha256,
        public_key=key_text(by.key.public_key()),
        sealed_at_ms=sealed_at_ms,
        camera_id=act.camera_id,
        kind=act.kind,
        track_id=act.track_id,
        clock_source=act.clock_source,
        clock=act.clock,
        versions=Versions(software=act.software_version, scene_sha256=act.scene_sha256, rule=act.rule, model=act.model),
        files=closed.files,
        stills=packaged.stills,
        crop=packaged.crop,
    )
    data = seal(manifest, by.key_id, by.key)
    beside = closed.folder / f".{MANIFEST}.part"
    write_through(beside, data)
    beside.rename(closed.folder / MANIFEST)
    _sync_folder(closed.folder)
    return describe(MANIFEST, data)


def reopen(folder: Path) -> Closed:
    """Read a package that was closed and perhaps not sealed. Raises InputProblemError."""
    try:
        packaged = PackagedAct.model_validate_json((folder / ACT).read_bytes())
        names = sorted(p.name for p in folder.iterdir() if p.name != MANIFEST and not p.name.startswith("."))
        files = tuple(describe(name, (folder / name).read_bytes()) for name in names)
    except (OSError, ValidationError, KeyError) as error:
        raise InputProblemError(
            f"{folder}: expected a package without its seal: {str(error).splitlines()[0]}"
        ) from error
    return Closed(folder, packaged, files)


def left_open(root: Path, known: Callable[[str], bool]) -> tuple[Path, ...]:
    """Return the closed packages of one camera whose event is not known, oldest first.

    What was never closed is removed: its watch has died before it was whole, and judging again writes it anew.
    """
    if not root.is_dir():
        return ()
    for unfinished in root.glob(".*.part"):
        shutil.rmtree(unfinished, ignore_errors=True)
    # without its act it was delivered and purged long ago: the manifest alone is left
    strangers = [path for path in root.iterdir() if (path / ACT).is_file() and not known(path.name)]
    return tuple(sorted(strangers, key=lambda path: path.stat().st_mtime_ns))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
