"""A real centre on a real port, events whose files it awaits, and a link that is cut again and again."""

import socket
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from officers import house_of

from contract.evidence import EvidenceFile
from contract.words import ReceiptOutcome
from edge.outbox import Outbox
from edge.outbox_values import Sealed
from server import app as application
from server import devices
from server.cases.models import Event, EventFile
from server.db import open_engine, sessions, unit_of_work
from server.evidence_store import EvidenceStore
from server.law.retention import read_retention
from server.metrics import Meter
from server.migrate import migrate
from server.secrets_box import SecretsBox
from server.service import Service
from server.settings import Settings

NOW_MS = 1_800_000_000_000
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TOKEN, OTHER_TOKEN = "t" * 43, "u" * 43


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def centre_parts(settings: Settings, now_ms=lambda: time.time_ns() // 1_000_000):
    """A centre's parts, with two devices: box-1 (TOKEN) and box-2 (OTHER_TOKEN)."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    migrate(engine)
    service = Service(
        settings=settings,
        sessions=sessions(engine),
        store=EvidenceStore.in_folder(settings.data_dir / "evidence"),
        house=house_of(settings),
        public_key=KEY.public_key(),
        now_ms=now_ms,
        ingest_connected=lambda: True,
        tell_boxes=lambda: None,
        meter=Meter(),
        retention=read_retention(),
        secrets_box=SecretsBox(settings.secrets_keys),
    )
    with unit_of_work(service.sessions) as session:
        devices.enrol(session, "box-1", "s-1", KEY.public_key(), TOKEN, NOW_MS)
        devices.enrol(session, "box-2", "s-2", KEY.public_key(), OTHER_TOKEN, NOW_MS)
    yield service
    engine.dispose()


def pages_of(service: Service) -> FastAPI:
    app = FastAPI()
    application.add_pages(app, service)
    return app


@contextmanager
def listening(app: FastAPI):
    """Serve on a free port; yields the port."""
    port = free_port()
    config = uvicorn.Config(app, port=port, log_level="warning", access_log=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(10)


def described(name: str, data: bytes) -> EvidenceFile:
    media_type = {"json": "application/json", "jpg": "image/jpeg", "mp4": "video/mp4"}[name.rpartition(".")[2]]
    return EvidenceFile(name=name, sha256=sha256(data).hexdigest(), size_bytes=len(data), media_type=media_type)


def accept(service: Service, event_id: str, files: dict[str, bytes], device_id: str = "box-1") -> None:
    """Let the centre have accepted an event that names these files."""
    with unit_of_work(service.sessions) as session:
        session.add(
            Event(
                event_id=event_id,
                device_id=device_id,
                sequence=int(sha256(event_id.encode()).hexdigest()[:8], 16),
                body="{}",
                body_sha256="0" * 64,
                seen_at_ms=NOW_MS,
                received_at_ms=NOW_MS,
                demonstration=False,
                files=[EventFile(**described(name, data).model_dump()) for name, data in files.items()],
            )
        )


def put_accepted(outbox: Outbox, folder: Path, event_id: str, files: dict[str, bytes]) -> Path:
    """Leave a package on the box whose event the centre has accepted."""
    package = folder / event_id
    package.mkdir(parents=True)
    for name, data in files.items():
        (package / name).write_bytes(data)
    where = tuple((described(name, data), package / name) for name, data in files.items())
    outbox.put_event(event_id, "t", "key", lambda _link: Sealed(b"payload", "0" * 64, where))
    outbox.settle(event_id, ReceiptOutcome.ACCEPTED, None)
    return package


def complete(service: Service, event_id: str) -> bool:
    with service.sessions.reading() as session:
        event = session.get(Event, event_id)
        return event is not None and event.evidence_complete_at_ms is not None


@dataclass
class CutLink:
    """Forwards TCP to a port, and resets every connection on which ``cut_after`` bytes have gone up."""

    to_port: int
    cut_after: int
    port: int = field(init=False)
    up_bytes: int = 0
    cuts: int = 0
    _listener: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while self._listener.fileno() >= 0:
            try:
                client, _ = self._listener.accept()
            except OSError:
                continue  # reset before it was accepted, or the listener is closed
            try:
                server = socket.create_connection(("127.0.0.1", self.to_port), timeout=5)
            except OSError:
                reset(client)
                continue
            server.settimeout(None)
            threading.Thread(target=self._up, args=(client, server), daemon=True).start()
            threading.Thread(target=self._down, args=(server, client), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        left = self.cut_after
        try:
            while data := client.recv(min(16384, left)):
                server.sendall(data)
                self.up_bytes += len(data)
                left -= len(data)
                if left == 0:
                    self.cuts += 1
                    break
        except OSError:
            pass
        reset(client)
        reset(server)

    def _down(self, server: socket.socket, client: socket.socket) -> None:
        try:
            while data := server.recv(65536):
                client.sendall(data)
        except OSError:
            pass
        reset(client)
        reset(server)


def reset(connection: socket.socket) -> None:
    """End a connection as a dead line does: by RST, not by a farewell."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()
