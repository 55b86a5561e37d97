"""How hot the machine is, by what Linux says of it (Documentation/driver-api/thermal, hwmon/sysfs-interface)."""

from pathlib import Path
from typing import Final

SENSORS: Final = ("class/thermal/thermal_zone*/temp", "class/hwmon/hwmon*/temp*_input")
PLAUSIBLE_C: Final = (-100.0, 300.0)


def hottest_c(sys: Path = Path("/sys")) -> float | None:
    """Return the highest temperature of any sensor, None where the machine has none that can be read."""
    read = [_celsius(path) for pattern in SENSORS for path in sys.glob(pattern)]
    return max((celsius for celsius in read if celsius is not None), default=None)


def _celsius(path: Path) -> float | None:
    """Return what a sensor says, in thousandths of a degree; one that is asleep gives an error or nonsense."""
    try:
        celsius = int(path.read_text()) / 1000
    except (OSError, ValueError):
        return None
    return celsius if PLAUSIBLE_C[0] <= celsius <= PLAUSIBLE_C[1] else None
