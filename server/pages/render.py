"""Renders templates: one environment, escaping on, with the texts and the forms of times and money."""

from functools import partial
from pathlib import Path
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.civil_time import beijing
from server.pages.texts import Language, text

LANGUAGE_COOKIE: Final = "lukou_language"


def environment() -> Environment:
    """Return the templates' environment; a name that is not given is an error, not an empty place."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"moment": moment, "minute": minute, "yuan": yuan, "short": short}
    return made


def language_of(request: Request) -> Language:
    """Return the visitor's language: Chinese unless they chose English."""
    return "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "zh"


def page(environment: Environment, request: Request, name: str, status: int = 200, **values: object) -> HTMLResponse:
    """Return a rendered page in the visitor's language."""
    language = language_of(request)
    t = partial(text, language=language)
    content = environment.get_template(name).render(t=t, language=language, path=request.url.path, **values)
    return HTMLResponse(content, status_code=status)


def moment(epoch_ms: int) -> str:
    """Write a time to the millisecond, in China's time."""
    return f"{beijing(epoch_ms):%Y-%m-%d %H:%M:%S}.{epoch_ms % 1000:03d}"


def minute(epoch_ms: int) -> str:
    """Write a time to the minute, in China's time."""
    return f"{beijing(epoch_ms):%Y-%m-%d %H:%M}"


def yuan(amount_fen: int) -> str:
    """Write an amount in yuan."""
    return f"{amount_fen // 100}.{amount_fen % 100:02d} 元"


def short(digest: str) -> str:
    """Write the beginning of a hash."""
    return digest[:12]
