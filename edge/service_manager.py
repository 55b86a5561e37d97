"""What systemd is told of the box (sd_notify(3)): that it is ready, that it turns, and in one line how it is.

The protocol is a datagram to a socket that the environment names; where it names none, nothing is said. No library:
systemd promises these lines as a stable interface, and Debian's python3-systemd is no wheel.
"""

import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger()


@dataclass(slots=True)
class ServiceManager:
    """One service manager. ``watchdog_s``: how long it waits for a sign of life before it starts the box again."""

    address: str | None = None
    watchdog_s: float | None = None
    now_s: Callable[[], float] = time.monotonic
    _told_s: float = field(default=float("-inf"), init=False)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "ServiceManager":
        """Return the one that the environment names."""
        for_us = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        wait_us = environment.get("WATCHDOG_USEC", "")
        return cls(environment.get("NOTIFY_SOCKET"), int(wait_us) / 1e6 if for_us and wait_us.isdecimal() else None)

    def ready(self) -> None:
        """Everything is started."""
        self._tell("READY=1")

    def alive(self, status: Callable[[], str]) -> None:
        """The box turns: said twice as often as it must be, with a line for ``systemctl status``."""
        now_s = self.now_s()
        every_s = 5.0 if self.watchdog_s is None else min(5.0, self.watchdog_s / 2)
        if self.address is not None and now_s - self._told_s >= every_s:
            self._told_s = now_s
            self._tell(f"WATCHDOG=1\nSTATUS={status()}")

    def stopping(self, why: str) -> None:
        """The box is about to end."""
        self._tell(f"STOPPING=1\nSTATUS={why}")

    def _tell(self, lines: str) -> None:
        if self.address is None:
            return
        place = "\0" + self.address[1:] if self.address.startswith("@") else self.address  # an abstract socket
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to:
                to.settimeout(0)  # one that does not read must not stop the box
                to.connect(place)
                to.send(lines.encode())
        except OSError as error:
            log.warning("service_manager.unheard", why=str(error))
