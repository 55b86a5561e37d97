"""The centre's errors. The HTTP status lives here and nowhere below the pages.

ServerError
  +- SettingsProblemError   a setting or key is wrong (exit 2)
  +- NotFoundError          404
  +- NotAllowedError        403: this person may not do this
  +- NotLoggedInError       401
  +- ConflictError          409: somebody was faster, or it cannot be done in this state
  |    +- ChangedMeanwhileError
  +- WrongInputError        422
  +- TooManyTriesError      429
  +- PartAwayError          503: the database, the evidence store or the broker does not answer (at the start: exit 3)
  +- TooSlowError           408: what is sent comes too slowly, or not at all
  +- NoRoomError            507: a disk is full, or a budget used up
"""


class ServerError(Exception):
    """An error that is told in its own words, to a page, a device or a terminal."""

    exit_status = 1
    http_status = 500
    words_key: str | None = None
    """The page's own words for it (server.pages.texts), above the error's."""

    def __init__(self, message: str = "", chinese: str = "") -> None:
        super().__init__(message)
        self.chinese = chinese

    def told(self, language: str) -> str:
        """Return it as a page tells it in a language; in English where nobody has written it in Chinese."""
        return self.chinese if language == "zh" and self.chinese else str(self)


class SettingsProblemError(ServerError):
    """The service cannot start with these settings."""

    exit_status = 2


class NotFoundError(ServerError):
    """What was asked for is not here."""

    http_status = 404


class NotAllowedError(ServerError):
    """This person may not do this."""

    http_status = 403


class NotLoggedInError(ServerError):
    """Nobody is logged in, or not wholly: ``page`` is where that is made good."""

    http_status = 401

    def __init__(self, message: str, page: str = "/login") -> None:
        super().__init__(message)
        self.page = page


class ConflictError(ServerError):
    """It cannot be done now: the state is another, or somebody was faster."""

    http_status = 409


class ChangedMeanwhileError(ConflictError):
    """Somebody changed a case after it was looked at."""

    words_key = "refused.changed"

    def __init__(self, number: str) -> None:
        super().__init__(f"case {number} was changed by somebody else meanwhile: look at it again")


class WrongInputError(ServerError):
    """What was given is not what is needed."""

    http_status = 422


class TooManyTriesError(ServerError):
    """Too many tries in too short a time."""

    http_status = 429


class PartAwayError(ServerError):
    """The database, the evidence store or the broker does not answer: it may later, so a box sends again."""

    exit_status = 3
    http_status = 503


class TooSlowError(ServerError):
    """What is sent comes too slowly, or not at all."""

    http_status = 408


class NoRoomError(ServerError):
    """There is no room for what comes."""

    http_status = 507
