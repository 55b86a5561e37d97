"""What was said of a lamp beside what it showed: how long each state was taken for which. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from contract.words import LampState
from datasets.lamp_spans import PlayedLamps
from edge.signals.timeline import Signals

NOT_KNOWN = LampState.UNKNOWN


@dataclass(frozen=True, slots=True)
class LampAgreement:
    """For how long (ms) a state was shown and which was said: keys are (shown, said)."""

    lasted_ms: Counter[tuple[LampState, LampState]]

    @property
    def red_for_another_ms(self) -> int:
        """Return how long red was said while something else was shown: the one fault that accuses somebody."""
        return sum(
            ms for (shown, said), ms in self.lasted_ms.items() if said is LampState.RED and shown is not LampState.RED
        )

    def figures(self) -> dict[str, Any]:
        """Return the shares of the time in which what was said was right, unknown and wrong, and the whole table."""
        all_ms = self.lasted_ms.total() or 1
        right_ms = sum(ms for (shown, said), ms in self.lasted_ms.items() if said is shown)
        unknown_ms = sum(ms for (shown, said), ms in self.lasted_ms.items() if said is NOT_KNOWN is not shown)
        return {
            "right": round(right_ms / all_ms, 5),
            "unknown": round(unknown_ms / all_ms, 5),
            "wrong": round((all_ms - right_ms - unknown_ms) / all_ms, 5) if self.lasted_ms else 0.0,
            "red_for_another_s": self.red_for_another_ms / 1000,
            "seconds": {f"{shown}: {said}": ms / 1000 for (shown, said), ms in sorted(self.lasted_ms.items())},
        }


def agreement(shown: PlayedLamps, said: Signals, signal_id: str) -> LampAgreement:
    """Return how long each state of a lamp was taken for which."""
    lasted_ms: Counter[tuple[LampState, LampState]] = Counter()
    heard = list(PlayedLamps(said, shown.end_ms).spans(signal_id))
    for true in shown.spans(signal_id):
        for taken in heard:
            both_ms = min(true.until_ms, taken.until_ms) - max(true.since_ms, taken.since_ms)
            if both_ms > 0:
                lasted_ms[true.state, taken.state] += both_ms
    return LampAgreement(lasted_ms)


def together(agreements: Iterable[LampAgreement]) -> LampAgreement:
    """Return several as one."""
    return LampAgreement(sum((one.lasted_ms for one in agreements), Counter()))
