"""The errors of models that a person at the terminal reads; ``exit_status`` as in docs/formats.md.

ModelError
  +- UnknownModelError    the catalog has no model of that name (2)
  +- ModelFileError       the catalog, a sidecar or an .onnx is not what it should be (2)
  +- ConversionError      a graph that the converter cannot rewrite (2)
  +- PartMissingError     npm or a pulled model is missing, or the registry is out of reach (3)
  +- WrongContentError    what was fetched is not what the catalog promises (3)
"""

from collections.abc import Iterable
from pathlib import Path


class ModelError(Exception):
    """An error about models that is told without a traceback."""

    exit_status = 2


class UnknownModelError(ModelError):
    """Nobody here knows a model of that name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"model: expected one of {', '.join(sorted(known))}, or a path to an .onnx file; found {name!r}"
        )


class ModelFileError(ModelError):
    """A catalog, sidecar or .onnx that cannot be used. ``problems`` has one line each, with the place in the file."""

    def __init__(self, source: str | Path, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{source}: {problem}" for problem in problems))


class ConversionError(ModelError):
    """A TF.js graph that is not one, or that holds an operation which the converter does not know."""


class PartMissingError(ModelError):
    """A part is missing or down: which, why, and what to do."""

    exit_status = 3

    def __init__(self, part: str, why: str, remedy: str) -> None:
        super().__init__(f"{part}: {why}. {remedy}")


class WrongContentError(ModelError):
    """What came is not what was asked for; nothing of it has been kept."""

    exit_status = 3

    def __init__(self, what: str, expected: str, found: str) -> None:
        super().__init__(
            f"{what}: expected {expected}, found {found}. Nothing of it was kept; pull again, or ask whoever "
            "runs the npm registry that this machine uses."
        )
