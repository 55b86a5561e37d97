"""The pages of delivery: what is missing of each device's chain, and what is held back from becoming a case."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from contract.messages import ViolationReported
from server.cases import chains, repository
from server.console.desk import Desk


def router(desk: Desk) -> APIRouter:
    """Return the routes."""
    console = APIRouter()
    service = desk.service

    @console.get("/console/delivery")
    def delivery(request: Request) -> HTMLResponse:
        with service.sessions.reading() as session:
            who = desk.visitor(request)
            found = [
                {
                    "row": row,
                    "ranges": chains.missing(session, row.device_id, row.chain) if row.missing else (),
                    "doubled": chains.doubled(session, row.device_id, row.chain),
                }
                for row in chains.deliveries(session)
            ]
            return desk.show(request, "delivery.html", who=who, chains=found)

    @console.get("/console/held")
    def held(request: Request) -> HTMLResponse:
        with service.sessions.reading() as session:
            who = desk.visitor(request)
            events = chains.held_events(session)
            cases = repository.cases_of(session, [event.event_id for event in events])
            found = [
                {
                    "row": event,
                    "report": ViolationReported.model_validate_json(event.body),
                    "case": cases.get(event.event_id),
                }
                for event in events
            ]
            counts = chains.held_by_reason(session)
            return desk.show(request, "held.html", who=who, held=found, counts=counts)

    return console
