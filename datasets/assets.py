"""What the pages and the stamps need from npm: htmx, Annotorious and a Chinese font; and what the tests look with.

npm checks each package against package-lock.json's integrity hash; only the files that are used are kept. What the
tests alone need has a folder of its own: no centre serves it.
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
KEPT_BY_TESTS: Final = {"axe.min.js": "axe-core/axe.min.js"}
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
    if not _are_there(cache, KEPT):
        _fetch(cache, KEPT, (*npm, "ci", "--omit=dev"), say)
        _check_font(cache / FONT)
        (cache / STAMP).write_text(_wanted())
    return cache


def checks(cache: Path, npm: tuple[str, ...], say: Say) -> Path:
    """Return the folder with what the tests look at pages with; arguments and errors as in ``assets``."""
    if not _are_there(cache, KEPT_BY_TESTS):
        _fetch(cache, KEPT_BY_TESTS, (*npm, "ci"), say)
        (cache / STAMP).write_text(_wanted())
    return cache


def _wanted() -> str:
    lock = ROOT / "package-lock.json"
    if not lock.is_file():
        raise PartMissingError("assets", f"there is no {lock.name} beside the sources", "Run from a checkout")
    return sha256(lock.read_bytes()).hexdigest()


def _are_there(cache: Path, kept: dict[str, str]) -> bool:
    wanted, stamp = _wanted(), cache / STAMP
    return stamp.is_file() and stamp.read_text() == wanted and all((cache / name).is_file() for name in kept)


def _fetch(cache: Path, kept: dict[str, str], npm_ci: tuple[str, ...], say: Say) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="lukou-assets-") as folder:
        _install(Path(folder), npm_ci, say)
        for name, source in kept.items():
            shutil.copyfile(Path(folder) / "node_modules" / source, cache / f"{name}.part")
            (cache / f"{name}.part").rename(cache / name)


def _install(folder: Path, npm_ci: tuple[str, ...], say: Say) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(ROOT / name, folder / name)
    say("npm ci: htmx, Annotorious, Noto Sans SC")
    command = [*npm_ci, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
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
