"""The footage of the demonstration: vtest.avi (PETS 2009 S2.L1, view 1) out of Debian's package opencv-doc."""

import gzip
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Final

from datasets.debian import Say, fetch
from datasets.errors import PartMissingError

NAME: Final = "vtest.avi"
PACKAGE: Final = "opencv-doc"
SHA256: Final = "45cddc9490be69345cbdab64ca583be65987e864ca408038e648db99e10516cf"
FRAMES: Final = 795


def footage(cache: Path, say: Say, apt: str = "apt-get") -> Path:
    """Return the footage's path, fetching it if it is not there.

    Args:
        cache: the folder that keeps it.
        say: told what is going on.
        apt: the apt-get to use.

    Raises:
        PartMissingError: it cannot be had, or is not the file that we know.
    """
    kept = cache / NAME
    if kept.is_file() and _digest(kept) == SHA256:
        return kept
    cache.mkdir(parents=True, exist_ok=True)
    unpacked = fetch([PACKAGE], cache / PACKAGE, say, command=apt)
    found = next(unpacked.rglob(f"{NAME}*"), None)
    if found is None:
        raise PartMissingError(NAME, f"Debian's {PACKAGE} holds no such file", "Bring your own video with --source")
    part = kept.with_suffix(".part")
    data = gzip.decompress(found.read_bytes()) if found.suffix == ".gz" else found.read_bytes()
    part.write_bytes(data)
    if _digest(part) != SHA256:
        why = f"expected SHA-256 {SHA256[:12]}..., found {_digest(part)[:12]}..."
        part.unlink()
        raise PartMissingError(NAME, why, "Delete the cache folder and try again")
    part.rename(kept)
    shutil.rmtree(unpacked)
    return kept


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
