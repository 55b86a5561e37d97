"""A fixed-time plan as a signal timeline. It counts from the Unix epoch, so a box needs only a right clock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from calibration.scene import FixedPlan
from contract.words import LampSource, LampState
from edge.signals.timeline import LampChange, Said, Shown


@dataclass(frozen=True, slots=True)
class PlannedSignals:
    """Signals that follow their plans. ``start_ms`` is the epoch time of ``t_ms`` = 0."""

    plans: Mapping[str, FixedPlan]
    start_ms: int

    def shown(self, signal_id: str, t_ms: int) -> Shown:
        """Return what the plan says for a time; a signal without a plan is unknown."""
        plan = self.plans.get(signal_id)
        if plan is None:
            return Shown(LampState.UNKNOWN, None, None)
        spans = _spans(plan)
        cycle_ms = round(plan.cycle_s * 1000)
        into_ms = (self.start_ms + t_ms - round(plan.offset_s * 1000)) % cycle_ms
        index = max(i for i, (from_ms, _) in enumerate(spans) if from_ms <= into_ms)
        from_ms, state = spans[index]
        until_ms = spans[index + 1][0] if index + 1 < len(spans) else cycle_ms
        cycle_start_ms = t_ms - into_ms
        if state is spans[0][1] and index == len(spans) - 1 and len(spans) > 1:
            until_ms = cycle_ms + spans[1][0]
        if state is spans[-1][1] and index == 0 and len(spans) > 1:
            from_ms = spans[-1][0] - cycle_ms
        return Shown(state, cycle_start_ms + from_ms, cycle_start_ms + until_ms)

    def said(self, signal_id: str, t_ms: int) -> tuple[Said, ...]:
        """Return what the plan says; nothing where there is none."""
        shown = self.shown(signal_id, t_ms)
        return (Said(LampSource.PLAN, shown.state, shown.since_ms, 0),) if signal_id in self.plans else ()

    def changes(self, until_ms: int) -> Iterator[LampChange]:
        """Yield the changes from ``t_ms`` = 0 to ``until_ms``, signal by signal, as signals.csv holds them."""
        for signal_id in self.plans:
            t_ms: int | None = 0
            while t_ms is not None and t_ms <= until_ms:
                shown = self.shown(signal_id, t_ms)
                yield LampChange(t_ms, signal_id, shown.state)
                t_ms = shown.until_ms


def _spans(plan: FixedPlan) -> list[tuple[int, LampState]]:
    """Return (begin in ms, state) over one cycle, in order, beginning at 0: red wherever nothing else is said."""
    green, yellow = _ms(plan.green_s), _ms(plan.yellow_s)
    edges = sorted({0, *(green or ()), *(yellow or ())} - {round(plan.cycle_s * 1000)})
    spans: list[tuple[int, LampState]] = []
    for begin_ms in edges:
        state = LampState.RED
        if yellow is not None and yellow[0] <= begin_ms < yellow[1]:
            state = LampState.YELLOW
        if green is not None and green[0] <= begin_ms < green[1]:
            state = LampState.GREEN
        if not spans or spans[-1][1] is not state:
            spans.append((begin_ms, state))
    return spans


def _ms(span_s: tuple[float, float] | None) -> tuple[int, int] | None:
    return None if span_s is None else (round(span_s[0] * 1000), round(span_s[1] * 1000))
