"""What an auditor looks at: the published heads, the last walk over the chain, one entry's proof, the whole export."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from server import audit
from server.console.desk import Desk
from server.db import unit_of_work
from server.errors import ConflictError, NotFoundError
from server.ledger import forest, heads
from server.ledger.checking import newest_check
from server.ledger.export import export
from server.ledger.models import LedgerEntry
from server.ledger.refusals import Refusal, refused
from server.pages.qr import qr_svg
from server.service import Service

PAGE: Final = "/console/ledger/heads"
EXPORT_MAX: Final = 1_000_000
"""Entries; a larger book is exported by the command alone, which shows how far it is."""
PIECE_BYTES: Final = 1 << 20
Number = Annotated[int, Query(ge=1, le=2**53 - 1)]


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service = desk.service
    one_at_a_time = threading.Lock()

    @console.get(PAGE)
    def published(request: Request) -> HTMLResponse:
        with service.sessions.reading() as session:
            found, check, size = heads.newest(session, None, 31), newest_check(session), forest.size_of(session)
        who, large = desk.visitor(request), size > EXPORT_MAX
        return desk.show(request, "ledger_heads.html", who=who, heads=found, check=check, size=size, too_large=large)

    @console.get(f"{PAGE}/proof")
    def proof(request: Request, entry: Number) -> HTMLResponse:
        """Show an entry, and the proof that it stands in the newest head's book, or in the book as it is."""
        with service.sessions.reading() as session:
            row = session.get(LedgerEntry, entry)
            if row is None:
                raise NotFoundError(*refused(Refusal.NO_ENTRY, number=entry, size=forest.size_of(session)))
            head = next((h for h in heads.newest(session, None, 1) if h.size >= entry), None)
            text = forest.proof_for(session, entry, None if head is None else head.size).text()
        who, qr = desk.visitor(request), qr_svg(text)
        return desk.show(request, "ledger_proof.html", who=who, entry=row, head=head, proof=text, qr=qr)

    @console.get(f"{PAGE}/export.zip")
    def whole(request: Request) -> StreamingResponse:
        who, now_ms = desk.visitor(request).name, service.now_ms()
        if not one_at_a_time.acquire(blocking=False):
            raise ConflictError(*refused(Refusal.EXPORT_RUNS))
        try:
            with unit_of_work(service.sessions) as session:
                audit.record(session, now_ms, who, "ledger.export", detail="the whole ledger, ZIP")
            file = _exported(service, now_ms)
        finally:
            one_at_a_time.release()
        headers = {"Content-Disposition": 'attachment; filename="ledger.zip"', "Cache-Control": "no-store"}
        return StreamingResponse(_pieces(file), media_type="application/zip", headers=headers)

    return console


def _exported(service: Service, now_ms: int) -> Path:
    """Write the export beside the database and pack it; whoever sends it removes it."""
    place = Path(tempfile.mkdtemp(prefix="export-", dir=service.settings.data_dir))
    try:
        with service.sessions.reading() as session:
            if forest.size_of(session) > EXPORT_MAX:
                raise ConflictError(*refused(Refusal.EXPORT_TOO_LARGE, most=EXPORT_MAX))
            export(session, place / "ledger", service.public_key, now_ms)
        return Path(shutil.make_archive(str(place / "ledger"), "zip", place / "ledger"))
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def _pieces(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as packed:
            while piece := packed.read(PIECE_BYTES):
                yield piece
    finally:
        shutil.rmtree(file.parent, ignore_errors=True)
