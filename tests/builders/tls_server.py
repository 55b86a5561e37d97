"""A real TLS server on loopback, with a certificate of a private CA made for the test."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from server.certificates.files import CA, SERVER, Folder
from server.certificates.making import make_ca, make_server

NOW = datetime(2026, 11, 25, tzinfo=UTC)
Reply = Callable[[str, bytes], tuple[int, bytes] | None]
"""Path and body of a request; None hangs up without an answer."""


def certificates(folder: Path, now: datetime, hosts: tuple[str, ...] = ("127.0.0.1",), days: int = 30) -> Folder:
    """A CA and a server's certificate, made at ``now``."""
    made = Folder(folder)
    authority = make_ca("test CA", now, 1)
    made.write(CA, authority)
    made.write(SERVER, make_server(authority, hosts, now, days))
    return made


@contextmanager
def tls_server(folder: Path, reply: Reply) -> Iterator[int]:
    """Serve with the certificate in the folder; yield the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = reply(self.path, self.rfile.read(int(self.headers["content-length"])))
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer[0])
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, *_) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_) -> None:
            """A client that does not believe us hangs up in the midst of the handshake."""

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server-key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def machine_now() -> datetime:
    """The machine's clock, by which a TLS client judges a certificate."""
    return datetime.fromtimestamp(time.time_ns() // 1_000_000_000, tz=UTC)


def days_ago(days: float) -> datetime:
    return machine_now() - timedelta(days=days)
