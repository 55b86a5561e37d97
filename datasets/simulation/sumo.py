"""SUMO's programs (Lopez et al., ITSC 2018) out of the wheel eclipse-sumo: where they are, and how they are run."""

import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Final

from datasets.errors import PartMissingError

TIME_LIMIT_S: Final = 600
FIXED_ADDRESSES: Final = ("setarch", "-R")
"""SUMO goes through some sets in the order of their members' addresses. Where those are drawn anew for every run, so is
what happens: of eight runs of one seed three or four differed. Without randomised addresses they were all the same; and
what else stands in the environment (cv2 adds a search path for libraries) moves them too, so it gets one of its own."""
REMEDY: Final = "Run: pip install 'lukou[sim]'"


def sumo_folder() -> Path:
    """Return where SUMO is installed. Raises PartMissingError without the extra ``sim``."""
    try:
        home = str(import_module("sumo").SUMO_HOME)
    except (ImportError, AttributeError) as error:
        raise PartMissingError("package eclipse-sumo", "it is not installed", REMEDY) from error
    return Path(home)


def repeats() -> bool:
    """Tell whether a program can be run here so that it does the same each time; some containers forbid it."""
    return bool(_fixed())


def _fixed() -> list[str]:
    setarch, true = shutil.which(FIXED_ADDRESSES[0]), shutil.which("true")
    if setarch is None or true is None:
        return []
    fixed = [setarch, *FIXED_ADDRESSES[1:]]
    return fixed if subprocess.run([*fixed, true], capture_output=True, check=False).returncode == 0 else []


def run_program(name: str, arguments: list[str], folder: Path) -> None:
    """Run one of SUMO's programs in a folder. Raises PartMissingError with its last words where it fails."""
    home = sumo_folder()
    program, surroundings = home / "bin" / name, {"SUMO_HOME": str(home), "LC_ALL": "C"}
    if not program.is_file():
        raise PartMissingError(name, f"cannot be run ({program}: no such file)", REMEDY)
    command = [*_fixed(), str(program), *arguments]
    try:
        done = subprocess.run(
            command, cwd=folder, env=surroundings, capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False
        )
    except OSError as error:
        raise PartMissingError(name, f"cannot be run ({error.strerror})", REMEDY) from error
    except subprocess.TimeoutExpired as error:
        raise PartMissingError(name, f"did not end in {TIME_LIMIT_S} s", "Simulate fewer minutes") from error
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if line.startswith("Error")), done.stderr[-200:])
        raise PartMissingError(name, f"ended with status {done.returncode}: {said}", "Is the extra `sim` whole?")
