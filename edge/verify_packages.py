"""`lukou evidence verify`: whether evidence packages are whole, sealed, and the unbroken chain of one device.

A package is untrusted: sizes are bounded, only the files of its manifest are read, and nothing is followed out of its
folder. A chain is checked as far as its packages are here; what is not here is told, and is a break.
"""

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract.errors import SealError
from contract.evidence import MANIFEST, EvidenceFile, Manifest
from contract.identity import chain_of, key_of
from contract.seal import MANIFEST_BYTES_MAX, canonical_bytes, unseal, unverified
from edge import purge_journal
from edge.errors import InputProblemError
from edge.purge_journal import Purged

READ_BYTES: int = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Checked:
    """One package: what its manifest says, the manifest's own hash, and what is wrong. No manifest: nothing holds."""

    folder: Path
    manifest: Manifest | None
    sha256: str
    problems: tuple[str, ...]
    purged: tuple[Purged, ...] = ()
    """What the box has deleted of it, by its own word (edge.purge_journal): no break, since the manifest names it."""

    @property
    def chain(self) -> str:
        """Return the name of the key that sealed it."""
        return "" if self.manifest is None else chain_of(key_of(self.manifest.public_key))


@dataclass(frozen=True, slots=True)
class Chain:
    """All packages here of one key, by their numbers, and where they do not fit together."""

    name: str
    packages: tuple[Checked, ...]
    problems: tuple[str, ...]


@dataclass(slots=True)
class Verdict:
    """What came of a verification."""

    chains: list[Chain] = field(default_factory=list)
    unreadable: list[Checked] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Return every problem, a line each."""
        in_packages = [line for chain in self.chains for package in chain.packages for line in package.problems]
        between = [line for chain in self.chains for line in chain.problems]
        return [line for package in self.unreadable for line in package.problems] + in_packages + between


def verify(packages: Iterable[Path], key: Ed25519PublicKey | None) -> Verdict:
    """Verify packages, and the chain of each key that sealed some of them.

    Args:
        packages: folders that hold a manifest each.
        key: the device's key as the centre has it; None where nobody can say whose the seals are.
    """
    verdict = Verdict()
    by_chain: dict[str, list[Checked]] = {}
    for folder in packages:
        checked = check_package(folder, key)
        if checked.manifest is None:
            verdict.unreadable.append(checked)
        else:
            by_chain.setdefault(checked.chain, []).append(checked)
    for name, found in sorted(by_chain.items()):
        verdict.chains.append(Chain(name, tuple(found), tuple(chain_problems(name, found))))
    return verdict


def check_package(folder: Path, key: Ed25519PublicKey | None) -> Checked:
    """Check one package: seal, key, every file, and nothing beside them."""
    path = folder / MANIFEST
    try:
        data = read_bounded(path, MANIFEST_BYTES_MAX)
        manifest = unverified(data, Manifest, MANIFEST_BYTES_MAX).message
    except (InputProblemError, SealError) as error:
        return Checked(folder, None, "", (f"{path}: {error}" if isinstance(error, SealError) else str(error),))
    try:
        purged = _purged(folder, manifest)
    except InputProblemError as error:
        return Checked(folder, manifest, sha256(data).hexdigest(), (str(error),))
    here = [file for file in manifest.files if file.name not in {each.name for each in purged}]
    problems = [*_seal_problems(path, data, manifest, key), *_file_problems(folder, manifest, here)]
    return Checked(folder, manifest, sha256(data).hexdigest(), tuple(problems), purged)


def _purged(folder: Path, manifest: Manifest) -> tuple[Purged, ...]:
    """Return which files the box says it has deleted; one that is here all the same is checked like any other."""
    told = purge_journal.read(folder.parent)
    names = [(str(manifest.event_id), file.name) for file in manifest.files if not (folder / file.name).exists()]
    return tuple(told[name] for name in names if name in told)


def _seal_problems(path: Path, data: bytes, manifest: Manifest, key: Ed25519PublicKey | None) -> Iterator[str]:
    own = key_of(manifest.public_key)
    if key is not None and own != key:
        yield f"{path}: expected the key {chain_of(key)}, found one sealed by {chain_of(own)}"
    try:
        opened = unseal(data, Manifest, lambda _key_id: own, MANIFEST_BYTES_MAX)
    except SealError as error:
        yield f"{path}: {error}"
        return
    if canonical_bytes(json.loads(data)) != data:
        yield f"{path}: expected the canonical form (RFC 8785), found the same said otherwise"
    if opened.key_id != manifest.device_id:
        yield f"{path}: expected the seal of {manifest.device_id}, found that of {opened.key_id}"


def _file_problems(folder: Path, manifest: Manifest, here: Sequence[EvidenceFile]) -> Iterator[str]:
    if folder.name != str(manifest.event_id):
        yield f"{folder}: expected the folder of event {manifest.event_id}"
    named = {file.name for file in manifest.files}
    for stranger in sorted(path.name for path in folder.iterdir() if path.name not in named | {MANIFEST}):
        yield f"{folder / stranger}: expected only files that the manifest names, found this one"
    for file in here:
        problem = file_problem(folder / file.name, file)
        if problem is not None:
            yield problem


def file_problem(path: Path, file: EvidenceFile) -> str | None:
    """Return what is wrong with one file of a package, None where it is the one that was sealed."""
    try:
        if not path.is_file() or path.is_symlink():  # nor a pipe, which would keep us waiting
            return f"{path}: expected a file of the package, found none"
        size_bytes = path.stat().st_size
        if size_bytes != file.size_bytes:
            return f"{path}: expected {file.size_bytes} bytes, found {size_bytes}"
        digest = sha256()
        with path.open("rb") as content:
            while part := content.read(READ_BYTES):
                digest.update(part)
    except OSError as error:
        return f"{path}: expected a file of the package, found none ({error.strerror})"
    found = digest.hexdigest()
    return None if found == file.sha256 else f"{path}: expected SHA-256 {file.sha256}, found {found}"


def read_bounded(path: Path, bytes_max: int) -> bytes:
    """Read a file of a package that is no larger than it may be. Raises InputProblemError."""
    try:
        if not path.is_file():
            raise InputProblemError(f"{path}: expected a file of the package, found none")
        if path.stat().st_size > bytes_max:
            raise InputProblemError(f"{path}: expected at most {bytes_max} bytes, found {path.stat().st_size}")
        return path.read_bytes()
    except OSError as error:
        raise InputProblemError(f"{path}: expected a file of the package, found none ({error.strerror})") from error


def chain_problems(name: str, packages: Sequence[Checked]) -> Iterator[str]:
    """Yield where the packages of one key do not follow one another: a number twice, one that lacks, a wrong hash."""
    ordered = sorted(
        ((p.manifest.sequence, p.manifest.previous_sha256, p) for p in packages if p.manifest is not None),
        key=lambda each: each[0],
    )
    for (number, _, before), (following, previous_sha256, after) in itertools.pairwise(ordered):
        if following == number:
            yield f"chain {name}: number {number} is there twice: {before.folder.name}, {after.folder.name}"
        elif following > number + 1:
            lacking = f"{number + 1}" if following == number + 2 else f"{number + 1} to {following - 1}"
            yield f"chain {name}: expected number {lacking}, found none"
        elif previous_sha256 != before.sha256:
            yield f"chain {name}: {after.folder.name} (number {following}) does not follow {before.folder.name}"
