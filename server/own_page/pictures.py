"""The evidence as its party sees it: the stills, masked as for the public; other people and every head are gone."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from contract.evidence import MANIFEST, Manifest, Still
from contract.seal import MANIFEST_BYTES_MAX, unverified
from server.cases import repository as cases
from server.cases.models import Case
from server.errors import ConflictError, NotFoundError
from server.evidence_store import EvidenceChangedError, EvidenceStore
from server.lists.masking import mask
from server.retention import repository as retention

ROLES: Final = ("before", "entry", "advanced")


def shown(session: Session, case: Case, store: EvidenceStore) -> tuple[str, ...]:
    """Return the stills that can be shown: those in which the road user stands, as long as the evidence is kept."""
    if retention.purge_of(session, case.event_id) is not None:
        return ()
    try:
        stills = _stills(_manifest(case, store))
    except NotFoundError:
        return ()
    here = {file.name for file in case.event.files if file.stored_at_ms is not None}
    return tuple(role for role in ROLES if role in stills and stills[role][0].original in here)


def masked(session: Session, case: Case, role: str, store: EvidenceStore) -> bytes:
    """Return one masked still as a JPEG. Raises NotFoundError, ConflictError where the evidence was changed."""
    if retention.purge_of(session, case.event_id) is not None:
        raise NotFoundError("this evidence is not kept any more")
    stills = _stills(_manifest(case, store))
    if role not in stills:
        raise NotFoundError("there is no such picture")
    still, track_id = stills[role]
    try:
        return mask(store.read(cases.file_of(case, still.original).sha256), still, track_id)
    except FileNotFoundError as error:
        raise NotFoundError("this picture is not in the store") from error
    except (EvidenceChangedError, ValueError) as error:
        raise ConflictError(f"case {case.number}: {error}") from error


def _manifest(case: Case, store: EvidenceStore) -> Manifest:
    try:
        sealed = store.read(cases.file_of(case, MANIFEST).sha256)
    except FileNotFoundError as error:
        raise NotFoundError("the evidence is not in the store") from error
    except EvidenceChangedError as error:
        raise ConflictError(f"case {case.number}: {error}") from error
    return unverified(sealed, Manifest, MANIFEST_BYTES_MAX).message  # the seal was checked when it came


def _stills(manifest: Manifest) -> Mapping[str, tuple[Still, int]]:
    """Return the stills with the road user in them; what they are not in, nothing of may be shown."""
    track_id = manifest.track_id
    return {
        still.role.value: (still, track_id)
        for still in manifest.stills
        if any(user.track_id == track_id for user in still.road_users)
    }
