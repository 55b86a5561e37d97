"""The ledger's routes together."""

from fastapi import APIRouter

from server.console.desk import Desk
from server.console.ledger import account, bank, cash, checks, statement, suspense

PARTS = (statement, bank, suspense, cash, account, checks)


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    ledger = APIRouter()
    for part in PARTS:
        ledger.include_router(part.router(desk))
    return ledger
