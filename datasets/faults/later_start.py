"""A program whose monotonic clock is ahead of the machine's: a time namespace (time_namespaces(7)). It needs root.

The machine's start is the same (its boot id): to the program so much time has passed since, by the machine's quartz.
"""

import subprocess
from typing import Final

PROBE_S: Final = 10_000_000


def later(ahead_s: int) -> tuple[str, ...]:
    """Return the words before the program's own."""
    ahead = str(ahead_s)
    return ("unshare", "--time", "--monotonic", ahead, "--boottime", ahead) if ahead_s else ()


def problem() -> str | None:
    """Return why this machine cannot do it; None where it can."""
    words = [*later(PROBE_S), "cat", "/proc/uptime"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode != 0:
        return done.stderr.strip() or f"unshare left with {done.returncode}"
    is_ahead = float(done.stdout.split()[0]) >= PROBE_S
    return None if is_ahead else "the kernel gives a time namespace to children alone"
