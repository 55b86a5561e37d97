"""The errors of reading a scene; ``exit_status`` as in docs/formats.md."""


class SceneError(Exception):
    """A scene that cannot hold. ``problems`` has one line each: the path in the file, expected, found."""

    exit_status = 2

    def __init__(self, source: str, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{source}: {problem}" for problem in problems))


class PartMissingError(Exception):
    """A part that is needed is not there; the text says which, and what to do."""

    exit_status = 3
