"""Publishing and withdrawing lines, and what the public may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from contract.evidence import MANIFEST, Manifest
from contract.seal import MANIFEST_BYTES_MAX, unverified
from contract.words import StillRole
from server import audit
from server.cases import repository
from server.cases.models import Case
from server.errors import ConflictError, WrongInputError
from server.evidence_store import EvidenceChangedError, EvidenceStore
from server.lists.masking import mask
from server.lists.models import Listing
from server.lists.policy import Candidate, objections
from server.procedure.words import AgeBand, CaseState

DAY_MS: Final = 86_400_000
MINUTE_MS: Final = 60_000
CORRECTION_DAYS: Final = 30
"""A withdrawn line leaves its correction for so long."""


@dataclass(frozen=True, slots=True)
class Approval:
    """An officer's decision to publish. ``listing_id`` is random, so that it tells nothing of the case."""

    listing_id: str
    officer: str
    reason: str
    days: int
    at_ms: int


def publish(session: Session, case: Case, approval: Approval, store: EvidenceStore) -> Listing:
    """Put a case on the black list. Raises WrongInputError with every objection of the policy."""
    session.refresh(case, with_for_update={"key_share": True})  # nobody revokes or lists it meanwhile
    party = repository.party(session, case.id)
    picture = _masked_picture(case, store)
    candidate = Candidate(
        state=CaseState(case.state),
        age_band=AgeBand(party.age_band) if party is not None else None,
        listed_already=of_case(session, case.id) is not None,
        masked_picture=picture is not None,
        reason=approval.reason,
        days=approval.days,
    )
    found = objections(candidate)
    if case.event.held_because is not None:
        found = (*found, f"the event is held back: {case.event.held_because}: {case.event.held_detail}")
    if found or picture is None:
        raise WrongInputError("; ".join(found))
    store.put(picture)
    listing = Listing(
        id=approval.listing_id,
        case_id=case.id,
        site_name=case.site_name,
        kind=case.kind,
        act_minute_ms=case.entered_at_ms // MINUTE_MS * MINUTE_MS,
        sanction=case.sanction,
        amount_fen=case.amount_fen,
        picture_sha256=sha256(picture).hexdigest(),
        published_at_ms=approval.at_ms,
        ends_at_ms=approval.at_ms + approval.days * DAY_MS,
        approved_by=approval.officer,
        approved_because=approval.reason,
        demonstration=case.demonstration,
    )
    session.add(listing)
    audit.record(session, approval.at_ms, approval.officer, "list.publish", case.id, approval.reason)
    session.flush()
    return listing


def withdraw(session: Session, case_id: int, officer: str, because: str, at_ms: int) -> Listing | None:
    """Take a case's line down: its content goes at once, the public reason stays."""
    listing = of_case(session, case_id)
    if listing is None or listing.withdrawn_at_ms is not None:
        return None
    listing.site_name = listing.kind = listing.sanction = listing.picture_sha256 = None
    listing.act_minute_ms = listing.amount_fen = None
    listing.withdrawn_at_ms, listing.withdrawn_because = at_ms, because
    audit.record(session, at_ms, officer, "list.withdraw", case_id, because)
    session.flush()
    return listing


def of_case(session: Session, case_id: int) -> Listing | None:
    """Return a case's line, standing or withdrawn."""
    return session.scalar(select(Listing).where(Listing.case_id == case_id))


def public_lines(session: Session, now_ms: int, limit: int = 500) -> Sequence[Listing]:
    """Return what the public may read now: standing lines and recent corrections, newest first."""
    recent = Listing.withdrawn_at_ms > now_ms - CORRECTION_DAYS * DAY_MS
    standing = Listing.withdrawn_at_ms.is_(None) & (Listing.ends_at_ms > now_ms)
    query = select(Listing).where(or_(standing, recent)).order_by(Listing.published_at_ms.desc(), Listing.id)
    return session.scalars(query.limit(limit)).all()


def public_picture(session: Session, listing_id: str, now_ms: int) -> str | None:
    """Return the hash of a standing line's picture, None where there is none to show any more."""
    listing = session.get(Listing, listing_id)
    if listing is None or listing.withdrawn_at_ms is not None or listing.ends_at_ms <= now_ms:
        return None
    return listing.picture_sha256


def _masked_picture(case: Case, store: EvidenceStore) -> bytes | None:
    try:
        sealed = store.read(repository.file_of(case, MANIFEST).sha256)
        manifest = unverified(sealed, Manifest, MANIFEST_BYTES_MAX).message  # the seal was checked when it came
        still = next((s for s in manifest.stills if s.role is StillRole.ADVANCED), None)
        if still is None:
            return None
        original = store.read(repository.file_of(case, still.original).sha256)
        return mask(original, still, manifest.track_id)
    except FileNotFoundError as error:
        raise ConflictError(f"case {case.number}: an evidence file is missing: {error}") from error
    except EvidenceChangedError as error:
        raise ConflictError(f"case {case.number}: {error}") from error
    except ValueError:
        return None  # a picture that cannot be masked is none: the policy then objects
