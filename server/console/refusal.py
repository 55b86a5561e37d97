"""What the case page says of an act that was refused: which, why in the page's language, and what its form held.

A refused form is answered by the case page itself, with the refusal's status. An act is posted to the address of its
case page, so that address stands in the browser with a script and without one, and a GET of it shows the case. A
redirect with the notice in its address was no choice: the answer would say 303 and then 200 for what was refused, what
was typed would stand in an address and in logs, and a signed notice could be shown again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from server.decisions.errors import ObjectedError
from server.errors import ChangedMeanwhileError, ConflictError, PartAwayError, ServerError, WrongInputError
from server.pages.texts import Language, text
from server.procedure.table import NoStepError

REFUSALS: Final = (ConflictError, WrongInputError, PartAwayError)
"""What is told on the case page; who may not do it, or asks for what is not here, is told elsewhere."""
TOLD_WHOLLY: Final = (ObjectedError, NoStepError, ChangedMeanwhileError)
"""Of these the page's own words leave nothing out."""
WORDS: Final[Mapping[type[ServerError], str]] = {
    ConflictError: "refused.conflict",
    WrongInputError: "refused.wrong_input",
    PartAwayError: "refused.away",
}
"""A page's words for what has no own ones."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act, or what else a form of the page asks for, that was not done. ``typed``: by the names of its fields."""

    act: str
    typed: Mapping[str, str]
    error: ServerError

    def why(self, language: Language) -> tuple[str, ...]:
        """Return every reason, a line each."""
        if isinstance(self.error, ObjectedError):
            return tuple(objection.text(language) for objection in self.error.objections)
        if language == "en" or self.error.chinese:
            return (self.error.told(language),)
        words = next(key for kind, key in WORDS.items() if isinstance(self.error, kind))
        return (text(self.error.words_key or words, language),)

    def detail(self, language: Language) -> str:
        """Return the error's own words where those of the page say less."""
        wholly = bool(self.error.chinese) or isinstance(self.error, TOLD_WHOLLY)
        return "" if language == "en" or wholly else str(self.error)
