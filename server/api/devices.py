"""The HTTP interface by which a box is enrolled, and by which one that the broker refuses asks to be let in."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from contract.enrolment import BrokerPlace, EnrolmentAnswer
from contract.identity import key_text
from server import devices
from server.api.bearer import bearer
from server.db import unit_of_work
from server.enrolment import service as enrolment
from server.enrolment.service import Refusal
from server.errors import (
    NotAllowedError,
    NotLoggedInError,
    PartAwayError,
    ServerError,
    TooManyTriesError,
    WrongInputError,
)
from server.service import Service

BODY_BYTES_MAX = 4096
NO_CODE = (
    "this code opens nothing: it is wrong, used, withdrawn or over. Ask for a new one on the console's devices page"
)
MINUTES = enrolment.SPAN_MS // 60_000
TOLD: dict[Refusal, tuple[type[ServerError], str]] = {
    Refusal.MALFORMED: (WrongInputError, "expected an EnrolmentRequest (docs/messages.schema.json)"),
    Refusal.BAD_PROOF: (WrongInputError, "the proof is not the signature of this key over this code and key"),
    Refusal.UNKNOWN_CODE: (NotAllowedError, NO_CODE),
    Refusal.CODE_WITHDRAWN: (NotAllowedError, NO_CODE),
    Refusal.CODE_OVER: (NotAllowedError, NO_CODE),
    Refusal.CODE_USED: (NotAllowedError, NO_CODE),
    Refusal.KEY_LOST: (NotAllowedError, "this key was told to be lost and is not believed: enrol with --replace"),
    Refusal.TOO_MANY: (TooManyTriesError, f"too many enrolments were refused: wait {MINUTES} minutes"),
}


def router(service: Service) -> APIRouter:
    """Return the routes below /api/v1/devices."""
    api = APIRouter(prefix="/api/v1/devices")

    @api.post("/enrol")
    async def enrol(request: Request) -> JSONResponse:
        """Enrol the holder of a key who shows a one-time code."""
        body = await _body(request)
        address = request.client.host if request.client else ""
        answer = await run_in_threadpool(enrolled, service, body, address)
        return JSONResponse(answer.model_dump(mode="json"), headers={"Cache-Control": "no-store"})

    @api.post("/admission")
    def admission(request: Request) -> Response:
        """Let a box that shows its token in at the broker, if it is not."""
        token = bearer(request)
        with service.sessions.reading() as session:
            device = devices.by_token(session, token)
        if device is None:
            raise NotLoggedInError("expected the token of an active device")
        if not service.broker_access.admit(enrolment.box_of(device), token):
            raise PartAwayError("the broker cannot be told now; ask again")
        return Response(status_code=204)

    return api


def enrolled(service: Service, body: bytes, address: str) -> EnrolmentAnswer:
    """Enrol, commit, then tell the broker; a broker that is away is told when the box asks."""
    with unit_of_work(service.sessions) as session:
        done = enrolment.enrol(session, body, address, service.now_ms())
    if isinstance(done, Refusal):
        error, text = TOLD[done]
        raise error(text)
    service.broker_access.admit(enrolment.box_of(done.device), done.token)
    settings = service.settings
    broker = BrokerPlace(
        host=settings.boxes_mqtt_host or settings.mqtt_host,
        port=settings.boxes_mqtt_port or settings.mqtt_port,
        tls=settings.boxes_mqtt_tls,
    )
    return EnrolmentAnswer(
        device_id=done.device.id,
        site_id=done.device.site_id,
        cameras=done.device.camera_ids,
        token=done.token,
        centre_public_key=key_text(service.public_key),
        broker=broker,
    )


async def _body(request: Request) -> bytes:
    """Read the body; of one that is too long only the beginning, which is no request."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            return b""
    return bytes(body)
