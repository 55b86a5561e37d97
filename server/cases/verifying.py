"""Evidence proved anew at every view, and before it is confirmed: bytes, seal, event and chain, from what is stored.

行政处罚法 art. 41: a record that has not been reviewed, or does not meet the standard, is no evidence; art. 46:
evidence must be verified before facts rest on it. What was right when it came may have been changed since.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.errors import MalformedError
from contract.evidence import MANIFEST, Manifest
from contract.messages import ActReported, PackagedAct, ViolationReported
from contract.strict_json import message_in
from server.cases.holding import Numbered, broken_links, manifest_problems
from server.cases.manifests import open_manifest
from server.cases.models import Case, Event, EventFile
from server.errors import ConflictError, PartAwayError
from server.evidence_store import EvidenceChangedError, EvidenceStore

ACT: Final = "act.json"
KEPT_BYTES_MAX: Final = 8 * 1024 * 1024
"""Larger files, and films, are read a block at a time and kept by nobody."""
READERS: Final = 8
"""Files read at once: a bucket answers each after some milliseconds."""


class Proof(StrEnum):
    """What is proved, in this order."""

    FILES = "files"
    SEAL = "seal"
    EVENT = "event"
    CHAIN = "chain"


class UnprovedError(ConflictError):
    """The evidence of a case does not hold now."""

    words_key = "acts.unproved"


@dataclass(frozen=True, slots=True)
class Proved:
    """What was found. ``contents`` are the files by name whose hash is right, without films and what is very large."""

    problems_by: Mapping[Proof, tuple[str, ...]]
    contents: Mapping[str, bytes]
    manifest: Manifest | None
    files: int

    @property
    def problems(self) -> tuple[str, ...]:
        """Return everything that is wrong or missing, a line each."""
        return tuple(problem for problems in self.problems_by.values() for problem in problems)

    @property
    def holds(self) -> bool:
        """Tell whether the evidence may be the ground of a decision; what was not read proves nothing."""
        return bool(self.problems_by) and not self.problems


def verify(session: Session, case: Case, store: EvidenceStore) -> tuple[str, ...]:
    """Return why a case's evidence proves nothing now; nothing where it may be confirmed."""
    return prove(session, case.event, store).problems


def must_hold(session: Session, case: Case, store: EvidenceStore) -> None:
    """Raise UnprovedError with every problem where a case's evidence does not hold."""
    problems = verify(session, case, store)
    if problems:
        raise UnprovedError(f"the evidence of {case.number} does not hold: {'; '.join(problems)}")


def prove(session: Session, event: Event, store: EvidenceStore) -> Proved:
    """Read all files of an event again and hold them against its manifest, its report and its chain."""
    contents, problems = _files(event, store)
    report = ViolationReported.model_validate_json(event.body)
    manifest, sealed = _manifest(session, event, contents)
    found = {
        Proof.FILES: tuple(problems),
        Proof.SEAL: sealed,
        Proof.EVENT: (*_event_problems(event, report, manifest), *_act_problems(report, contents)),
        Proof.CHAIN: tuple(_chain_problems(session, event)),
    }
    return Proved(found, contents, manifest, len(event.files))


def _files(event: Event, store: EvidenceStore) -> tuple[dict[str, bytes], list[str]]:
    """Read what is stored, several files at once; the order of what is found is that of the files."""
    here = [(file.name, file.sha256, _keeps(file)) for file in event.files if file.stored_at_ms is not None]
    problems = [f"{file.name}: has not come yet" for file in event.files if file.stored_at_ms is None]
    contents: dict[str, bytes] = {}
    with ThreadPoolExecutor(READERS) as readers:
        for (name, _, keeps), read in zip(here, readers.map(lambda file: _read(store, *file), here), strict=True):
            if isinstance(read, str):
                problems.append(f"{name}: {read}")
            elif keeps:
                contents[name] = read
    return contents, problems


def _keeps(file: EventFile) -> bool:
    return file.size_bytes <= KEPT_BYTES_MAX and file.media_type != "video/mp4"


def _read(store: EvidenceStore, _name: str, digest: str, keeps: bool) -> bytes | str:  # noqa: FBT001 - a file's fact
    """Return a file's bytes (none of one that is not kept), or why it proves nothing."""
    try:
        if keeps:
            return store.read(digest)
        store.check(digest)
    except EvidenceChangedError:
        return "the stored bytes have been changed"
    except FileNotFoundError:
        return "is not in the evidence store"
    except PartAwayError as error:
        return str(error)
    return b""


def _manifest(session: Session, event: Event, contents: Mapping[str, bytes]) -> tuple[Manifest | None, tuple[str, ...]]:
    """Open the seal by the key of the event's chain; an event of before the chains has none that could be checked."""
    if event.chain is None:
        return None, ()
    data = contents.get(MANIFEST)
    if data is None:
        return None, ("manifest.json is not here as it was sealed",)
    opened = open_manifest(session, event, event.chain, data)
    return (None, (opened,)) if isinstance(opened, str) else (opened, ())


def _event_problems(event: Event, report: ViolationReported, manifest: Manifest | None) -> Iterator[str]:
    """Yield in what event, manifest and the rows of this house differ."""
    differ = () if manifest is None else manifest_problems(manifest, report)
    if differ:
        yield f"manifest.json differs from its event in: {', '.join(differ)}"
    rows = {(file.name, file.sha256) for file in event.files}
    if rows != {(file.name, file.sha256) for file in report.evidence}:
        yield "the files that are kept are not those that the event names"
    if (str(report.event_id), report.device_id, report.sequence) != (event.event_id, event.device_id, event.sequence):
        yield "the event's row is not the event's own"
    if event.held_because is not None:
        yield f"held back: {event.held_because}: {event.held_detail}"


def _act_problems(report: ViolationReported, contents: Mapping[str, bytes]) -> Iterator[str]:
    """Yield in what the event is not what its package says of the act: what the manifest leaves out stands there."""
    data = contents.get(ACT)
    if data is None:
        return
    try:
        act = message_in(data, PackagedAct).act
    except MalformedError as error:
        yield f"{ACT}: {error}"
        return
    differ = [name for name in ActReported.model_fields if getattr(act, name) != getattr(report, name)]
    if differ:
        yield f"{ACT} differs from its event in: {', '.join(differ)}"


def _chain_problems(session: Session, event: Event) -> Iterator[str]:
    """Yield what is wrong with the links to the neighbours in the device's chain that are here."""
    if event.chain is None or event.manifest_sha256 is None:
        return
    beside = (event.sequence - 1, event.sequence, event.sequence + 1)
    query = select(Event.sequence, Event.manifest_sha256, Event.previous_manifest_sha256).where(
        Event.device_id == event.device_id,
        Event.chain == event.chain,
        Event.sequence.in_(beside),
        Event.manifest_sha256.is_not(None),
    )
    links = {number: Numbered(here or "", before) for number, here, before in session.execute(query)}
    problem = broken_links(links).get(event.sequence)
    if problem is not None:
        yield problem
    if next((file.sha256 for file in event.files if file.name == MANIFEST), None) != event.manifest_sha256:
        yield "manifest.json is not the one that the chain names"
