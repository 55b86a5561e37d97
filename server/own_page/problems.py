"""What is wrong in what a party sends, as words that their page has in both languages. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.errors import WrongInputError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the text ``own.problem.KEY`` with what was ``found``, never what was written."""

    key: str
    found: str = ""


class NotTakenError(WrongInputError):
    """A party's message is not taken, for all of these reasons."""

    def __init__(self, problems: Sequence[Problem], status: int = 422) -> None:
        super().__init__("; ".join(f"{problem.key} {problem.found}".strip() for problem in problems))
        self.problems = tuple(problems)
        self.http_status = status
