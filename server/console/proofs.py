"""The evidence files of a case and of its further reports, checked against their hashes at each view."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from server.cases import opening, repository
from server.cases.models import EventFile
from server.console.desk import CaseId, Desk
from server.errors import ConflictError, NotFoundError
from server.evidence_store import EvidenceChangedError
from server.pages.render import minute
from server.retention.repository import purge_of
from server.service import Service


def router(desk: Desk) -> APIRouter:
    """Return the routes for whoever is logged in."""
    console = APIRouter()
    service = desk.service

    @console.get("/console/cases/{case_id}/evidence/{name}")
    def evidence(request: Request, case_id: CaseId, name: str) -> Response:
        with service.sessions.reading() as session:
            desk.visitor(session, request)
            case = repository.get(session, case_id)
            _not_purged(session, case.event_id)
            file = repository.file_of(case, name)
        return _shown(service, file)

    @console.get("/console/cases/{case_id}/reports/{event_id}/evidence/{name}")
    def further_evidence(request: Request, case_id: CaseId, event_id: str, name: str) -> Response:
        with service.sessions.reading() as session:
            desk.visitor(session, request)
            reports = {row.event_id: row.event for row in opening.further_reports(session, case_id)}
            if event_id not in reports:
                raise NotFoundError(f"case {case_id} has no further report {event_id[:64]!r}")
            _not_purged(session, event_id)
            file = repository.stored_file(reports[event_id], name)
        return _shown(service, file)

    return console


def _not_purged(session: Session, event_id: str) -> None:
    purge = purge_of(session, event_id)
    if purge is not None:
        raise NotFoundError(f"evidence of event {event_id} was purged on {minute(purge.at_ms)}: {purge.basis}")


def _shown(service: Service, file: EventFile) -> Response:
    try:
        data = service.store.read(file.sha256)
    except EvidenceChangedError as error:
        raise ConflictError(str(error)) from error
    except FileNotFoundError as error:
        raise NotFoundError(f"evidence {file.name} is not in the store") from error
    return Response(data, media_type=file.media_type, headers={"Cache-Control": "private, max-age=300"})
