"""The edge's errors that a person at the terminal reads; ``exit_status`` as in docs/formats.md.

EdgeError
  +- InputProblemError   a file or option is not what it should be (2)
  +- PartMissingError    a part that is needed is missing or down (3)
  +- RefusedError        the centre's answer is no (1)
"""


class EdgeError(Exception):
    """An error of the box that is told without a traceback."""

    exit_status = 2


class InputProblemError(EdgeError):
    """The input is wrong. ``problems`` holds one line each, with place, expected and found."""

    exit_status = 2

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class PartMissingError(EdgeError):
    """A part is missing or down: which, why, and what to do."""

    exit_status = 3

    def __init__(self, part: str, why: str, remedy: str) -> None:
        super().__init__(f"{part}: {why}. {remedy}")


class RefusedError(EdgeError):
    """The centre's answer is no, in its own words."""

    exit_status = 1
