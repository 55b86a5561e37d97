"""The composition root of the centre: builds every part from the settings and hands them to the endpoints."""

import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import iter_route_contexts
from fastapi.staticfiles import StaticFiles
from platformdirs import user_cache_path
from prometheus_client import start_http_server
from sqlalchemy.exc import OperationalError
from starlette.middleware.base import RequestResponseEndpoint
from starlette.routing import Mount

from server import pages
from server.access.doors import without_door
from server.api import devices as device_api
from server.api import endpoints as api
from server.api import monitoring
from server.audit_sealer import sealer
from server.broker_access.dynsec import DynamicSecurity
from server.broker_access.place import Broker
from server.broker_access.port import BrokerAccess, ManagedElsewhere
from server.broker_access.rights import Box
from server.cases.house import House
from server.console import endpoints as console
from server.db import Sessions, open_engine, sessions
from server.decisions.reckoner import reckoner
from server.documents.authority import AUTHORITY_FILE, read_authority
from server.documents.press import FONT_NAME, Press
from server.documents.service import Office
from server.enrolment import service as enrolment
from server.errors import PartAwayError, ServerError
from server.ingest.desk import Desk
from server.ingest.mqtt import Teller
from server.ingest.service import Ingest
from server.keys import signing_key
from server.law.law_book import read_law_book
from server.ledger.publisher import publisher
from server.metrics import Meter
from server.migrate import migrate
from server.open_evidence import open_evidence
from server.public import endpoints as public_pages
from server.public import ledger as public_ledger
from server.public import own_page
from server.retention.sweeper import sweeper
from server.secrets_box import SecretsBox
from server.service import Service
from server.settings import Settings

log = structlog.get_logger()

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


PRIVATE = ("/console", "/login", "/logout", "/own")
"""No cache keeps a page of these."""


class NoDoorError(Exception):
    """A route was added without a word of who may use it: the service does not start."""


def create_app(settings: Settings, now_ms: Callable[[], int]) -> FastAPI:
    """Build the service; its database is brought up to date at once, its broker is reached in the background."""
    book = read_law_book(settings.law_dir)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    migrate(engine)
    key = signing_key(settings.data_dir / "centre-key.pem")
    access = access_of(settings, broker_of(settings), sessions(engine))
    meter = Meter()
    box = SecretsBox(settings.secrets_keys)
    teller = Teller(broker_of(settings), sessions(engine), key)
    ingest = ingest_of(settings, Desk(sessions(engine), key, settings.demonstration, now_ms, book, meter))
    service = Service(
        settings=settings,
        sessions=sessions(engine),
        store=open_evidence(settings),
        house=House(book, settings.demonstration, settings.fining_codes, second_review_salt(box)),
        public_key=key.public_key(),
        retention=book.retention,
        secrets_box=box,
        now_ms=now_ms,
        ingest_connected=ingest.connected if settings.ingest_workers else teller.connected,
        tell_boxes=teller.tell_boxes,
        broker_access=access,
        meter=meter,
        office=office_of(settings, box),
    )

    background = (
        sweeper(service.sessions, service.store, service.retention, now_ms, settings.purge_every_s),
        reckoner(service.sessions, service.house, now_ms),
        publisher(service.sessions, key, now_ms),
        sealer(service.sessions, key, now_ms),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        access.start()
        teller.start()
        ingest.start()
        for one in background:
            one.start()
        yield
        for one in reversed(background):
            one.stop()
        ingest.stop()
        teller.stop()
        access.stop()
        engine.dispose()

    app = FastAPI(title="lukou", lifespan=lifespan, docs_url=None, redoc_url=None)
    add_pages(app, service)
    return app


def second_review_salt(box: SecretsBox) -> str:
    """Return the secret by which it is drawn what is looked at twice, and which answers are known."""
    return box.digests("second review")[-1]


def office_of(settings: Settings, box: SecretsBox) -> Office | None:
    """Return what prints documents; None, and a line in the log, where their font has not been fetched.

    Raises SettingsProblemError for a file of the authority that is none.
    """
    authority = read_authority(settings.authority_file or AUTHORITY_FILE)
    try:
        press = Press((settings.assets_dir or default_assets()) / FONT_NAME)
    except PartAwayError as error:
        log.warning("documents.no_font", why=str(error))
        return None
    return Office(press, box, authority, settings.demonstration)


def broker_of(settings: Settings) -> Broker:
    """Return where the broker is, and who the centre is there."""
    return Broker(
        settings.mqtt_host, settings.mqtt_port, settings.mqtt_username, settings.mqtt_password, settings.mqtt_ca_file
    )


def access_of(settings: Settings, broker: Broker, register: Sessions) -> BrokerAccess:
    """Return what opens the broker to boxes."""
    if settings.broker_access == "none":
        return ManagedElsewhere()

    def boxes() -> Sequence[Box]:
        with register.reading() as session:
            return enrolment.boxes(session)

    return DynamicSecurity(broker, boxes)


@contextmanager
def running_ingest(settings: Settings, now_ms: Callable[[], int]) -> Iterator[Meter]:
    """Run the intake alone, on the settings of the service, until the block ends."""
    book = read_law_book(settings.law_dir)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    migrate(engine)
    key, meter = signing_key(settings.data_dir / "centre-key.pem"), Meter()
    ingest = ingest_of(settings, Desk(sessions(engine), key, settings.demonstration, now_ms, book, meter))
    answering = start_http_server(settings.metrics_port, "127.0.0.1", meter.registry) if settings.metrics_port else None
    ingest.start()
    try:
        yield meter
    finally:
        ingest.stop()
        if answering is not None:
            answering[0].shutdown()
        engine.dispose()


def ingest_of(settings: Settings, desk: Desk) -> Ingest:
    """Return the workers of one process."""
    names = settings.data_dir / "workers"
    return Ingest(broker_of(settings), desk, names, settings.ingest_workers, settings.mqtt_shared)


def add_pages(app: FastAPI, service: Service) -> None:
    """Add every route, the headers of every answer, and how errors are told."""
    app.include_router(api.router(service))
    app.include_router(device_api.router(service))
    app.include_router(monitoring.router(service))
    app.include_router(console.router(service))
    app.include_router(public_pages.router(service))
    app.include_router(public_ledger.router(service))
    app.include_router(own_page.router(service))
    app.mount("/static", StaticFiles(directory=Path(pages.__file__).with_name("static")), name="static")
    assets = service.settings.assets_dir or default_assets()
    app.mount("/assets", StaticFiles(directory=assets, check_dir=False), name="assets")
    unsaid = without_door(routes_of(app))
    if unsaid:
        raise NoDoorError(f"nobody has said who may use {', '.join(unsaid)}: write it into server/access/doors.py")

    @app.middleware("http")
    async def guard(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.url.path.startswith(PRIVATE):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    @app.exception_handler(OperationalError)
    async def away(request: Request, error: OperationalError) -> Response:
        log.error("database.away", why=str(error.orig))
        return await told(request, PartAwayError("the database does not answer now: try again"))

    @app.exception_handler(ServerError)
    async def told(request: Request, error: ServerError) -> Response:
        if request.url.path.startswith("/api/"):
            return JSONResponse({"error": str(error)}, status_code=error.http_status)
        return console.error_page(request, error)


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Yield method and path, as written, of every route; a mounted folder is read only, HEAD goes with GET."""
    for route in iter_route_contexts(app.routes):
        methods = route.methods or ({"GET"} if isinstance(route.original_route, Mount) else {"*"})
        alone = methods - {"HEAD"} or methods
        yield from ((method, route.path or "*") for method in alone)


def default_assets() -> Path:
    """Return where `lukou assets pull` puts what the pages need."""
    cache = os.environ.get("LUKOU_CACHE")
    return (Path(cache) if cache else user_cache_path("lukou")) / "assets"
