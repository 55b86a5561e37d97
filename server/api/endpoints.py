"""The HTTP interface for boxes and machines: evidence by its hash, health, the centre's public key."""

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse

from server import statistics
from server.api import evidence
from server.api.keeping import Keeping
from server.service import Service


def router(service: Service) -> APIRouter:
    """Return the routes below /api/v1."""
    api, keeping = APIRouter(prefix="/api/v1"), Keeping(service)
    api.include_router(evidence.router(keeping))

    @api.get("/health")
    def health() -> JSONResponse:
        """Tell whether the parts work."""
        with service.sessions.reading() as session:
            refused = statistics.refused(session)
        connected = service.ingest_connected()
        content: dict[str, object] = {
            "database": "ok",
            "broker": "connected" if connected else "not connected",
            "refused_events": refused,
        }
        content |= {"evidence": keeping.facts()}
        return JSONResponse(content, status_code=200 if connected else 503)

    @api.get("/public-key")
    def public_key() -> PlainTextResponse:
        """Give the key by which receipts are known."""
        pem = service.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return PlainTextResponse(pem.decode("ascii"))

    return api
