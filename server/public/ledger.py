"""The ledger's public pages: the daily heads. No name, no case, no amount; nobody logs in here."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from server.ledger import forest, heads
from server.ledger.head_file import head_json
from server.pages.render import environment, page
from server.service import Service

AT_ONCE = 100
FRESH = {"Cache-Control": "public, max-age=300"}
Before = Annotated[date | None, Query(description="heads before this day")]
Size = Annotated[int | None, Query(ge=1, le=2**53 - 1, description="a size whose book begins this one")]


def router(service: Service) -> APIRouter:
    """Return the routes."""
    public = APIRouter(prefix="/ledger")
    templates = environment()

    @public.get("/heads")
    def listed(request: Request, before: Before = None) -> HTMLResponse:
        with service.sessions.reading() as session:
            found = heads.newest(session, before, AT_ONCE + 1)
        mark, more = service.settings.demonstration, len(found) > AT_ONCE
        return page(templates, request, "heads.html", demonstration=mark, heads=found[:AT_ONCE], more=more)

    @public.get("/heads.json")
    def listed_json(before: Before = None) -> JSONResponse:
        with service.sessions.reading() as session:
            found = heads.newest(session, before, AT_ONCE)
        told = [
            {"day": str(h.day), "size": h.size, "root": h.root, "chain": h.chain, "sealed": h.sealed} for h in found
        ]
        return JSONResponse({"heads": told}, headers=FRESH)

    @public.get("/heads/{day}.json")
    def one_json(day: date, since: Size = None) -> Response:
        with service.sessions.reading() as session:
            head = heads.of_day(session, day)
            path = None if since is None else (since, forest.consistency_of(session, since, head.size))
        return Response(head_json(head.sealed, path), media_type="application/json", headers=FRESH)

    @public.get("/heads/{day}")
    def one(request: Request, day: date) -> HTMLResponse:
        with service.sessions.reading() as session:
            head = heads.of_day(session, day)
        return page(templates, request, "head.html", demonstration=service.settings.demonstration, head=head)

    return public
