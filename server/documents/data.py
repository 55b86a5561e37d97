"""Turns a document's value into the canonical JSON that is kept and that its template reads. Pure.

Instants become Beijing's civil time, money becomes yuan and capital numerals: a template lays out, it reckons nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Final

import rfc8785

from server.civil_time import beijing
from server.documents.money import amount_in_words, yuan
from server.documents.pieces import Authority
from server.documents.values import Notice, Said
from server.errors import WrongInputError
from server.parties.numbers import holds_resident_id

LONGEST_TEXT: Final = 20_000
MOST_ROWS: Final = 2_000
MOST_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Heading:
    """What every document has: number, who issues it, when, and a check code that nobody can guess."""

    number: str
    authority: Authority
    issued_at_ms: int
    check_code: str
    demonstration: bool


def to_json(heading: Heading, said: Said, pictures: Mapping[str, str]) -> bytes:
    """Return a document's data; ``pictures`` are the SVG of its QR codes by name.

    Raises WrongInputError with every problem, and none of the document's words.
    """
    problems = [*_problems("", heading), *_problems("", said), *_privacy(said)]
    if problems:
        raise WrongInputError(f"{said.KIND}: {'; '.join(problems)}")
    plain = {
        "kind": said.KIND.value,
        "heading": _plain("", heading),
        "said": _plain("", said),
        "qr": dict(pictures),
        "verified": all(_verdicts(heading.authority)) and all(_verdicts(said)),
    }
    data = rfc8785.dumps(plain)
    if len(data) > MOST_BYTES:
        raise WrongInputError(f"{said.KIND}: expected at most {MOST_BYTES} bytes of data, found {len(data)}")
    return data


def _plain(name: str, value: object) -> Any:  # noqa: ANN401 - JSON
    """Return a value as JSON knows it, by its type and the unit in its name."""
    if isinstance(value, int) and name.endswith("_fen"):
        return {"yuan": yuan(value), "words": amount_in_words(value), "zero": value == 0}
    if isinstance(value, int) and name.endswith("_ms"):
        moment = beijing(value)
        return {"date": moment.date().isoformat(), "time": moment.strftime("%H:%M:%S")}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(name, item) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(field.name, getattr(value, field.name)) for field in fields(value)}
    return value


def _problems(name: str, value: object) -> Iterator[str]:
    """Yield what is too long or no text, by its field."""
    if isinstance(value, str):
        yield from _text_problems(name, value)
    elif isinstance(value, tuple):
        if len(value) > MOST_ROWS:
            yield f"{name}: expected at most {MOST_ROWS} rows, found {len(value)}"
        for item in value[:MOST_ROWS]:
            yield from _problems(name, item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _problems(field.name, getattr(value, field.name))


def _text_problems(name: str, text: str) -> Iterator[str]:
    if len(text) > LONGEST_TEXT:
        yield f"{name}: expected at most {LONGEST_TEXT} characters, found {len(text)}"
    elif any("\ud800" <= letter <= "\udfff" for letter in text):
        yield f"{name}: holds half a character (a lone surrogate)"


def _privacy(said: Said) -> Iterator[str]:
    """Yield what a notice must not show: it may be opened by somebody else (处理程序规定 art. 56)."""
    if not isinstance(said, Notice):
        return
    if holds_resident_id(said.party.document):
        yield "party.document: a notice shows a masked number only"
    if said.party.address or said.party.phone or said.party.born:
        yield "party: a notice shows no address, phone or date of birth"


def _verdicts(value: object) -> Iterator[bool]:
    """Yield every ``verified`` within a value."""
    if isinstance(value, tuple):
        for item in value:
            yield from _verdicts(item)
    elif is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            if field.name == "verified":
                yield bool(inner)
            else:
                yield from _verdicts(inner)
