"""The code that opens a case's page to its party: nobody guesses it, and nothing of it is stored.

It is the HMAC-SHA256 of the case's number under the secrets box's keys (server.secrets_box): 12 letters of 31, 59 bits.
A code printed under a key that has been turned over stays good as long as that key is in the file.
"""

import re
import unicodedata
from hmac import compare_digest
from typing import Final

from server.secrets_box import SecretsBox

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 and O, no 1, I and L: they look alike on paper."""
LENGTH: Final = 12
GROUP: Final = 4
LONGEST: Final = 60
"""So many characters of what is typed are looked at."""
NUMBER: Final = re.compile(r"(?:LK)?-?([0-9]{1,15})")


def code_of(box: SecretsBox, case_id: int) -> str:
    """Return the code of a case as it is printed, in groups: ``7KQM-2XWD-9HPC``."""
    return _code(box.digest(_said(case_id)))


def is_code(box: SecretsBox, case_id: int, typed: str) -> bool:
    """Tell whether a typed code is the case's, under any key; small letters, blanks and hyphens do not matter."""
    plain = _plain(typed)
    fits = [compare_digest(_plain(_code(digest)).encode(), plain.encode()) for digest in box.digests(_said(case_id))]
    return any(fits)  # of a list: every key costs its time, whichever fits


def case_id_of(typed: str) -> int | None:
    """Return the case of a typed number (``LK-0000001``, ``lk1``, ``1``); None for what is no number."""
    found = NUMBER.fullmatch(_plain(typed))
    return int(found[1]) if found else None


def _said(case_id: int) -> str:
    return f"own-page/{case_id}"


def _code(digest: str) -> str:
    number, letters = int(digest, 16), []
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, LENGTH, GROUP))


def _plain(typed: str) -> str:
    """Return what was meant: full-width letters as plain ones, without blanks, and any hyphen of a phone's keyboard."""
    meant = unicodedata.normalize("NFKC", typed[:LONGEST]).upper()
    return "".join(letter for letter in meant if letter not in "-‐‑‒–—―−" and not letter.isspace())
