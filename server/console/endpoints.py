"""The console's routes together, and how an error is told on a page."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from server.console import (
    account,
    acting,
    auditing,
    care,
    case_code,
    contacts,
    delivery,
    devices,
    entrance,
    figures,
    from_parties,
    hand_off,
    looking,
    papers,
    party,
    proofs,
    queue,
    retention,
    sites,
    statements,
    users,
)
from server.console.desk import Desk, to
from server.console.gate import Gate
from server.console.ledger import endpoints as ledger
from server.errors import NotLoggedInError, ServerError
from server.pages.render import environment, language_of, page
from server.service import Service

PARTS = (
    *(entrance, account, queue, looking, proofs, delivery, figures),
    *(hand_off, sites, care, devices, retention, acting, users, auditing),
    ledger,
    *(party, contacts, statements, papers),
    *(from_parties, case_code),
)


def router(service: Service, *, in_schema: bool = False) -> APIRouter:
    """Return the console's routes, all behind the gate."""
    desk = Desk(service, environment())
    gate = Gate(service, desk.cookies)
    console = APIRouter(include_in_schema=in_schema, dependencies=[Depends(gate)])
    for part in PARTS:
        console.include_router(part.router(desk))
    return console


def error_page(request: Request, error: ServerError) -> Response:
    """Tell an error on a page; whoever is not logged in is led to the login."""
    if isinstance(error, NotLoggedInError):
        return to(error.page)
    told = {
        "message": error.told(language_of(request)),
        "words_key": error.words_key,
        "back": back_of(request.url.path),
    }
    return page(environment(), request, "error.html", error.http_status, demonstration=False, **told)


def back_of(path: str) -> str:
    """Return the page on which whatever did not work was asked for."""
    if path.startswith("/console/devices/"):
        return "/console/devices"
    parts = path.split("/")
    if path.startswith("/console/ledger/"):
        depth = {"cases": 5, "bank": 4, "suspense": 4, "cash": 4, "heads": 4}.get(parts[3], 3)
        return "/".join(parts[:depth])
    if path.startswith(("/console/sites/", "/console/care/")):
        return "/".join(path.split("/")[:3])
    for act in ("/publish", "/reports"):
        path = path.partition(act)[0]
    return path.replace("/set", "").replace("/release", "")
