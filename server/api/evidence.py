"""Evidence files over HTTP, by their hash: asked for, gone on with (the core of tus 1.0.0), or brought whole.

A device may bring only what an accepted event of its own names, so the size is known before the first byte comes.
"""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from server.api.bearer import bearer
from server.api.keeping import Awaited, Keeping
from server.errors import WrongInputError
from server.uploads.receiving import Lines, Pace, receive
from server.uploads.writing import Writing

log = structlog.get_logger()

TUS: Final = "1.0.0"
APPENDED: Final = "application/offset+octet-stream"


def router(keeping: Keeping) -> APIRouter:
    """Return the routes below /api/v1/evidence."""
    api, uploads = APIRouter(prefix="/evidence"), Uploads(keeping)

    @api.head("/{digest}")
    def ask(digest: str, request: Request) -> Response:
        """Tell how much of a file is here."""
        with keeping.counted():
            awaited = keeping.awaited(bearer(request), digest)
        return _told(200, keeping.offset(awaited), awaited.size_bytes)

    @api.patch("/{digest}")
    async def go_on(digest: str, request: Request) -> Response:
        """Append to a file from where it ends."""
        if request.headers.get("tus-resumable", TUS) != TUS:
            return Response(status_code=412, headers={"Tus-Version": TUS})
        if request.headers.get("content-type") != APPENDED:
            return JSONResponse({"error": f"expected Content-Type: {APPENDED}"}, status_code=415)
        with keeping.counted():
            awaited = await run_in_threadpool(keeping.awaited, bearer(request), digest)
            return await uploads.append(awaited, _offset(request), request)

    @api.put("/{digest}")
    async def put(digest: str, request: Request) -> Response:
        """Take a file whole."""
        with keeping.counted():
            awaited = await run_in_threadpool(keeping.awaited, bearer(request), digest)
            return await uploads.replace(awaited, request)

    return api


@dataclass(frozen=True, slots=True)
class Uploads:
    """One process's uploads."""

    keeping: Keeping
    pace: Pace = field(default_factory=Pace)
    lines: Lines = field(default_factory=Lines)

    async def append(self, awaited: Awaited, offset: int, request: Request) -> Response:
        """Append from ``offset``; 409 with the true offset where it is another."""
        if awaited.stored:
            return _told(204 if offset == awaited.size_bytes else 409, awaited.size_bytes, awaited.size_bytes)
        with self.lines.one_more(awaited.device_id), ExitStack() as stack:
            writing = await run_in_threadpool(stack.enter_context, self.keeping.writing(awaited))
            if writing.offset != offset:
                return _told(409, writing.offset, awaited.size_bytes)
            _fits(request, awaited.size_bytes - offset, whole=False)
            await self._receive(awaited, writing, request.stream())
            return _told(204, writing.offset, awaited.size_bytes)

    async def replace(self, awaited: Awaited, request: Request) -> Response:
        """Take the whole file, whatever had begun: 201 stored, 200 there already."""
        if awaited.stored:
            return Response(status_code=200)
        _fits(request, awaited.size_bytes, whole=True)
        with self.lines.one_more(awaited.device_id), ExitStack() as stack:
            writing = await run_in_threadpool(stack.enter_context, self.keeping.writing(awaited))
            writing.restart()
            new = await self._receive(awaited, writing, request.stream())
            if not writing.is_whole():
                raise WrongInputError(f"expected {awaited.size_bytes} bytes, found {writing.offset}")
            return Response(status_code=201 if new else 200)

    async def _receive(self, awaited: Awaited, writing: Writing, stream: AsyncIterator[bytes]) -> bool:
        """Take what comes; return whether a file has come whole that was not here."""
        try:
            await receive(stream, writing, self.pace)
        except ClientDisconnect:
            log.info("evidence.cut", device=awaited.device_id, sha256=awaited.sha256, offset=writing.offset)
        return writing.is_whole() and await run_in_threadpool(self.keeping.finish, awaited, writing)


def _offset(request: Request) -> int:
    given = request.headers.get("upload-offset", "")
    if not (given.isascii() and given.isdigit() and len(given) <= 12):
        raise WrongInputError("expected Upload-Offset: the number of bytes that are here")
    return int(given)


def _fits(request: Request, bytes_max: int, *, whole: bool) -> None:
    """Look at what is announced, before a byte is read."""
    given = request.headers.get("content-length", "")
    if not given.isdigit():
        return  # chunked: counted as it comes
    if int(given) > bytes_max or (whole and int(given) != bytes_max):
        raise WrongInputError(f"expected {'' if whole else 'at most '}{max(bytes_max, 0)} bytes, found {given}")


def _told(status: int, offset: int, size_bytes: int) -> Response:
    headers = {"Upload-Offset": str(offset), "Upload-Length": str(size_bytes)}
    return Response(status_code=status, headers={**headers, "Tus-Resumable": TUS, "Cache-Control": "no-store"})
