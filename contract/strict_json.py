"""Reads JSON to the letter, so that no two readers take it differently: strict types, each name once."""

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from contract.errors import MalformedError

M = TypeVar("M", bound=BaseModel)


def message_in(body: bytes, expected: type[M], called: str | None = None) -> M:
    """Return the message that a body spells, to the letter: "1" is no number here.

    ``called`` is what its errors call it; else its class's name. Raises: MalformedError.
    """
    try:
        message = expected.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise MalformedError(f"expected {called or expected.__name__}: {_first_problem(error)}") from error
    _no_name_twice(body)
    return message


def _no_name_twice(text: bytes) -> None:
    """Refuse a name twice in one object: readers differ in which of the two they take (RFC 7493, 2.3)."""

    def once(pairs: list[tuple[str, object]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            raise MalformedError(f"expected each name once, found {max(names, key=names.count)!r} twice")

    try:
        json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:  # what pydantic's reader bears and Python's does not
        raise MalformedError(f"expected JSON that every reader takes alike: {str(error)[:100]}") from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(step) for step in problem["loc"]) or "message"
    return f"{place}: {problem['msg']} ({error.error_count()} in all)"
