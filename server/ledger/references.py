"""The payment reference: a case's number with two check digits (ISO 7064, MOD 97-10), as it is printed on a decision.

MOD 97-10 finds every single wrong digit and every exchange of neighbours: a slip of the pen pays no other case. Pure.
"""

import re
import unicodedata
from typing import Final

CASE_DIGITS: Final = 10
_FOUND: Final = re.compile(r"(?<!\d)(?=(\d(?:[ -]?\d){11})(?!\d))")
"""Twelve digits, in groups or not; also those that overlap, since the check digits tell which is meant."""


def payment_reference(case_id: int) -> str:
    """Return the reference of a case: ten digits of its number and two check digits. Raises ValueError."""
    if not 0 < case_id < 10**CASE_DIGITS:
        raise ValueError(f"expected a case's number from 1 to {10**CASE_DIGITS - 1}, found {case_id}")
    return f"{case_id:0{CASE_DIGITS}d}{98 - case_id * 100 % 97:02d}"


def grouped(reference: str) -> str:
    """Return a reference as it is printed: in groups of four."""
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def case_of(reference: str) -> int | None:
    """Return the case of a reference of exactly twelve digits; None where the check digits do not fit."""
    if not re.fullmatch(r"[0-9]{12}", reference) or int(reference) % 97 != 1:
        return None
    case_id = int(reference[:CASE_DIGITS])
    return case_id if case_id > 0 and payment_reference(case_id) == reference else None


def case_named(text: str) -> int | None:
    """Return the case that a cashier names: by its number (``LK-0000012``, ``12``) or its payment reference."""
    plain = unicodedata.normalize("NFKC", text).strip().upper().removeprefix("LK-").replace(" ", "").replace("-", "")
    if not re.fullmatch(r"[0-9]{1,12}", plain):
        return None
    case_id = case_of(plain) if len(plain) == CASE_DIGITS + 2 else int(plain)
    return case_id if case_id is not None and 0 < case_id < 10**CASE_DIGITS else None


def cases_in(text: str) -> frozenset[int]:
    """Return the cases whose references stand in a payer's remark; spaces, hyphens and full-width digits are fine."""
    found = _FOUND.findall(unicodedata.normalize("NFKC", text))
    plain = [digits.replace(" ", "").replace("-", "") for digits in found]
    return frozenset(case for digits in plain if (case := case_of(digits)) is not None)
