"""The errors of fetching and starting things; ``exit_status`` as in docs/formats.md."""


class PartMissingError(Exception):
    """A part cannot be had or does not come up: which, why, and what to do."""

    exit_status = 3

    def __init__(self, part: str, why: str, remedy: str) -> None:
        super().__init__(f"{part}: {why}. {remedy}")


class ChainBrokenError(Exception):
    """The demonstration ran, but its chain is not whole: what was expected and what was found."""

    exit_status = 1
