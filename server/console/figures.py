"""The statistics page: rates with their samples. No figure of any officer (行政处罚法 art. 74)."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from server import statistics
from server.cases import repository
from server.console.desk import Desk


def router(desk: Desk) -> APIRouter:
    """Return the route."""
    console = APIRouter()

    @console.get("/console/statistics")
    def figures(request: Request) -> HTMLResponse:
        with desk.service.sessions.reading() as session:
            return desk.show(
                request,
                "statistics.html",
                who=desk.visitor(request),
                names=repository.site_names(session),
                yields=statistics.yield_rates(session),
                cases=repository.by_kind(session),
                further=statistics.further_reports(session),
            )

    return console
