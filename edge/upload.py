"""The uploader: brings evidence files to the centre by their hash, again and again until it has them.

The oldest event's first, some at once: over a line that loses packets most of the time is waiting (measured with a
fifth lost: docs/faults.md). A file that does not go is put aside and tried later, and never holds up the others.
"""

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import httpx
import structlog

from edge.outbox import Outbox
from edge.outbox_values import WaitingFile
from edge.transfer import Backoff, Outcome, Said, Transfer

log = structlog.get_logger()

PUSH_S: Final = 0.05
RETRY_S: Final = 2.0
LASTING_S: Final = (60.0, 3600.0)
PASSING_S: Final = (5.0, 300.0)
"""How long a file is put aside the first time, and at most: what lasts, and what may pass by itself."""
LINES: Final = 3
"""Files on their way at once; the centre takes four of a device, so that one whose line has died holds up nobody."""
ODD_ANSWERS_MAX: Final = 3
"""After so many defects of the centre in a row, one file each, it is left alone for a while."""


@dataclass(slots=True)
class _Aside:
    """A file that is not tried again before a time."""

    backoff: Backoff = field(default_factory=lambda: Backoff(*PASSING_S))
    until_s: float = 0.0
    why: str = ""


@dataclass(slots=True)
class Uploader:
    """Uploads over one HTTP client, whose base address and device token the composition root sets.

    With a limit (``upload_kbps``) one file goes at a time: the line is the operator's to share out.
    """

    client: httpx.Client
    outbox: Outbox
    upload_kbps: int | None = None
    now_s: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    backoff: Backoff = field(default_factory=lambda: Backoff(1.0, 120.0))
    transfer: Transfer = field(init=False)
    _aside: dict[tuple[str, str], _Aside] = field(default_factory=dict)
    _away_until_s: float = 0.0

    def __post_init__(self) -> None:
        bytes_per_s = None if self.upload_kbps is None else self.upload_kbps * 1000 / 8
        self.transfer = Transfer(self.client, bytes_per_s, self.sleep)

    def run(self, stopping: threading.Event, refused: threading.Event) -> None:
        """Push until told to stop, and ask for admission where the broker has ``refused`` this box."""
        while not stopping.wait(PUSH_S):
            self.ask_admission(refused)
            if not self.push():
                stopping.wait(RETRY_S)

    def push(self) -> bool:
        """Upload what waits and is due.

        Returns:
            False if something waits that did not go: the caller calls again later.
        """
        if self.now_s() < self._away_until_s:
            return False
        files = self.outbox.waiting_files()
        if not files:
            return True
        first, copies = _copies_last(self._due(files))
        return self._bring(first) and self._bring(copies) and not self.outbox.waiting_files(limit=1)

    def _bring(self, files: Sequence[WaitingFile]) -> bool:
        """Bring what is due; False where the centre is away, or answers so oddly that it is left alone."""
        odd, gone = 0, threading.Event()
        for file, said in self._sent(files, gone):
            if said.outcome is not Outcome.AWAY:
                self._settle(file, said)
            odd += said.outcome is Outcome.STUCK and not said.lasting
            if not gone.is_set() and (said.outcome is Outcome.AWAY or odd >= ODD_ANSWERS_MAX):
                gone.set()
                self._leave_alone(said)
        return not gone.is_set()

    def _due(self, files: Sequence[WaitingFile]) -> list[WaitingFile]:
        return [file for file in files if self.now_s() >= self._aside.get((file.event_id, file.name), _Aside()).until_s]

    def _sent(self, files: Sequence[WaitingFile], gone: threading.Event) -> Iterator[tuple[WaitingFile, Said]]:
        """Send files, some at once, and yield what came of each in their order; none that follows once all is over."""

        def send(file: WaitingFile) -> Said | None:
            return None if gone.is_set() else self.transfer.bring(file)

        with ThreadPoolExecutor(1 if self.upload_kbps else LINES, "upload") as lines:
            for file, said in zip(files, lines.map(send, files), strict=True):
                if said is not None:
                    yield file, said

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

    def _settle(self, file: WaitingFile, said: Said) -> None:
        name = file.event_id, file.name
        if said.outcome is Outcome.BROUGHT:
            self.backoff.worked()
            self._aside.pop(name, None)
            self.outbox.uploaded(file)
            return
        aside = self._aside.setdefault(name, _Aside())
        if said.why != aside.why:  # once, not every hour
            log.error("evidence.stuck", event_id=file.event_id, file=file.name, why=said.why)
        aside.backoff.first_s, aside.backoff.longest_s = LASTING_S if said.lasting else PASSING_S
        aside.why, aside.until_s = said.why, self.now_s() + aside.backoff.failed()
        if said.lasting:
            self.outbox.stuck(file, said.why)

    def _leave_alone(self, said: Said) -> None:
        wait_s = self.backoff.failed()
        self._away_until_s = self.now_s() + wait_s
        log.warning("centre.away", why=said.why, again_in_s=round(wait_s, 1))


def _copies_last(files: Sequence[WaitingFile]) -> tuple[list[WaitingFile], list[WaitingFile]]:
    """Part what is the same bytes as an earlier file: two that come at once would be in each other's way."""
    known: dict[str, WaitingFile] = {}
    copies = [file for file in files if known.setdefault(file.sha256, file) is not file]
    return list(known.values()), copies


def http_client(base_url: str, token: str, verify: ssl.SSLContext | None = None) -> httpx.Client:
    """Return a client that presents the device's token; 30 s for a transfer, 5 s to connect."""
    return httpx.Client(
        base_url=base_url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=httpx.Timeout(30.0, connect=5.0),
        verify=True if verify is None else verify,
    )
