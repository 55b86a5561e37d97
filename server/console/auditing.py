"""The page of the audit log: filters, pages by the last line seen (fast however long the log is), the CSV file."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from server import audit
from server.audit import AuditEntry, Place, Wanted
from server.civil_time import BEIJING
from server.console.desk import Desk
from server.db import Sessions, unit_of_work
from server.errors import WrongInputError
from server.pages.render import moment

LINES: Final = 50
DAY_MS: Final = 86_400_000
Word = Annotated[str, Query(max_length=100)]
Day = Annotated[str, Query(max_length=10)]
Number = Annotated[str, Query(max_length=16, pattern=r"^[0-9]*$")]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the form asks for, as it was written; empty: whichever. ``since`` and ``until`` are days, both included."""

    who: Word = ""
    what: Word = ""
    case: Number = ""
    since: Day = ""
    until: Day = ""

    def wanted(self) -> Wanted:
        """Return which lines these are. Raises WrongInputError."""
        until_ms = _day_ms(self.until)
        return Wanted(
            who=self.who.strip() or None,
            what=self.what.strip() or None,
            case_id=int(self.case) if self.case else None,
            from_ms=_day_ms(self.since),
            to_ms=None if until_ms is None else until_ms + DAY_MS,
        )


Asked = Annotated[Filters, Depends()]


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()

    @console.get("/console/audit")
    def log(request: Request, filters: Asked, at: Number = "", behind: Number = "") -> HTMLResponse:
        place = Place(int(at), int(behind)) if at and behind else None
        with desk.service.sessions.reading() as session:
            lines = audit.newest(session, filters.wanted(), place, LINES + 1)
        more = lines[LINES - 1] if len(lines) > LINES else None
        who = desk.visitor(request)
        return desk.show(request, "audit.html", who=who, lines=lines[:LINES], more=more, filters=filters)

    @console.get("/console/audit.csv")
    def export(request: Request, filters: Asked) -> StreamingResponse:
        wanted, service = filters.wanted(), desk.service
        with unit_of_work(service.sessions) as session:
            detail = ", ".join(f"{name} {getattr(wanted, name)}" for name in Wanted.__slots__)
            audit.record(session, service.now_ms(), desk.visitor(request).name, "audit.export", detail=detail)
        headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"}
        return StreamingResponse(_rows(service.sessions, wanted), headers=headers, media_type="text/csv; charset=utf-8")

    return console


def _rows(made: Sessions, wanted: Wanted) -> Iterator[str]:
    """Yield the file line by line; it begins with a mark by which spreadsheets know UTF-8."""
    yield "\ufeff" + _line(["id", "time", "at_ms", "who", "what", "case_id", "detail"])
    with made.reading() as session:
        for entry in audit.each(session, wanted):
            yield _line(_cells(entry))


def _cells(entry: AuditEntry) -> list[str]:
    case = "" if entry.case_id is None else str(entry.case_id)
    words = (entry.who, entry.what, case, entry.detail)
    return [str(entry.id), moment(entry.at_ms), str(entry.at_ms), *map(_harmless, words)]


def _harmless(word: str) -> str:
    """A spreadsheet would take these beginnings for a formula, and names come from whoever tries to log in."""
    return f"'{word}" if word.startswith(("=", "+", "-", "@", "\t", "\r")) else word


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _day_ms(day: str) -> int | None:
    if not day:
        return None
    try:
        return round(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=BEIJING).timestamp() * 1000)
    except ValueError as error:
        raise WrongInputError(f"expected a day such as 2026-12-31, found {day!r}") from error
