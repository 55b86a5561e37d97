"""Figures, each counted from the database when it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from server.cases import repository
from server.cases.models import Case, Event, FurtherReport, PassageRow, RefusedEvent, YieldRow
from server.ledger.forest import size_of
from server.ledger.sums import posted_fen
from server.lists.models import Listing

Z_95: Final = 1.959964
"""The normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True)
class YieldRate:
    """Vehicles that met somebody at one crosswalk, and how many yielded (礼让率). ``user`` None: all of them."""

    site_id: str
    zone_id: str
    user: str | None
    met: int
    yielded: int

    @property
    def interval(self) -> tuple[float, float]:
        """Return Wilson's 95 % interval of the share."""
        return wilson(self.yielded, self.met)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the centre holds. ``passages`` by verdict; latencies in ms, sorted: event and evidence since it was seen.

    ``further_reports`` are the events that made no case, because they tell of an act that has one.
    """

    events: int
    events_with_evidence: int
    refused: int
    cases: dict[str, int]
    further_reports: int
    demonstration_cases: int
    ledger_entries: int
    ledger_fen: int
    listings: int
    passages: dict[str, int]
    event_latencies_ms: tuple[int, ...]
    evidence_latencies_ms: tuple[int, ...]


def counts(session: Session) -> Counts:
    """Count everything. Of the ledger by its kept sums; whether its chain is whole: server.ledger.checking."""
    passages = select(PassageRow.verdict, func.sum(PassageRow.count)).group_by(PassageRow.verdict)
    times = session.execute(select(Event.seen_at_ms, Event.received_at_ms, Event.evidence_complete_at_ms)).all()
    return Counts(
        events=len(times),
        events_with_evidence=sum(complete is not None for _, _, complete in times),
        refused=refused(session),
        cases=repository.by_state(session),
        further_reports=further_reports(session),
        demonstration_cases=session.scalar(select(func.count()).where(Case.demonstration)) or 0,
        ledger_entries=size_of(session),
        ledger_fen=posted_fen(session),
        listings=session.scalar(select(func.count()).where(Listing.withdrawn_at_ms.is_(None))) or 0,
        passages={verdict: int(count) for verdict, count in session.execute(passages)},
        event_latencies_ms=tuple(sorted(received - seen for seen, received, _ in times)),
        evidence_latencies_ms=tuple(sorted(done - seen for seen, _, done in times if done is not None)),
    )


def refused(session: Session) -> int:
    """Count the refused messages that are kept."""
    return session.scalar(select(func.count()).select_from(RefusedEvent)) or 0


def further_reports(session: Session) -> int:
    """Count the events that made no case, because they tell of an act that has one."""
    return session.scalar(select(func.count()).where(FurtherReport.parted_at_ms.is_(None))) or 0


def yield_rates(session: Session) -> Sequence[YieldRate]:
    """Return the yield rate of every crosswalk: all vehicles, then each kind of them."""
    yielded = func.sum(case((YieldRow.yielded, YieldRow.count), else_=0))
    counted = select(YieldRow.site_id, YieldRow.zone_id, YieldRow.user, func.sum(YieldRow.count), yielded)
    by_user = [
        YieldRate(site, zone, user, int(met), int(gave_way))
        for site, zone, user, met, gave_way in session.execute(
            counted.group_by(YieldRow.site_id, YieldRow.zone_id, YieldRow.user)
        )
    ]
    zones = {(row.site_id, row.zone_id) for row in by_user}
    together = [_together([row for row in by_user if (row.site_id, row.zone_id) == zone]) for zone in zones]
    return sorted([*together, *by_user], key=lambda row: (row.site_id, row.zone_id, row.user or ""))


def _together(rows: Sequence[YieldRate]) -> YieldRate:
    met, yielded = sum(row.met for row in rows), sum(row.yielded for row in rows)
    return YieldRate(rows[0].site_id, rows[0].zone_id, None, met, yielded)


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927). ``of`` is at least 1.

    Four lines here, since scipy's (which the test compares it with) cost the centre 90 MB.
    """
    share, z2 = right / of, Z_95 * Z_95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z_95 * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(0.0, middle - half), min(1.0, middle + half)
