"""Numbers of documents and telephones: their shape and check digits. Pure. No error repeats what was typed in."""

import re
from datetime import date
from enum import StrEnum
from typing import Final

from server.errors import WrongInputError

WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS: Final = "10X98765432"
"""ISO 7064 MOD 11-2, as GB 11643-1999 writes it out for the 17 digits before the last."""


class MistypedError(WrongInputError):
    """What was typed in is wrong: ``key`` says how, for a page in another language; the text says it in English."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


class DocumentKind(StrEnum):
    """By what document a person is known."""

    RESIDENT_ID = "resident_id"
    PASSPORT = "passport"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PERMANENT_RESIDENT_ID = "permanent_resident_id"
    OTHER = "other"


SHAPES: Final = {
    DocumentKind.PASSPORT: (re.compile(r"[A-Z0-9]{5,15}"), "5 to 15 letters and digits"),
    DocumentKind.HK_MACAO_PERMIT: (re.compile(r"[HM][0-9]{8}([0-9]{2})?"), "H or M and 8 digits (or 10)"),
    DocumentKind.TAIWAN_PERMIT: (re.compile(r"[0-9]{8}([0-9]{2})?"), "8 digits (or 10)"),
    DocumentKind.PERMANENT_RESIDENT_ID: (
        re.compile(r"[A-Z]{3}[0-9]{12}|[0-9]{17}[0-9X]"),
        "3 letters and 12 digits, or 18",
    ),
    DocumentKind.OTHER: (re.compile(r"[A-Z0-9-]{3,32}"), "3 to 32 letters, digits and hyphens"),
}
MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
LANDLINE: Final = re.compile(r"0[0-9]{9,11}")
ABROAD: Final = re.compile(r"\+[1-9][0-9]{6,14}")
RESIDENT_SHAPE: Final = re.compile(r"[1-9][0-9]{16}[0-9X]")
CARRIED: Final = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9Xx])")


def normal_document_number(kind: DocumentKind, typed: str) -> str:
    """Return the number in its one spelling. Raises WrongInputError, which says what is wrong and never the number."""
    number = _plain(typed).upper()
    if kind is DocumentKind.RESIDENT_ID:
        _check_resident_id(number)
        return number
    shape, expected = SHAPES[kind]
    if not shape.fullmatch(number):
        told = f"{kind}: expected {expected}, found {len(number)} characters of another shape"
        raise MistypedError("document_shape", told)
    return number


def _check_resident_id(number: str) -> None:
    """Check shape, date and check digit of a 公民身份号码 (GB 11643)."""
    if not RESIDENT_SHAPE.fullmatch(number):
        told = f"resident id: expected 17 digits and a digit or X, found {len(number)} characters"
        raise MistypedError("resident_id_shape", told)
    if born_of_resident_id(number) is None:
        told = "resident id: digits 7 to 14 are no date (YYYYMMDD): is a digit mistyped?"
        raise MistypedError("resident_id_date", told)
    if check_digit(number[:17]) != number[17]:
        told = "resident id: the check digit does not fit (GB 11643): a digit is mistyped"
        raise MistypedError("resident_id_check_digit", told)


def check_digit(digits: str) -> str:
    """Return the 18th character for 17 digits."""
    return CHECKS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11]


def born_of_resident_id(number: str) -> date | None:
    """Return the date of birth that the number holds; None where it holds no date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def normal_phone(typed: str) -> str:
    """Return a telephone number as digits. Raises WrongInputError, which never says the number."""
    number = _plain(typed).removeprefix("+86")
    if any(shape.fullmatch(number) for shape in (MOBILE, LANDLINE, ABROAD)):
        return number
    expected = "11 digits of a mobile phone, a number with its area code (0...), or +COUNTRY and digits"
    raise MistypedError("phone_shape", f"phone: expected {expected}, found {len(number)} characters of another shape")


def holds_resident_id(text: str) -> bool:
    """Tell whether a text carries a whole resident id number: then it belongs under seal, not in a log."""
    return any(check_digit(found[:17]) == found[17].upper() for found in CARRIED.findall(text))


def masked(number: str) -> str:
    """Return the number with all but its ends covered, as a notice may show it."""
    ends = 4 if len(number) >= 12 else 1
    return number[:ends] + "*" * (len(number) - 2 * ends) + number[-ends:]


def _plain(typed: str) -> str:
    """Return what was typed in half-width letters, without blanks and hyphens: as it is copied from a document."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in typed)
    return re.sub(r"[\s\-‐-―]", "", narrow)
