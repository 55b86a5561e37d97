"""Somebody of a role with a session in the database, without the entrance: argon2 is slow on purpose."""

from hashlib import sha256

from centre import NOW_MS

from server.access import sessions as logins
from server.access.doors import Stage
from server.access.models import User
from server.access.sessions import Lengths
from server.console.cookies import SESSION
from server.db import unit_of_work

LENGTHS = Lengths(3_600_000, 1_800_000)


def visit(client, service, role, stage: Stage = Stage.WHOLE, at_ms: int = NOW_MS, name: str | None = None) -> str:
    """Give the client a new session of a user of this role; return the token of its forms."""
    token, csrf = begin(service, role, stage, at_ms, name or f"a-{role}")
    client.cookies.clear()
    client.cookies.set(SESSION, token)
    return csrf


def begin(service, role, stage: Stage, at_ms: int, name: str) -> tuple[str, str]:
    """Begin a session of a user; return its token and that of its forms."""
    with unit_of_work(service.sessions) as session:
        values = {"password_hash": "", "role": role, "demonstration": False, "display_name": "Demo Officer"}
        values["police_number"] = sha256(name.encode()).hexdigest()[:8].upper() + "0"
        user = session.get(User, name) or User(name=name, **values)
        session.add(user)
        session.flush()
        token = logins.begin(session, user, stage, at_ms, LENGTHS, "192.0.2.1")
        return token, logins.find(session, token, at_ms, LENGTHS.idle_ms)[0].csrf
