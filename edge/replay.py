"""A verdict judged again by what it rested on, and what differs. Pure: the rules come in as a port.

行政处罚法 art. 40 asks for clear facts: a verdict that its own record does not give again is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, Protocol

from contract.evidence import RuleApplied
from contract.words import ViolationKind
from edge.observations import Judged, Observation, Passage, Violation
from edge.pipeline import Rules


class NamedRules(Rules, Protocol):
    """Rules that say by which thresholds they judge."""

    def rule_applied(self, kind: ViolationKind) -> RuleApplied:
        """Return the rule in force for a kind of violation."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """A violation, and when the rules said it: at the observation of ``said_ms``.

    ``at_end``: after it, when the source had ended and nothing more was to come.
    """

    violation: Violation
    said_ms: int
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that rules said of a row of observations."""

    verdicts: tuple[Verdict, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was stored."""

    what: str
    stored: str
    now: str


def judged_again(rules: Rules, observations: Sequence[Observation]) -> Judgement:
    """Show observations to fresh rules and return all that they say; observations come in time order."""
    said: list[tuple[int, bool, Judged]] = [(o.t_ms, False, rules.observe(o)) for o in observations]
    said.append((observations[-1].t_ms if observations else 0, True, rules.finish()))
    return Judgement(
        tuple(Verdict(violation, t_ms, at_end) for t_ms, at_end, judged in said for violation in judged.violations),
        tuple(passage for _, _, judged in said for passage in judged.passages),
    )


def differences(stored: Verdict, again: Judgement) -> tuple[Difference, ...]:
    """Return what of a stored verdict is not said again; nothing where it is, bit for bit.

    When it was said is listed beside other differences, and is none by itself: it is no part of the accusation.
    """
    if any(verdict.violation == stored.violation for verdict in again.verdicts):
        return ()
    nearest = _nearest(stored.violation, again.verdicts)
    if nearest is None:
        return (Difference("verdict", stored.violation.kind.value, _instead(stored.violation, again.passages)),)
    return _unlike(_facts(stored), _facts(nearest))


def rule_differences(stored: RuleApplied, now: RuleApplied) -> tuple[Difference, ...]:
    """Return what of the rule is not as it was: its version, its thresholds."""
    return _unlike(_terms(stored), _terms(now))


def _nearest(stored: Violation, verdicts: Sequence[Verdict]) -> Verdict | None:
    """Return what was said of the same road user, of the same zone, kind and entry as far as there is such."""
    same = [verdict for verdict in verdicts if verdict.violation.track_id == stored.track_id]
    return min(same, key=lambda verdict: _distance(stored, verdict.violation), default=None)


def _distance(stored: Violation, other: Violation) -> tuple[bool, bool, int]:
    return other.zone_id != stored.zone_id, other.kind is not stored.kind, abs(other.entered_ms - stored.entered_ms)


def _instead(stored: Violation, passages: Sequence[Passage]) -> str:
    """Say what was made of the same way instead."""
    reasons = [p.reason for p in passages if (p.track_id, p.zone_id) == (stored.track_id, stored.zone_id)]
    return f"none: {', '.join(reasons)}" if reasons else f"none, and no passage of {stored.zone_id}"


NOTHING: Final = "-"


def _facts(verdict: Verdict) -> dict[str, str]:
    facts = {f.name: _told(getattr(verdict.violation, f.name)) for f in fields(verdict.violation)}
    return facts | {"said_ms": f"{verdict.said_ms}{' at the end' if verdict.at_end else ''}"}


def _terms(rule: RuleApplied) -> dict[str, str]:
    parameters = {f"rule.parameters.{name}": _told(value) for name, value in sorted(rule.parameters.items())}
    return {"rule.name": rule.name.value, "rule.version": str(rule.version)} | parameters


def _told(value: object) -> str:
    return NOTHING if value is None else str(value)


def _unlike(stored: Mapping[str, str], now: Mapping[str, str]) -> tuple[Difference, ...]:
    names = [*stored, *(name for name in now if name not in stored)]
    pairs = ((name, stored.get(name, NOTHING), now.get(name, NOTHING)) for name in names)
    return tuple(Difference(name, was, is_now) for name, was, is_now in pairs if was != is_now)
