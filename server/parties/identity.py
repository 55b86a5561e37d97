"""Who a party is, as one value that shows itself to nobody: checked when it is typed in, JSON under the seal. Pure.

What is wrong is told by the field's name and never by what was typed in: it may stand in a log or on a screen.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Final, TypeVar

from server.errors import WrongInputError
from server.parties.numbers import (
    DocumentKind,
    MistypedError,
    born_of_resident_id,
    normal_document_number,
    normal_phone,
)
from server.procedure.words import AgeBand

Found = TypeVar("Found")
LONGEST: Final = {"name": 100, "address": 300, "rider_code": 64, "plate": 16, "company": 200}
FIELDS: Final = frozenset({*LONGEST, "document_kind", "document_number", "date_of_birth", "phone"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field: ``key`` for a page's own words, ``text`` in English; none has what was typed in."""

    field: str
    key: str
    text: str


class IdentityProblemsError(WrongInputError):
    """Every problem of an identity as it was typed in."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """What is known of a person. Its fields are read one by one; printing it prints none of them."""

    name: str
    document_kind: DocumentKind | None = None
    document_number: str | None = None
    date_of_birth: date | None = None
    phone: str | None = None
    address: str | None = None
    rider_code: str | None = None
    plate: str | None = None
    company: str | None = None

    def __repr__(self) -> str:
        """Return nothing that a log could keep."""
        return "Identity(hidden)"

    __str__ = __repr__

    @property
    def digest_text(self) -> str | None:
        """Return what finds the same person again; None without a document."""
        if self.document_kind is None or self.document_number is None:
            return None
        return f"{self.document_kind}|{self.document_number}"


def read_identity(form: Mapping[str, str], today: date) -> Identity:
    """Read what an officer typed in; empty fields are unknown.

    Raises:
        IdentityProblemsError: every problem at once, by field, without a word of what was typed in.
    """
    found: list[Problem] = []
    given = {name: value.strip() for name, value in form.items() if value.strip()}
    if unknown := given.keys() - FIELDS:
        found.append(Problem("", "unknown", f"{len(unknown)} fields that no identity has"))
    if "name" not in given:
        found.append(Problem("name", "required", "name: expected one"))
    lines = {name: _try(found, name, partial(_line, name, given.get(name, ""))) for name in LONGEST}
    kind = _try(found, "document_number", partial(_kind, given))
    number = _try(found, "document_number", partial(_number, kind, given.get("document_number")))
    phone = _try(found, "phone", partial(normal_phone, given["phone"])) if "phone" in given else None
    born = _try(found, "date_of_birth", partial(_born, given.get("date_of_birth"), kind, number, today))
    if found:
        raise IdentityProblemsError(found)
    return Identity(
        lines["name"] or "",
        kind,
        number,
        born,
        phone,
        lines["address"],
        lines["rider_code"],
        lines["plate"],
        lines["company"],
    )


def sealed_text(identity: Identity) -> bytes:
    """Return the identity as what is put under the seal."""
    return json.dumps(asdict(identity), default=str, ensure_ascii=False, sort_keys=True).encode()


def from_sealed_text(text: bytes) -> Identity:
    """Return the identity that was put under the seal."""
    said = json.loads(text)
    born, kind = said.pop("date_of_birth"), said.pop("document_kind")
    return Identity(
        **said,
        date_of_birth=date.fromisoformat(born) if born else None,
        document_kind=DocumentKind(kind) if kind else None,
    )


def age_band(born: date | None, day: date) -> AgeBand:
    """Return the age band on the day of the act (行政处罚法 art. 30).

    A year of age is full on the day after the birthday, as the Supreme Court reckons it in criminal law (法释〔2006〕1
    art. 2, from memory; not verified for penalties of the administration): in doubt for the party.
    """
    if born is None or born > day:
        return AgeBand.UNKNOWN
    years = day.year - born.year - ((day.month, day.day) <= (born.month, born.day))
    if years < 14:
        return AgeBand.UNDER_14
    return AgeBand.MINOR_14_17 if years < 18 else AgeBand.ADULT


def _try(found: list[Problem], field: str, read: Callable[[], Found]) -> Found | None:
    try:
        return read()
    except MistypedError as error:
        found.append(Problem(field, error.key, str(error)))
        return None


def _line(name: str, text: str) -> str | None:
    if len(text) > LONGEST[name]:
        raise MistypedError("too_long", f"{name}: expected at most {LONGEST[name]} characters, found {len(text)}")
    if not text.isprintable():
        raise MistypedError("control", f"{name}: expected one line of text, found control characters")
    return text or None


def _kind(given: Mapping[str, str]) -> DocumentKind | None:
    if ("document_kind" in given) != ("document_number" in given):
        raise MistypedError("together", "document_kind and document_number go together")
    try:
        return DocumentKind(given["document_kind"]) if "document_kind" in given else None
    except ValueError:
        raise MistypedError("kind", f"document_kind: expected one of {', '.join(DocumentKind)}") from None


def _number(kind: DocumentKind | None, typed: str | None) -> str | None:
    return None if kind is None or typed is None else normal_document_number(kind, typed)


def _born(typed: str | None, kind: DocumentKind | None, number: str | None, today: date) -> date | None:
    """Return the date of birth: as typed in, or as the resident id has it; both must agree."""
    of_number = born_of_resident_id(number) if number and kind is DocumentKind.RESIDENT_ID else None
    try:
        born = date.fromisoformat(typed) if typed else of_number
    except ValueError:
        raise MistypedError("day", "date_of_birth: expected YYYY-MM-DD") from None
    if born is not None and not date(1900, 1, 1) <= born <= today:
        raise MistypedError("day_range", "date_of_birth: expected a day from 1900 to today")
    if of_number is not None and born != of_number:
        raise MistypedError("day_differs", "date_of_birth: the resident id has another")
    return born
