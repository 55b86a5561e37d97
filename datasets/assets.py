"""What the pages and the stamps need from npm: htmx, Annotorious and a Chinese font, by package-lock.json.

npm checks each package against the lock's integrity hash; only the files that are used are kept.
"""

import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from PIL import ImageFont

from datasets.debian import Say
from datasets.errors import PartMissingError

ROOT: Final = Path(__file__).parent.parent
KEPT: Final = {
    "annotorious.css": "@annotorious/annotorious/dist/annotorious.css",
    "annotorious.js": "@annotorious/annotorious/dist/annotorious.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "NotoSansSC-Regular.ttf": "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
}
FONT: Final = "NotoSansSC-Regular.ttf"
STAMP: Final = ".lock-sha256"
MUST_DRAW: Final = "路口行人闯红灯妫水北街"


def assets(cache: Path, npm: tuple[str, ...], say: Say) -> Path:
    """Return the folder with the assets, fetching them if they are not there.

    Args:
        cache: the folder that keeps them.
        npm: the words that start npm.
        say: told what is going on.

    Raises:
        PartMissingError: they cannot be had, or are not what they should be.
    """
    lock = ROOT / "package-lock.json"
    if not lock.is_file():
        raise PartMissingError("assets", f"there is no {lock.name} beside the sources", "Run from a checkout")
    wanted = sha256(lock.read_bytes()).hexdigest()
    stamp = cache / STAMP
    if stamp.is_file() and stamp.read_text() == wanted and all((cache / name).is_file() for name in KEPT):
        return cache
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="lukou-assets-") as folder:
        _install(Path(folder), npm, say)
        for name, source in KEPT.items():
            shutil.copyfile(Path(folder) / "node_modules" / source, cache / f"{name}.part")
            (cache / f"{name}.part").rename(cache / name)
    _check_font(cache / FONT)
    stamp.write_text(wanted)
    return cache


def _install(folder: Path, npm: tuple[str, ...], say: Say) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(ROOT / name, folder / name)
    say("npm ci: htmx, Annotorious and Noto Sans SC")
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except OSError as error:
        raise PartMissingError("npm", str(error), "Install Node.js, or run: pip install 'lukou[node]'") from error
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[0]
        raise PartMissingError("npm ci", last, "Is the npm registry reachable?")


def _check_font(path: Path) -> None:
    font = ImageFont.truetype(str(path), 16)
    nothing = bytes(font.getmask("\uffff"))
    missing = [letter for letter in MUST_DRAW if bytes(font.getmask(letter)) == nothing]
    if missing:
        path.unlink()
        raise PartMissingError(path.name, f"it cannot draw {''.join(missing)}", "Delete the cache folder and try again")
