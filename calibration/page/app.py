"""The page's server: this machine only, one technician, one scene, one picture.

Whoever opens it needs the token of the address that the terminal shows; a page of another site that calls
127.0.0.1 has neither the token nor the right Host (DNS rebinding), and may read nothing.
"""

import hmac
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import Body, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from platformdirs import user_cache_path
from starlette.middleware.base import RequestResponseEndpoint

from calibration.errors import PartMissingError, SceneError
from calibration.flows import Way
from calibration.page.chinese import chinese
from calibration.page.keeping import Kept, Shelf
from calibration.page.look import look_at
from calibration.page.texts import TEXTS
from calibration.reader import BYTES_MAX

HERE: Final = Path(__file__).parent
COOKIE: Final = "lukou_calibrate"
HOSTS: Final = frozenset({"127.0.0.1", "localhost"})
HEADERS: Final = {
    # The drawing library colours its outlines by style attributes; style sheets still come from here alone.
    "Content-Security-Policy": "default-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
LIBRARY: Final = ("annotorious.js", "annotorious.css")


@dataclass(frozen=True, slots=True)
class Desk:
    """What is worked on: the scene's files, the picture (JPEG) with its size, and what was seen moving there."""

    shelf: Shelf
    picture_jpeg: bytes
    size_px: tuple[int, int]
    ways: Sequence[Way] = ()


def create_app(desk: Desk, token: str, assets: Path) -> FastAPI:
    """Build the page. Raises PartMissingError where the drawing library is not there."""
    missing = [name for name in LIBRARY if not (assets / name).is_file()]
    if missing:
        raise PartMissingError(f"{assets}: expected {', '.join(missing)}, found none. Run: lukou assets pull")
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _guard(app, token)
    _pages(app, desk, token)
    _acts(app, desk)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.mount("/assets", StaticFiles(directory=assets), name="assets")
    return app


def default_assets() -> Path:
    """Return where `lukou assets pull` puts the drawing library."""
    cache = os.environ.get("LUKOU_CACHE")
    return (Path(cache) if cache else user_cache_path("lukou")) / "assets"


def _guard(app: FastAPI, token: str) -> None:
    @app.middleware("http")
    async def guard(request: Request, call_next: RequestResponseEndpoint) -> Response:
        shown = request.query_params.get("token") if request.url.path == "/" else None
        if request.url.hostname not in HOSTS:
            response: Response = PlainTextResponse("expected 127.0.0.1 or localhost", status_code=421)
        elif not hmac.compare_digest(shown or request.cookies.get(_cookie(request), ""), token):
            response = PlainTextResponse("open the address that the terminal shows", status_code=403)
        elif int(request.headers.get("content-length") or 0) > BYTES_MAX:
            response = PlainTextResponse(f"expected at most {BYTES_MAX} bytes", status_code=413)
        else:
            response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    @app.exception_handler(SceneError)
    async def told(_request: Request, error: SceneError) -> Response:
        problem = error.problems[0]
        return JSONResponse({"zh": chinese(problem), "en": problem}, status_code=409)


def _cookie(request: Request) -> str:
    """Return the cookie's name: cookies do not tell ports apart, and two scenes may be open at once."""
    return f"{COOKIE}_{request.url.port}"


def _pages(app: FastAPI, desk: Desk, token: str) -> None:
    templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)

    @app.get("/")
    def page(request: Request) -> Response:
        if "token" in request.query_params:  # the token leaves the address, so that no history or screen shows it
            response: Response = RedirectResponse("/", status_code=303)
            response.set_cookie(_cookie(request), token, httponly=True, samesite="strict")
            return response
        return HTMLResponse(templates.get_template("page.html").render(path=desk.shelf.path.name, texts=TEXTS))

    @app.get("/picture")
    def picture() -> Response:
        return Response(desk.picture_jpeg, media_type="image/jpeg")


def _acts(app: FastAPI, desk: Desk) -> None:
    @app.get("/scene")
    def scene() -> dict[str, Any]:
        kept = desk.shelf.load() or Kept(new_document(desk), "")
        return {**asdict(kept), "size_px": desk.size_px, "ways_m": [way.points_m for way in desk.ways]}

    @app.post("/look")
    def look(document: dict[str, Any] = Body()) -> dict[str, Any]:  # noqa: B008 - FastAPI's way to say "the body"
        seen = asdict(look_at(document, desk.size_px, desk.ways))
        for remark in seen["remarks"]:
            remark["text"] = {"zh": chinese(remark["text"]), "en": remark["text"]}
        return seen

    @app.post("/save")
    def save(document: dict[str, Any] = Body(), version: str = Body()) -> dict[str, Any]:  # noqa: B008 - as above
        after, whole = desk.shelf.save(document, version)
        return {"version": after, "whole": whole, "file": (desk.shelf.path if whole else desk.shelf.draft).name}

    @app.post("/discard-draft")
    def discard_draft() -> dict[str, Any]:
        desk.shelf.discard_draft()
        return scene()


def new_document(desk: Desk) -> dict[str, Any]:
    """Return the beginning of a new scene: what only a person knows is empty, and told as missing."""
    return {
        "version": 1,
        "site": {"id": "", "name": ""},
        "camera": {"id": "", "direction": "", "size": list(desk.size_px)},
        "ground": {"points": []},
    }
