"""The HTTP interface for boxes and machines: evidence by its hash, health, the centre's public key."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from contract.evidence import FILE_BYTES_MAX, MANIFEST
from server import devices, statistics
from server.cases import repository
from server.cases.manifests import check_manifest
from server.cases.models import Event, EventFile
from server.db import unit_of_work
from server.errors import NotFoundError, NotLoggedInError, ServerError, WrongInputError
from server.metrics import Meter
from server.service import Service


def router(service: Service) -> APIRouter:
    """Return the routes below /api/v1."""
    api = APIRouter(prefix="/api/v1")

    @api.put("/evidence/{digest}")
    async def put_evidence(digest: str, request: Request) -> Response:
        """Take one evidence file that an accepted event of this device names."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        with _counting_refusals(service.meter):
            size = await run_in_threadpool(_expected_size, service, token, digest)
            data = await _body(request, size)
            if sha256(data).hexdigest() != digest:
                raise WrongInputError(f"expected bytes whose SHA-256 is {digest}, found {sha256(data).hexdigest()}")
        new = await run_in_threadpool(keep_file, service, token, digest, data)
        service.meter.uploads.labels("new" if new else "again").inc()
        service.meter.evidence_bytes.inc(size if new else 0)
        return Response(status_code=201 if new else 200)

    @api.get("/health")
    def health() -> JSONResponse:
        """Tell whether the parts work."""
        with service.sessions.reading() as session:
            refused = statistics.refused(session)
        connected = service.ingest_connected()
        content = {"database": "ok", "broker": "connected" if connected else "not connected", "refused_events": refused}
        return JSONResponse(content, status_code=200 if connected else 503)

    @api.get("/public-key")
    def public_key() -> PlainTextResponse:
        """Give the key by which receipts are known."""
        pem = service.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return PlainTextResponse(pem.decode("ascii"))

    return api


UPLOAD_REFUSALS: Final = {NotLoggedInError: "no_token", NotFoundError: "not_awaited", WrongInputError: "wrong_bytes"}


@contextmanager
def _counting_refusals(meter: Meter) -> Iterator[None]:
    try:
        yield
    except ServerError as error:
        meter.uploads.labels(UPLOAD_REFUSALS.get(type(error), "refused")).inc()
        raise


def _expected_size(service: Service, token: str, digest: str) -> int:
    with service.sessions.reading() as session:
        return _awaited(session, token, digest)[0].size_bytes


def _awaited(session: Session, token: str, digest: str) -> list[EventFile]:
    """Return the mentions of a file by this device's accepted events."""
    device = devices.by_token(session, token)
    if device is None:
        raise NotLoggedInError("expected the token of an active device")
    files = list(repository.awaited_file(session, device.id, digest))
    if not files:
        raise NotFoundError(f"no accepted event of {device.id} names a file {digest[:64]}")
    return files


async def _body(request: Request, size: int) -> bytes:
    """Read exactly ``size`` bytes and not one more, whatever the headers say."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > min(size, FILE_BYTES_MAX):
            raise WrongInputError(f"expected {size} bytes, found more")
    if len(data) != size:
        raise WrongInputError(f"expected {size} bytes, found {len(data)}")
    return bytes(data)


def keep_file(service: Service, token: str, digest: str, data: bytes) -> bool:
    """Store the file, then note it; an event whose last file this was is complete."""
    new = service.store.put(data)
    with unit_of_work(service.sessions) as session:
        now_ms = service.now_ms()
        for file in sorted(_awaited(session, token, digest), key=lambda file: file.event_id):
            file.stored_at_ms = file.stored_at_ms or now_ms
            if file.name == MANIFEST:
                check_manifest(session, file.event, data)
            _complete(session, file.event_id, now_ms)
    return new


def _complete(session: Session, event_id: str, now_ms: int) -> None:
    """Two last files may come at once: each waits for the other here, so that one of them sees that it is the last."""
    session.flush()
    missing = select(EventFile.name).where(EventFile.event_id == event_id, EventFile.stored_at_ms.is_(None)).limit(1)
    event = session.get(Event, event_id, with_for_update={"key_share": True})
    if event is not None and event.evidence_complete_at_ms is None and session.scalar(missing) is None:
        event.evidence_complete_at_ms = now_ms
