"""The evidence files of a case and of its further reports, checked against their hashes at each view."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.orm import Session

from server import audit
from server.cases import opening, repository
from server.cases.models import EventFile
from server.console.byte_range import asked_for
from server.console.desk import CaseId, Desk
from server.db import unit_of_work
from server.errors import ConflictError, NotFoundError
from server.evidence_store import EvidenceChangedError
from server.pages.render import minute
from server.retention.repository import purge_of
from server.service import Service

WITH_THE_PAGE_MS: Final = 10 * 60_000


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service = desk.service

    @console.get("/console/cases/{case_id}/evidence/{name}")
    def evidence(request: Request, case_id: CaseId, name: str) -> Response:
        with service.sessions.reading() as session:
            case = repository.get(session, case_id)
            _not_purged(session, case.event_id)
            file = repository.file_of(case, name)
        _note(desk, request, case_id, name)
        return _shown(service, request, file)

    @console.get("/console/cases/{case_id}/reports/{event_id}/evidence/{name}")
    def further_evidence(request: Request, case_id: CaseId, event_id: str, name: str) -> Response:
        with service.sessions.reading() as session:
            reports = {row.event_id: row.event for row in opening.further_reports(session, case_id)}
            if event_id not in reports:
                raise NotFoundError(f"case {case_id} has no further report {event_id[:64]!r}")
            _not_purged(session, event_id)
            file = repository.stored_file(reports[event_id], name)
        _note(desk, request, case_id, name)
        return _shown(service, request, file)

    return console


def _note(desk: Desk, request: Request, case_id: int, name: str) -> None:
    """Log that evidence was opened, unless it came with the page of its case, whose view is logged."""
    who, at_ms = desk.visitor(request), desk.service.now_ms()
    with desk.service.sessions.reading() as session:
        known = any(
            audit.has_opened(session, who.name, what, case_id, at_ms - WITH_THE_PAGE_MS)
            for what in ("case.view", "evidence.view")
        )
    if not known:
        with unit_of_work(desk.service.sessions) as session:
            audit.opened(session, at_ms, who.name, "evidence.view", case_id, f"{who.role}: {name}")


def _not_purged(session: Session, event_id: str) -> None:
    purge = purge_of(session, event_id)
    if purge is not None:
        raise NotFoundError(f"evidence of event {event_id} was purged on {minute(purge.at_ms)}: {purge.basis}")


def _shown(service: Service, request: Request, file: EventFile) -> Response:
    """Answer with the file, or with the part of it that is asked for: a browser seeks in a film by parts."""
    headers = {"Cache-Control": "private, max-age=300", "Accept-Ranges": "bytes", "ETag": f'"{file.sha256}"'}
    try:
        size_bytes = service.store.size_bytes(file.sha256)
        part = asked_for(request.headers.get("range"), size_bytes)
        if part is None:
            return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size_bytes}"})
        pieces = service.store.read_range(file.sha256, part.start, part.end)
    except EvidenceChangedError as error:
        raise ConflictError(str(error)) from error
    except FileNotFoundError as error:
        raise NotFoundError(f"evidence {file.name} is not in the store") from error
    headers["Content-Length"] = str(part.end - part.start)
    if not part.whole:
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{size_bytes}"
    return StreamingResponse(pieces, 200 if part.whole else 206, headers, media_type=file.media_type)
