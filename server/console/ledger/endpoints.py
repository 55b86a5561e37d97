"""The ledger's routes together."""

from fastapi import APIRouter

from server.console.desk import Desk
from server.console.ledger import account, bank, case_papers, cash, checks, statement, suspense

PARTS = (statement, bank, suspense, cash, account, case_papers, checks)


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    ledger = APIRouter()
    for part in PARTS:
        ledger.include_router(part.router(desk))
    return ledger
