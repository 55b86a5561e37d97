"""Reopens, batch by batch, what is still believed of sites that are suspended."""

from typing import Final

from server.cases.house import House
from server.db import Sessions, unit_of_work
from server.decisions.service import reopen
from server.suspensions import repository as suspensions

BATCH: Final = 100


def reopen_suspended(make: Sessions, house: House, now_ms: int) -> int:
    """Reopen all of them; return how many. Each batch is a unit of work of its own, and looks anew what stands."""
    done = 0
    while True:
        with unit_of_work(make) as session:
            found = sum(reopen(session, row, house, now_ms, BATCH) for row in suspensions.standing(session))
        done += found
        if not found:
            return done
