"""The uploader: brings evidence files to the centre by their hash, again and again until it has them."""

import ssl
import threading
from dataclasses import dataclass

import httpx
import structlog

from edge.outbox import Outbox, WaitingFile

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Uploader:
    """Uploads over one HTTP client, whose base address and device token the composition root sets."""

    client: httpx.Client
    outbox: Outbox

    def push(self) -> bool:
        """Upload what waits.

        Returns:
            False if the centre could not be reached or did not take a file: the caller tries again later.
        """
        return all(self._put(file) for file in self.outbox.waiting_files())

    def ask_admission(self, refused: threading.Event) -> None:
        """Where the broker has refused this box, ask the centre to let it in, once a refusal.

        The broker may have lost its users, or was away at the enrolment.
        """
        if not refused.is_set():
            return
        refused.clear()
        try:
            answer = self.client.post("/api/v1/devices/admission")
        except httpx.TransportError as error:
            log.warning("centre.unreachable", why=str(error) or type(error).__name__)
            return
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            log.error("device.not_believed", why="revoked, or enrolled anew elsewhere: lukou device enrol")
        elif not answer.is_success:
            log.warning("admission.not_given", status=answer.status_code, why=answer.text[:300])

    def _put(self, file: WaitingFile) -> bool:
        try:
            content = file.path.read_bytes()
            answer = self.client.put(f"/api/v1/evidence/{file.sha256}", content=content)
        except httpx.TransportError as error:
            log.warning("centre.unreachable", why=str(error) or type(error).__name__)
            return False
        except OSError as error:
            log.error("evidence.unreadable", file=str(file.path), why=str(error))
            return False
        if answer.status_code not in {httpx.codes.OK, httpx.codes.CREATED, httpx.codes.NO_CONTENT}:
            log.warning("evidence.not_taken", file=file.name, status=answer.status_code, why=answer.text[:300])
            return False
        self.outbox.uploaded(file)
        return True


def http_client(base_url: str, token: str, verify: ssl.SSLContext | None = None) -> httpx.Client:
    """Return a client that presents the device's token; 30 s for a transfer, 5 s to connect."""
    return httpx.Client(
        base_url=base_url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=httpx.Timeout(30.0, connect=5.0),
        verify=True if verify is None else verify,
    )
