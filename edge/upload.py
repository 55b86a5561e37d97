"""The uploader: brings evidence files to the centre by their hash, again and again until it has them."""

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


def http_client(base_url: str, token: str, verify: str | bool = True) -> httpx.Client:  # noqa: FBT001 - httpx's own
    """Return a client that presents the device's token; 30 s for a transfer, 5 s to connect."""
    return httpx.Client(
        base_url=base_url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=httpx.Timeout(30.0, connect=5.0),
        verify=verify,
    )
