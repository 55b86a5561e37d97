"""Where two rule sets differ: who is accused by both, by the live one alone, by the shadow alone, and why. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from edge.shadow import SIDES, Line, MissedLine, PassageLine, RulesLine, Side, Terms, ViolationLine

SAME_ACT_MS: Final = 10_000
"""Two accusations of one road user in one zone are one act if the entries are no further apart: shapes may differ."""
UNSURE_AFTER_MS: Final = 60_000
"""So long after a gap the shadow still lacks who was there before it."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One act of which one side alone accuses, and what the other side made of it."""

    only: Side
    act: ViolationLine
    camera_id: str
    at_ms: int
    why: tuple[str, ...]


@dataclass(slots=True)
class Comparison:
    """What was compared. The counters are by (kind, zone)."""

    both: Counter[tuple[str, str]] = field(default_factory=Counter)
    only: dict[Side, Counter[tuple[str, str]]] = field(default_factory=lambda: {side: Counter() for side in SIDES})
    unlike: int = 0
    """Of both: at another time or with another measure."""
    passages: dict[Side, Counter[str]] = field(default_factory=lambda: {side: Counter() for side in SIDES})
    terms: list[str] = field(default_factory=list)
    """The thresholds and shapes that are not the same, each once."""
    not_compared: int = 0
    missed: list[MissedLine] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)

    @property
    def acts(self) -> list[tuple[str, str]]:
        """Return every (kind, zone) that either side named, sorted."""
        return sorted({*self.both, *self.only["live"], *self.only["shadow"]})


@dataclass(slots=True)
class _Run:
    """All that was said under one head."""

    head: RulesLine
    violations: dict[Side, list[ViolationLine]] = field(default_factory=lambda: {side: [] for side in SIDES})
    passages: dict[Side, list[PassageLine]] = field(default_factory=lambda: {side: [] for side in SIDES})
    missed: list[MissedLine] = field(default_factory=list)


def compare(lines: Iterable[Line]) -> Comparison:
    """Compare what was said; lines before the first head raise ValueError."""
    found = Comparison()
    for run in _runs(lines):
        _compare_run(run, found)
    return found


def _runs(lines: Iterable[Line]) -> Sequence[_Run]:
    """Sort lines by their heads: a run that is written over midnight has one in each day's file."""
    runs: dict[str, _Run] = {}
    run: _Run | None = None
    for line in lines:
        if isinstance(line, RulesLine):
            run = runs.setdefault(line.model_dump_json(), _Run(line))
        elif run is None:
            raise ValueError("expected the rules of both sides first")
        elif isinstance(line, ViolationLine):
            run.violations[line.side].append(line)
        elif isinstance(line, PassageLine):
            run.passages[line.side].append(line)
        else:
            run.missed.append(line)
    return tuple(runs.values())


def _compare_run(run: _Run, found: Comparison) -> None:
    for side in SIDES:
        found.passages[side].update(passage.verdict.value for passage in run.passages[side])
    found.missed += run.missed
    found.terms += [term for term in _terms_differ(run.head.live, run.head.shadow) if term not in found.terms]
    live, shadow = ([act for act in run.violations[side] if _surely_seen(act, run.missed)] for side in SIDES)
    found.not_compared += sum(len(run.violations[side]) for side in SIDES) - len(live) - len(shadow)
    for act in live:
        other = _nearest(act, shadow)
        if other is None:
            _note(run, found, "live", act)
        else:
            shadow.remove(other)
            found.both[_where(act)] += 1
            found.unlike += act != other.model_copy(update={"side": "live"})
    for act in shadow:
        _note(run, found, "shadow", act)
    found.disagreements.sort(key=lambda d: (d.at_ms, d.act.track_id))


def _note(run: _Run, found: Comparison, side: Side, act: ViolationLine) -> None:
    found.only[side][_where(act)] += 1
    why = tuple(_why(run, "shadow" if side == "live" else "live", act))
    found.disagreements.append(Disagreement(side, act, run.head.camera_id, run.head.start_ms + act.entered_ms, why))


def _why(run: _Run, other: Side, act: ViolationLine) -> Iterator[str]:
    """Yield what the other side made of the same way."""
    there = [p for p in run.passages[other] if (p.track_id, p.zone_id) == (act.track_id, act.zone_id)]
    made = [passage for passage in there if _overlaps(passage, act)]
    nearest = min(made, key=lambda passage: abs(_begin_ms(passage) - act.entered_ms), default=None)
    near = [v for v in run.violations[other] if v.track_id == act.track_id and _near(v, act)]
    accused = [v for v in near if v.kind is not act.kind]
    yield from (f"{other}: accused of {v.kind.value} in {v.zone_id}" for v in accused)
    if nearest is not None:
        yield f"{other}: {nearest.verdict.value}, {nearest.reason}"
    elif not accused:
        yield f"{other}: no passage of {act.zone_id}"


def _terms_differ(live: Terms, shadow: Terms) -> Iterator[str]:
    """Yield every threshold and shape that is not the same on both sides."""
    for rule in sorted({*live.rules, *shadow.rules}):
        mine, theirs = live.rules.get(rule, {}), shadow.rules.get(rule, {})
        unlike = sorted(name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name))
        yield from (f"{rule}.{name}: live {mine.get(name)}, shadow {theirs.get(name)}" for name in unlike)
    for zone_id in sorted({*live.zones, *shadow.zones}):
        zone, other = live.zones.get(zone_id), shadow.zones.get(zone_id)
        if zone is None or other is None:
            yield f"zone {zone_id}: not in the {'live' if zone is None else 'shadow'} scene"
        else:
            unlike = sorted(name for name in {*zone, *other} if zone.get(name) != other.get(name))
            yield from (f"zone {zone_id}: {name} is not the same" for name in unlike)


def _where(act: ViolationLine) -> tuple[str, str]:
    return act.kind.value, act.zone_id


def _nearest(act: ViolationLine, others: Sequence[ViolationLine]) -> ViolationLine | None:
    same = [other for other in others if (*_where(other), other.track_id) == (*_where(act), act.track_id)]
    near = [other for other in same if _near(act, other)]
    return min(near, key=lambda other: abs(other.entered_ms - act.entered_ms), default=None)


def _near(act: ViolationLine, other: ViolationLine) -> bool:
    return abs(act.entered_ms - other.entered_ms) <= SAME_ACT_MS


def _begin_ms(passage: PassageLine) -> int:
    return passage.left_ms if passage.entered_ms is None else passage.entered_ms


def _overlaps(passage: PassageLine, act: ViolationLine) -> bool:
    begin_ms, end_ms = _begin_ms(passage) - SAME_ACT_MS, passage.left_ms + SAME_ACT_MS
    return begin_ms <= act.confirmed_ms and act.entered_ms <= end_ms


def _surely_seen(act: ViolationLine, missed: Iterable[MissedLine]) -> bool:
    return not any(act.confirmed_ms >= gap.from_ms and act.entered_ms <= gap.to_ms + UNSURE_AFTER_MS for gap in missed)
