"""What a monitor asks for: Prometheus metrics, what is missing of a device. For this machine alone, or by token."""

from hmac import compare_digest
from ipaddress import ip_address

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.orm import Session

from server.api.bearer import bearer
from server.cases import chains
from server.errors import NotAllowedError, NotFoundError
from server.metrics import Meter
from server.service import Service

TEXT = "text/plain; version=0.0.4; charset=utf-8"


def router(service: Service) -> APIRouter:
    """Return the routes for monitors."""
    monitor = APIRouter()

    @monitor.get("/metrics", include_in_schema=False)
    def metrics(request: Request) -> Response:
        _may_ask(service.settings.metrics_token, request)
        with service.sessions.reading() as session:
            measure(service.meter, session)
        return Response(service.meter.text(), media_type=TEXT)

    @monitor.get("/api/v1/devices/{device_id}/delivery")
    def delivery(request: Request, device_id: str) -> JSONResponse:
        """Tell what is here of each of a device's chains, and which numbers are missing (the first 100 runs)."""
        _may_ask(service.settings.metrics_token, request)
        with service.sessions.reading() as session:
            found = [_told(session, row) for row in chains.deliveries(session, device_id)]
        if not found:
            raise NotFoundError(f"nothing has come from a device {device_id[:64]!r}")
        return JSONResponse({"device_id": device_id, "chains": found})

    return monitor


def measure(meter: Meter, session: Session) -> None:
    """Set the figures that stand in the database."""
    for row in chains.deliveries(session):
        meter.missing.labels(row.device_id, row.chain).set(row.missing)
        meter.came_again.labels(row.device_id, row.chain).set(row.came_again)
    meter.held.clear()
    for reason, count in chains.held_by_reason(session).items():
        meter.held.labels(reason).set(count)


def _told(session: Session, row: chains.Delivery) -> dict[str, object]:
    gaps = chains.missing(session, row.device_id, row.chain) if row.missing else ()
    return {
        "chain": row.chain,
        "is_present_key": row.is_present_key,
        "highest": row.highest,
        "here": row.here,
        "missing": row.missing,
        "missing_ranges": [[gap.first, gap.last] for gap in gaps],
        "doubled": chains.doubled(session, row.device_id, row.chain),
        "came_again": row.came_again,
        "last_at_ms": row.last_at_ms,
    }


def _may_ask(token: str | None, request: Request) -> None:
    """Let in whoever has the token; where there is none, this machine alone, and nothing that a proxy hands on."""
    if token is not None:
        given = bearer(request)
        if not compare_digest(given.encode("utf-8"), token.encode("utf-8")):
            raise NotAllowedError("expected LUKOU_METRICS_TOKEN as a Bearer token")
        return
    handed_on = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip"))
    if handed_on or request.client is None or not _is_loopback(request.client.host):
        raise NotAllowedError("only this machine may ask; set LUKOU_METRICS_TOKEN for others")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
