"""The controller's feed by HTTP: it posts each message to this box (``POST /signals``) and bears a token.

Python's own server: one small form, on loopback or a closed network; nothing of the centre's web server is needed.
"""

import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from socketserver import BaseServer
from typing import Any, Final

from edge.errors import PartMissingError
from edge.lamp_sources.inbox import Inbox
from edge.lamp_sources.link import LinkState
from edge.signals.feed import BYTES_MAX, FeedReader, Refused

PATH: Final = "/signals"
TIMEOUT_S: Final = 5.0
AT_ONCE_MAX: Final = 16
RECENT_MS: Final = 5_000


@dataclass(slots=True)
class HttpFeed:
    """A small server. ``token`` is what a push must bear."""

    bind: str
    port: int
    token: str = field(repr=False)
    reader: FeedReader
    inbox: Inbox
    now_ms: Callable[[], int]
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _server: "_Server | None" = field(init=False, default=None)
    _pushed_ms: int | None = field(init=False, default=None)

    def start(self) -> None:
        """Listen. Raises PartMissingError where the address cannot be had."""
        try:
            self._server = _Server((self.bind, self.port), self)
        except OSError as error:
            why = f"{self.bind}:{self.port}: {error.strerror}"
            remedy = "A box that runs has it already; else give another port"
            raise PartMissingError("the signals' HTTP input", why, remedy) from error
        threading.Thread(target=self._server.serve_forever, args=(0.1,), name="signals-http", daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def state(self) -> LinkState:
        """Return how it is: connected means that a push came in the last seconds."""
        recent = self._pushed_ms is not None and self.now_ms() - self._pushed_ms <= RECENT_MS
        return LinkState(recent, self.reader.taken, dict(self.reader.refused))

    def bears_token(self, header: str) -> bool:
        """Tell whether a push may speak."""
        known = hmac.compare_digest(header.encode(errors="replace"), f"Bearer {self.token}".encode())
        if not known:
            self.refuse(Refused.UNAUTHORISED)
        return known

    def refuse(self, why: Refused) -> None:
        """Count what never came to be read."""
        with self._lock:
            self.reader.refused[why] += 1

    def take(self, body: bytes) -> bool:
        """Read a message; False where it is refused."""
        with self._lock:
            before, arrived_ms = self.reader.taken, self.now_ms()
            self.inbox.put(self.reader.read(body, arrived_ms))
            taken = self.reader.taken > before
            self._pushed_ms = arrived_ms if taken else self._pushed_ms
        return taken


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], feed: HttpFeed) -> None:
        self.feed = feed
        self._places = threading.BoundedSemaphore(AT_ONCE_MAX)
        super().__init__(address, _Handler)

    def verify_request(self, request: socket | tuple[bytes, socket], client_address: Any) -> bool:  # noqa: ANN401, ARG002
        """Take no more at once than there are places for."""
        return self._places.acquire(blocking=False)

    def process_request_thread(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:  # noqa: ANN401
        """Serve one, and free its place."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:  # noqa: ANN401
        """A client that breaks off is no news."""


class _Handler(BaseHTTPRequestHandler):
    timeout = TIMEOUT_S
    server_version = "lukou"
    sys_version = ""

    def __init__(self, request: socket | tuple[bytes, socket], client_address: Any, server: BaseServer) -> None:  # noqa: ANN401
        if not isinstance(server, _Server):
            raise TypeError("expected the signals' server")
        self._feed = server.feed
        super().__init__(request, client_address, server)

    def do_POST(self) -> None:
        """Take one message."""
        length = self.headers.get("Content-Length", "")
        if self.path != PATH:
            self._answer(HTTPStatus.NOT_FOUND, f"expected POST {PATH}")
        elif not self._feed.bears_token(self.headers.get("Authorization", "")):
            self._answer(HTTPStatus.UNAUTHORIZED, "expected Authorization: Bearer TOKEN")
        elif not length.isdecimal() or len(length) > 9:
            self._feed.refuse(Refused.MALFORMED)
            self._answer(HTTPStatus.LENGTH_REQUIRED, "expected Content-Length")
        elif int(length) > BYTES_MAX:
            self._feed.refuse(Refused.TOO_LONG)
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"expected at most {BYTES_MAX} bytes")
        elif self._feed.take(self.rfile.read(int(length))):
            self._answer(HTTPStatus.NO_CONTENT, "")
        else:
            self._answer(HTTPStatus.UNPROCESSABLE_ENTITY, "expected a message of docs/signals.md, not old, not ahead")

    def _answer(self, status: HTTPStatus, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        if status is not HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's name for it
        """Ten pushes a second are no news."""
