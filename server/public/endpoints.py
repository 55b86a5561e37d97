"""The public list: a page, a JSON Feed, the masked pictures. Nobody logs in here, and nothing else can be reached."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from server.errors import NotFoundError
from server.lists import service as lists
from server.lists.feed import Line, json_feed
from server.lists.models import Listing
from server.pages.render import environment, minute, page, yuan
from server.pages.texts import text
from server.service import Service

FRESH = {"Cache-Control": "public, max-age=60"}


def router(service: Service) -> APIRouter:
    """Return the public routes."""
    public = APIRouter()
    templates = environment()

    @public.get("/list")
    def listed(request: Request) -> HTMLResponse:
        with service.sessions.reading() as session:
            lines = lists.public_lines(session, service.now_ms())
            return page(templates, request, "list.html", demonstration=service.settings.demonstration, lines=lines)

    @public.get("/list/feed.json")
    def feed(request: Request) -> JSONResponse:
        with service.sessions.reading() as session:
            lines = [_line(listing) for listing in lists.public_lines(session, service.now_ms())]
        base_url = str(request.base_url).rstrip("/")
        return JSONResponse(json_feed(lines, base_url), media_type="application/feed+json", headers=FRESH)

    @public.get("/list/{listing_id}.jpg")
    def picture(listing_id: str) -> Response:
        with service.sessions.reading() as session:
            digest = lists.public_picture(session, listing_id, service.now_ms())
        if digest is None:
            raise NotFoundError("this picture is not public (any more)")
        return Response(service.store.read(digest), media_type="image/jpeg", headers=FRESH)

    return public


def _line(listing: Listing) -> Line:
    """Write a line in words; a withdrawn one is only its correction."""
    if listing.withdrawn_at_ms is not None:
        words = f"{text('list.withdrawn', 'zh')}: {listing.withdrawn_because}"
        return Line(listing.id, listing.published_at_ms, words, words, None, listing.demonstration)
    kind, sanction = text(f"kind.{listing.kind}", "zh"), text(f"sanction.{listing.sanction}", "zh")
    amount = f" {yuan(listing.amount_fen)}" if listing.amount_fen else ""
    title = f"{'【演示】' if listing.demonstration else ''}{kind}"
    words = f"{listing.site_name}，{minute(listing.act_minute_ms or 0)}，{kind}，{sanction}{amount}"
    return Line(listing.id, listing.published_at_ms, title, words, f"/list/{listing.id}.jpg", listing.demonstration)
