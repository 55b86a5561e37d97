"""Why an act was refused, in both languages: the officer reads Chinese, a log English."""

from collections.abc import Sequence

from server.errors import WrongInputError
from server.procedure.reasons import Objection


class ObjectedError(WrongInputError):
    """The procedure's guards object; the text has every objection."""

    def __init__(self, objections: Sequence[Objection]) -> None:
        super().__init__("; ".join(objection.text("en") for objection in objections))
        self.objections = tuple(objections)

    def told(self, language: str) -> str:
        """Return every objection in a language."""
        return "；".join(o.text("zh") for o in self.objections) if language == "zh" else str(self)
