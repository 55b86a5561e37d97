"""Comes in by a case's number and code: the tries are counted, the visit is short and sees that one case alone."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from server import audit
from server.access import tries
from server.access.tries import Asker, Kind
from server.cases import service as deeds
from server.cases.models import Case
from server.errors import NotAllowedError, NotLoggedInError
from server.own_page.codes import case_id_of, is_code
from server.own_page.history import was_entered
from server.own_page.models import OwnPageVisit
from server.own_page.words import PARTY
from server.secrets_box import SecretsBox

VISIT_MS: Final = 30 * 60_000
"""A telephone is put down, or lent: whoever comes back writes the code again."""
ENTRANCE: Final = "/own"
LARGEST: Final = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is here: the one case, the forms' token, until when."""

    case_id: int
    csrf: str
    ends_at_ms: int


def enter(session: Session, box: SecretsBox, typed: tuple[str, str], address: str, at_ms: int) -> str | None:
    """Return a visit's token for a number and its code, None for what does not fit; both are in the log.

    A wrong number, a wrong code and a case that is not open to its party get the same answer in the same time.
    Raises TooManyTriesError.
    """
    number, code = typed
    case_id = min(case_id_of(number) or 0, LARGEST)
    asker = Asker(f"LK-{case_id:07d}", tries.network(address))
    tries.check(session, asker, Kind.CASE_CODE, at_ms)
    case, history = session.get(Case, case_id), deeds.history(session, case_id)
    fits = is_code(box, case_id, code)
    if case is None or not was_entered(history) or not fits:
        tries.failed(session, asker, Kind.CASE_CODE, at_ms)
        known = None if case is None else case.id
        audit.record(session, at_ms, PARTY, "own_page.refused", known, f"number and code, from {asker.address}")
        return None
    audit.record(session, at_ms, PARTY, "own_page.enter", case_id, f"from {asker.address}")
    return _begin(session, case_id, at_ms)


def find(session: Session, token: str | None, at_ms: int) -> Visit:
    """Return the visit of a cookie. Raises NotLoggedInError, which leads to the entrance."""
    row = session.get(OwnPageVisit, _hashed(token)) if token else None
    if row is None or at_ms >= row.ends_at_ms:
        raise NotLoggedInError("write the number and the code once more", ENTRANCE)
    return Visit(row.case_id, row.csrf, row.ends_at_ms)


def check_form(visit: Visit, csrf: str) -> None:
    """Raise NotAllowedError unless a form carries its visit's token."""
    if not secrets.compare_digest(visit.csrf.encode(), csrf.encode()):
        raise NotAllowedError("this form is not from this visit: load the page again")


def leave(session: Session, token: str | None) -> None:
    """End a visit."""
    if token:
        session.execute(delete(OwnPageVisit).where(OwnPageVisit.token_sha256 == _hashed(token)))


def _begin(session: Session, case_id: int, at_ms: int) -> str:
    token = secrets.token_urlsafe(32)
    session.execute(delete(OwnPageVisit).where(OwnPageVisit.ends_at_ms <= at_ms))
    times = {"began_at_ms": at_ms, "ends_at_ms": at_ms + VISIT_MS}
    session.add(OwnPageVisit(token_sha256=_hashed(token), case_id=case_id, csrf=secrets.token_urlsafe(24), **times))
    return token


def _hashed(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
