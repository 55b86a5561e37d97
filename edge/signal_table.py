"""What a person at a terminal is told of the signals: what each shows, what each source says, how old that is."""

from collections.abc import Iterator

from edge.signals.fusion import FusedSignals


def unknown_lines(signals: FusedSignals) -> Iterator[str]:
    """Say for how long each signal was not known, and why; nothing of one that was known all the time."""
    for signal_id, tally in signals.tallies().items():
        unknown_ms = sum(tally.unknown_ms.values())
        if unknown_ms:
            why = ", ".join(f"{ms / 1000:.1f} s {reason.value}" for reason, ms in tally.unknown_ms.items() if ms)
            all_s = (unknown_ms + tally.known_ms) / 1000
            told = f"signal {signal_id}: unknown for {unknown_ms / 1000:.1f} s of {all_s:.1f} s ({why})"
            yield f"{told}; its sources disagreed {tally.disagreements} times"
