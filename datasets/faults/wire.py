"""A network between two namespaces that is ours to spoil: packets are dropped, delayed, or none gets through.

Two TUN devices (kernel docs, networking/tuntap), one in a namespace of its own, and between them this process: what is
lost is lost below TCP, as on a bad radio link. It needs root; no kernel module for loss is needed.
"""

import contextlib
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import Final

from datasets.errors import PartMissingError

TUN: Final = "/dev/net/tun"
SET_INTERFACE: Final = 0x400454CA
PLAIN_PACKETS: Final = 0x0001 | 0x1000  # IFF_TUN | IFF_NO_PI
PACKET_BYTES_MAX: Final = 65_535
LOOK_S: Final = 0.2


@dataclass(slots=True)
class Wire:
    """A wire whose far end lies in the namespace ``name``. ``loss`` is the share of packets that vanish, either way."""

    name: str
    seed: int = 1
    loss: float = 0.0
    delay_s: float = 0.0
    is_cut: bool = False
    carried: int = 0
    dropped: int = 0
    _ends: tuple[int, int] = field(init=False, default=(-1, -1))
    _stopping: threading.Event = field(init=False, default_factory=threading.Event)
    _thread: threading.Thread | None = field(init=False, default=None)

    @property
    def near(self) -> str:
        """Return the address on this side."""
        return f"{self._network()}.1"

    @property
    def far(self) -> str:
        """Return the address in the namespace."""
        return f"{self._network()}.2"

    @property
    def inside(self) -> tuple[str, ...]:
        """Return the words before a command that is to run in the namespace."""
        return ("ip", "netns", "exec", self.name)

    def __enter__(self) -> "Wire":
        try:
            self._lay()
        except (OSError, subprocess.CalledProcessError) as error:
            self._remove()
            why = getattr(error, "stderr", b"") or str(error)
            raise PartMissingError("network namespaces", str(why), "They need root and /dev/net/tun") from error
        self._thread = threading.Thread(target=self._carry, name="wire", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
        self._remove()

    def _lay(self) -> None:
        _ip("netns", "add", self.name)
        self._ends = _tun(f"{self.name}a"), _tun(f"{self.name}b")
        _ip("link", "set", f"{self.name}b", "netns", self.name)
        _ip("addr", "add", f"{self.near}/30", "dev", f"{self.name}a")
        _ip("link", "set", f"{self.name}a", "up")
        _ip("-n", self.name, "addr", "add", f"{self.far}/30", "dev", f"{self.name}b")
        for device in (f"{self.name}b", "lo"):
            _ip("-n", self.name, "link", "set", device, "up")

    def _remove(self) -> None:
        for end in self._ends:
            if end >= 0:
                os.close(end)
        self._ends = (-1, -1)
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            _ip("netns", "del", self.name)

    def _network(self) -> str:
        number = random.Random(self.name).randrange(256 * 200)  # noqa: S311 - two runs seldom meet
        return f"10.{number // 256 + 40}.{number % 256}"

    def _carry(self) -> None:
        chance = random.Random(self.seed)  # noqa: S311 - no secret
        late: list[tuple[float, int, int, bytes]] = []
        other = {self._ends[0]: self._ends[1], self._ends[1]: self._ends[0]}
        while not self._stopping.is_set():
            now_s = time.monotonic()
            while late and late[0][0] <= now_s:
                _, _, end, packet = heapq.heappop(late)
                self._hand_on(end, packet)
            wait_s = min(LOOK_S, late[0][0] - now_s) if late else LOOK_S
            for end in select.select(list(other), [], [], max(0.0, wait_s))[0]:
                packet = os.read(end, PACKET_BYTES_MAX)
                if self.is_cut or chance.random() < self.loss:
                    self.dropped += 1
                elif self.delay_s:
                    heapq.heappush(late, (now_s + self.delay_s, self.carried + len(late), other[end], packet))
                else:
                    self._hand_on(other[end], packet)

    def _hand_on(self, end: int, packet: bytes) -> None:
        self.carried += 1
        with contextlib.suppress(OSError):  # the device is down: as if the packet were lost
            os.write(end, packet)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def _tun(name: str) -> int:
    end = os.open(TUN, os.O_RDWR)
    try:
        fcntl.ioctl(end, SET_INTERFACE, struct.pack("16sH", name.encode(), PLAIN_PACKETS))
    except OSError:
        os.close(end)
        raise
    return end
