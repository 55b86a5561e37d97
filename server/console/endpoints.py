"""The console's routes together, and how an error is told on a page."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from server.console import (
    account,
    acting,
    auditing,
    case_code,
    delivery,
    devices,
    entrance,
    figures,
    from_parties,
    hand_off,
    looking,
    proofs,
    retention,
    users,
)
from server.console.desk import Desk, to
from server.console.gate import Gate
from server.errors import NotLoggedInError, ServerError
from server.pages.render import environment, page
from server.service import Service

PARTS = (
    *(entrance, account, looking, proofs, delivery, figures),
    *(hand_off, devices, retention, acting, users, auditing),
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
    return page(environment(), request, "error.html", error.http_status, message=str(error), demonstration=False)
