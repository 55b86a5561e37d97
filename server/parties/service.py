"""Keeps and opens who a case is about. Whatever is personal goes under seal; every opening has a reason and a line.

Every function works in the caller's unit of work, which it never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from server import audit, sealed_values
from server.cases.models import Case, Party
from server.civil_time import beijing
from server.errors import ConflictError, WrongInputError
from server.parties import repository
from server.parties.identity import Identity, age_band, from_sealed_text, sealed_text
from server.parties.models import PartyContact, PartyDigest
from server.parties.numbers import holds_resident_id
from server.parties.repository import EarlierCase
from server.procedure.words import AgeBand
from server.secrets_box import SecretsBox

REASON_MIN: Final = 4
REASON_MAX: Final = 400


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, when (ms since the Unix epoch), and why."""

    who: str
    at_ms: int
    reason: str = ""


def keep_identity(session: Session, box: SecretsBox, party_id: int, identity: Identity, by: By) -> None:
    """Put an identity under seal, or correct it; the same person's other cases are found from now on.

    Raises:
        NotFoundError: there is no such party.
        WrongInputError: a correction without a reason.
        ConflictError: the date of birth contradicts the age band that the case goes by.
    """
    party = repository.get_held(session, party_id)
    of = _identity_of(party)
    corrected = session.get(sealed_values.SealedValue, of) is not None
    if corrected:
        checked_reason(by.reason, "correcting an identity")
    _check_age_band(session, party, identity)
    sealed_values.keep(session, box, of, sealed_text(identity), party.case_id, by.at_ms)
    session.execute(delete(PartyDigest).where(PartyDigest.party_id == party_id))
    if identity.digest_text is not None:
        session.add(PartyDigest(party_id=party_id, digest=box.digest(identity.digest_text)))
    what = "party.correct" if corrected else "party.keep"
    audit.record(session, by.at_ms, by.who, what, party.case_id, f"{party.number}: {by.reason}".rstrip(": "))
    session.flush()


def open_identity(session: Session, box: SecretsBox, party_id: int, by: By) -> Identity:
    """Return who a party is; the reason is noted before anything opens (视频条例 art. 16, PIPL art. 51).

    Raises NotFoundError (it may have been erased), WrongInputError (no reason).
    """
    party = repository.get(session, party_id)
    _note_opening(session, party, "identity", by)
    return _identity(session, box, party)


def earlier_cases(session: Session, party_id: int) -> list[EarlierCase]:
    """Return the other cases of the same person, the newest first: law of first and repeated acts. Opens nothing."""
    party = repository.get(session, party_id)
    digest = repository.digest_of(session, party_id)
    return [] if digest is None else repository.cases_of_same_person(session, [digest], party.case_id)


def cases_by_document(session: Session, box: SecretsBox, identity: Identity) -> list[EarlierCase]:
    """Return the cases of a person who is not yet kept. Raises WrongInputError without a document number."""
    if identity.digest_text is None:
        raise WrongInputError("earlier cases are found by a document's number: this identity has none")
    return repository.cases_of_same_person(session, box.digests(identity.digest_text))


def age_band_on_day_of_act(case: Case, identity: Identity) -> AgeBand:
    """Return the age band that follows from the date of birth."""
    return age_band(identity.date_of_birth, beijing(case.entered_at_ms).date())


def erase(session: Session, case_id: int, by: By) -> int:
    """Erase all that is personal in a case whose time is over (PIPL art. 19), its documents' data as well.

    The party's number, basis and age band, and who did what when, stay. Returns how many values were erased.
    """
    checked_reason(by.reason, "erasing personal data")
    for party in repository.parties_of(session, case_id):
        session.execute(delete(PartyDigest).where(PartyDigest.party_id == party.id))
        session.execute(delete(PartyContact).where(PartyContact.party_id == party.id))
    count = sealed_values.erase(session, case_id)
    audit.record(session, by.at_ms, by.who, "party.erase", case_id, f"{count} sealed values: {by.reason}")
    return count


def turn_keys_over(session: Session, box: SecretsBox) -> int:
    """Seal some values under the newest key, and reckon their digests anew. Returns how many; 0 when all are done."""
    turned: Sequence[sealed_values.SealedValue] = sealed_values.seal_anew(session, box)
    for value in turned:
        number, _, what = value.of.partition("/")
        if what != "identity":
            continue
        identity = from_sealed_text(box.open(value.sealed, value.of))
        if identity.digest_text is not None:
            session.merge(PartyDigest(party_id=int(number[2:]), digest=box.digest(identity.digest_text)))
    session.flush()
    return len(turned)


def checked_reason(reason: str, what: str) -> str:
    """Return a reason that may stand in the log. Raises WrongInputError."""
    if not REASON_MIN <= len(reason.strip()) <= REASON_MAX:
        raise WrongInputError(
            f"{what} needs a reason of {REASON_MIN} to {REASON_MAX} characters: it is kept",
            f"请写明事由（{REASON_MIN} 至 {REASON_MAX} 字）：事由会保存",
        )
    if holds_resident_id(reason):
        raise WrongInputError(
            "a reason stands in the log: an identity number does not belong there",
            "事由会记入日志：不要写身份证号码",
        )
    return reason.strip()


def _note_opening(session: Session, party: Party, what: str, by: By) -> None:
    reason = checked_reason(by.reason, "opening personal data")
    audit.record(session, by.at_ms, by.who, f"party.open.{what}", party.case_id, f"{party.number}: {reason}")
    session.flush()


def _identity(session: Session, box: SecretsBox, party: Party) -> Identity:
    return from_sealed_text(sealed_values.opened(session, box, _identity_of(party)))


def _identity_of(party: Party) -> str:
    return f"{party.number}/identity"


def _check_age_band(session: Session, party: Party, identity: Identity) -> None:
    """Refuse a date of birth that makes the party another age than the one the case goes by."""
    case = session.get_one(Case, party.case_id)
    reckoned = age_band_on_day_of_act(case, identity)
    if AgeBand.UNKNOWN not in (reckoned, party.age_band) and reckoned != party.age_band:
        raise ConflictError(
            f"by the date of birth the party was {reckoned} on the day of the act; {party.number} was identified as"
            f" {party.age_band}: the case must be identified anew"
        )
