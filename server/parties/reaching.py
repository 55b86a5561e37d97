"""How a party is reached: contacts that an officer confirms before a notice, and consent to electronic service."""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from server import audit, sealed_values
from server.errors import ConflictError, WrongInputError
from server.parties import repository
from server.parties.models import PartyContact, ServiceConsent
from server.parties.numbers import normal_phone
from server.parties.service import By, checked_reason
from server.parties.words import Channel
from server.secrets_box import SecretsBox

SHA256: Final = re.compile(r"[0-9a-f]{64}")
ADDRESS: Final = (6, 300)


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """A contact in the clear; printing it prints its channel alone."""

    channel: Channel
    address: str

    def __repr__(self) -> str:
        """Return nothing that a log could keep."""
        return f"Contact({self.channel}, hidden)"


@dataclass(frozen=True, slots=True)
class Signed:
    """A paper that the party signed: its file by hash, and when (ms since the Unix epoch)."""

    file_sha256: str
    at_ms: int


def add_contact(session: Session, box: SecretsBox, party_id: int, contact: Contact, by: By) -> int:
    """Keep a way to reach a party, not yet confirmed. Returns its id. Raises NotFoundError, WrongInputError."""
    party = repository.get_held(session, party_id)
    address = _checked(contact)
    row = PartyContact(party_id=party_id, channel=contact.channel, added_by=by.who, added_at_ms=by.at_ms)
    session.add(row)
    session.flush()
    sealed_values.keep(session, box, _of(party.number, row.id), address.encode(), party.case_id, by.at_ms)
    audit.record(session, by.at_ms, by.who, "party.contact.add", party.case_id, f"{party.number}: {contact.channel}")
    return row.id


def confirm_contact(session: Session, contact_id: int, how: str, by: By) -> None:
    """Note that an officer made sure that the contact is the party's, and how. Raises NotFoundError, ConflictError."""
    row = repository.contact(session, contact_id)
    party = repository.get_held(session, row.party_id)
    session.refresh(row)
    if row.confirmed_by is not None:
        raise ConflictError(f"contact {contact_id} of {party.number} was confirmed by {row.confirmed_by} already")
    row.confirmed_how = checked_reason(how, "confirming a contact (how it was made sure)")
    row.confirmed_by, row.confirmed_at_ms = by.who, by.at_ms
    audit.record(session, by.at_ms, by.who, "party.contact.confirm", party.case_id, f"{party.number}: {how}")


def open_contact(session: Session, box: SecretsBox, contact_id: int, by: By) -> Contact:
    """Return a contact in the clear; the reason is noted. Raises NotFoundError, WrongInputError."""
    row = repository.contact(session, contact_id)
    party = repository.get(session, row.party_id)
    reason = checked_reason(by.reason, "opening personal data")
    audit.record(session, by.at_ms, by.who, "party.open.contact", party.case_id, f"{party.number}: {reason}")
    session.flush()
    plain = sealed_values.opened(session, box, _of(party.number, row.id)).decode()
    return Contact(Channel(row.channel), plain)


def record_consent(session: Session, party_id: int, signed: Signed, by: By, *, given: bool = True) -> None:
    """Note a party's signed consent to electronic service, or that they took it back.

    Raises NotFoundError, WrongInputError.
    """
    party = repository.get_held(session, party_id)
    if not SHA256.fullmatch(signed.file_sha256):
        raise WrongInputError("consent: expected the signed file's SHA-256, 64 hex digits in small letters")
    if signed.at_ms > by.at_ms:
        raise WrongInputError("consent: it cannot be signed in the future")
    row = ServiceConsent(
        party_id=party_id,
        given=given,
        file_sha256=signed.file_sha256,
        signed_at_ms=signed.at_ms,
        recorded_by=by.who,
        recorded_at_ms=by.at_ms,
    )
    session.add(row)
    what = "party.consent" if given else "party.consent.end"
    audit.record(session, by.at_ms, by.who, what, party.case_id, f"{party.number}: {signed.file_sha256}")
    session.flush()


def may_be_served_by(session: Session, party_id: int) -> frozenset[Channel]:
    """Return the channels by which a notice may go: confirmed ones; electronically with a consent in force alone."""
    confirmed = {Channel(c.channel) for c in repository.contacts(session, party_id) if c.confirmed_by is not None}
    consent = repository.last_consent(session, party_id)
    if consent is None or not consent.given:
        confirmed.discard(Channel.ELECTRONIC)
    return frozenset(confirmed)


def _checked(contact: Contact) -> str:
    if contact.channel is Channel.PHONE:
        return normal_phone(contact.address)
    text = contact.address.strip()
    low, high = ADDRESS
    if not low <= len(text) <= high or not text.isprintable():
        raise WrongInputError(f"{contact.channel}: expected one line of {low} to {high} characters, found {len(text)}")
    return text


def _of(number: str, contact_id: int) -> str:
    return f"{number}/contact/{contact_id}"
