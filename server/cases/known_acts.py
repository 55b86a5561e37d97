"""The acts that have a case, as far as a batch of reports could tell of them once more: one look-up for all of them.

What the batch itself adds is known to what comes after it in the batch, before any of it is in the database.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.messages import ViolationReported
from contract.words import ViolationKind
from server.cases.models import Case, Event, FurtherReport
from server.cases.same_act import DEEDS, Tolerances, home
from server.law.reading import Law

RIDE_MS_MAX: Final = 120_000
"""No ride against a lane takes longer to be sure of: how far back the beginning of one act is looked for."""
MERGED_MS: Final = 600_000
"""Spans that lie nearer to each other are looked up as one."""
UNNUMBERED: Final = 2**62
"""A case that has no number yet stands behind all that have one."""


@dataclass(frozen=True, slots=True)
class Span:
    """Ms since the epoch, both ends included."""

    from_ms: int
    to_ms: int


@dataclass(slots=True)
class KnownActs:
    """Every case near the batch, by site and deed in the order of time, with all reports of each."""

    _cases: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)
    _reports: dict[int, list[ViolationReported]] = field(default_factory=dict)
    _unnumbered: int = 0

    def look_up(self, session: Session, reports: Sequence[ViolationReported], law: Law) -> None:
        """Read what these reports could tell of."""
        placed = [r for r in reports if r.entered_at_m is not None]
        spans = [(r, span) for r in placed if (span := _span(r, law)) is not None]
        for cluster in _merged(spans):
            self._read(session, cluster)

    def place(self, report: ViolationReported, law: Law) -> tuple[int, bool]:
        """Return the case of a report, and whether it is a new one, whose number is then a stand-in."""
        known = self._home(report, law)
        if known is not None:
            self._reports[known].append(report)
            return known, False
        self._unnumbered += 1
        stand_in = UNNUMBERED + self._unnumbered
        self._add(report.site_id, report.kind, report.entered_at_ms, stand_in)
        self._reports[stand_in].append(report)
        return stand_in, True

    def _home(self, report: ViolationReported, law: Law) -> int | None:
        entry, span = law.same_act_at(report.entered_at_ms), _span(report, law)
        if entry is None or span is None or report.entered_at_m is None:
            return None
        cases = self._cases.get((report.site_id, DEEDS[report.kind]), [])
        near = cases[bisect_left(cases, (span.from_ms, 0)) : bisect_right(cases, (span.to_ms, 2 * UNNUMBERED))]
        return home(report, {case_id: self._reports[case_id] for _, case_id in near}, _tolerances(entry))

    def _add(self, site_id: str, kind: str, entered_at_ms: int, case_id: int) -> None:
        insort(self._cases.setdefault((site_id, DEEDS[ViolationKind(kind)]), []), (entered_at_ms, case_id))
        self._reports[case_id] = []

    def _read(self, session: Session, cluster: "_Cluster") -> None:
        near = Case.site_id.in_(cluster.sites), Case.entered_at_ms.between(cluster.from_ms, cluster.to_ms)
        cases = select(Case.id, Case.site_id, Case.kind, Case.entered_at_ms, Event.body)
        for case_id, site_id, kind, entered_at_ms, body in session.execute(cases.join(Event).where(*near)):
            if case_id not in self._reports:
                self._add(site_id, kind, entered_at_ms, case_id)
                self._reports[case_id].append(ViolationReported.model_validate_json(body))
        further = select(FurtherReport.case_id, Event.body).join(Event, Event.event_id == FurtherReport.event_id)
        further = further.join(Case, Case.id == FurtherReport.case_id).where(
            *near, FurtherReport.parted_at_ms.is_(None)
        )
        for case_id, body in session.execute(further):
            self._reports[case_id].append(ViolationReported.model_validate_json(body))


@dataclass(slots=True)
class _Cluster:
    sites: set[str]
    from_ms: int
    to_ms: int


def _merged(spans: Iterable[tuple[ViolationReported, Span]]) -> list[_Cluster]:
    clusters: list[_Cluster] = []
    for report, span in sorted(spans, key=lambda pair: pair[1].from_ms):
        if clusters and span.from_ms <= clusters[-1].to_ms + MERGED_MS:
            clusters[-1].to_ms = max(clusters[-1].to_ms, span.to_ms)
            clusters[-1].sites.add(report.site_id)
        else:
            clusters.append(_Cluster({report.site_id}, span.from_ms, span.to_ms))
    return clusters


def _span(report: ViolationReported, law: Law) -> Span | None:
    """Return when a case must have been entered to be of the same act; None on a day without tolerances."""
    entry = law.same_act_at(report.entered_at_ms)
    if entry is None:
        return None
    before_ms = after_ms = round(entry.entry_s * 1000)
    if report.kind is ViolationKind.WRONG_WAY:
        before_ms = RIDE_MS_MAX
        after_ms = report.confirmed_at_ms - report.entered_at_ms + round(entry.ride_gap_s * 1000)
    return Span(report.entered_at_ms - before_ms, report.entered_at_ms + after_ms)


def _tolerances(entry: object) -> Tolerances:
    return Tolerances(**{name: getattr(entry, name) for name in Tolerances.__dataclass_fields__})
