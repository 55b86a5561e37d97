"""The console's routes together, and how an error is told on a page."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.console import acting, delivery, devices, entrance, figures, hand_off, looking, proofs, retention
from server.console.desk import Desk, to
from server.errors import NotLoggedInError, ServerError
from server.pages.render import environment, page
from server.service import Service


def router(service: Service) -> APIRouter:
    """Return the console's routes."""
    desk = Desk(service, environment())
    console = APIRouter(include_in_schema=False)
    for part in (entrance, looking, proofs, delivery, figures, hand_off, devices, retention, acting):
        console.include_router(part.router(desk))
    return console


def error_page(request: Request, error: ServerError) -> Response:
    """Tell an error on a page; whoever is not logged in is led to the login."""
    if isinstance(error, NotLoggedInError):
        return to("/login")
    return page(environment(), request, "error.html", error.http_status, message=str(error), demonstration=False)
