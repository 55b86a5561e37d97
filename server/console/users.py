"""The page of users: an administrator adds, changes and switches them off; an auditor looks."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from server.access import users as register
from server.access.police import read_police
from server.access.rights import TABLE, Right, Role
from server.console.desk import Desk, to
from server.console.entrance import Name
from server.db import unit_of_work

PAGE = "/console/users"
Who = Annotated[str, Path(max_length=100)]
Chosen = Annotated[Role, Form()]
Short = Annotated[str, Form(max_length=100)]
SIGNING: Final = frozenset().union(*(TABLE[right] for right in (Right.DECIDE, Right.APPROVE_DECISION)))
"""Roles whose users stand on decisions."""


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()

    @console.get(PAGE)
    def users(request: Request) -> HTMLResponse:
        with desk.service.sessions.reading() as session:
            return _page(desk, session, request)

    @console.get(f"{PAGE}/added")
    @console.get(PAGE + "/{name}/password")
    def after_a_password() -> Response:
        """Lead back whoever loads the page of a first password again: it is shown once."""
        return to(PAGE)

    @console.post(f"{PAGE}/added")
    def add(request: Request, name: Name, role: Chosen) -> HTMLResponse:
        service, by = desk.service, desk.visitor(request).name
        marked = service.settings.demonstration
        with unit_of_work(service.sessions) as session:
            made = register.add(session, by, name.strip(), role, service.now_ms(), demonstration=marked)
            session.flush()
            return _page(desk, session, request, (name.strip(), made))

    @console.post(PAGE + "/{name}/password")
    def new_password(request: Request, name: Who) -> HTMLResponse:
        with unit_of_work(desk.service.sessions) as session:
            made = register.new_password(session, desk.visitor(request).name, name, desk.service.now_ms())
            return _page(desk, session, request, (name, made))

    _add_changes(console, desk)
    return console


def _add_changes(console: APIRouter, desk: Desk) -> None:
    @console.post(PAGE + "/{name}/role")
    def set_role(request: Request, name: Who, role: Chosen) -> Response:
        with unit_of_work(desk.service.sessions) as session:
            register.set_role(session, desk.visitor(request).name, name, role, desk.service.now_ms())
        return to(PAGE)

    @console.post(PAGE + "/{name}/active")
    def set_active(request: Request, name: Who, active: Annotated[bool, Form()]) -> Response:
        with unit_of_work(desk.service.sessions) as session:
            register.set_active(session, desk.visitor(request).name, name, desk.service.now_ms(), active=active)
        return to(PAGE)

    @console.post(PAGE + "/{name}/police")
    def set_police(request: Request, name: Who, display_name: Short = "", police_number: Short = "") -> Response:
        """Set how documents name a user; what was issued keeps the name that it was issued with."""
        police = read_police(display_name, police_number)
        with unit_of_work(desk.service.sessions) as session:
            register.set_police(session, desk.visitor(request).name, name, police, desk.service.now_ms())
        return to(PAGE)

    @console.post(PAGE + "/{name}/second-factor")
    def reset_second_factor(request: Request, name: Who) -> Response:
        with unit_of_work(desk.service.sessions) as session:
            register.reset_second_factor(session, desk.visitor(request).name, name, desk.service.now_ms())
        return to(PAGE)


def _page(desk: Desk, session: Session, request: Request, made: tuple[str, str] | None = None) -> HTMLResponse:
    """Show the register; ``made`` is a user's first password, shown this once."""
    who = desk.visitor(request)
    users = register.all_users(session)
    unnamed = [u.name for u in users if u.active and u.role in SIGNING and not u.police_number]
    return desk.show(request, "users.html", who=who, users=users, unnamed=unnamed, roles=list(Role), made=made)
